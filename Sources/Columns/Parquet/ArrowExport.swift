import CArrow
import Foundation

/// Hands a table over as a struct array of the Arrow C data interface. The receiver frees it through its release functions.
enum ArrowExport {
    static func schema(of table: Table) -> ArrowSchema {
        let children = table.columns.map { column -> ArrowSchema in
            let format =
                switch column.type {
                case .bool: "b"
                case .int16: "s"
                case .int32: "i"
                case .int64: "l"
                case .float: "f"
                case .double: "g"
                case .string: "u"
                case .binary: "z"
                case .timestamp: "tsu:"
                }
            let pairs = [("unit", column.unit), ("description", column.comment)].compactMap { key, value in value.map { (key, $0) } }
            return node(format: format, name: column.name, metadata: pairs.isEmpty ? nil : ArrowMetadata.encode(pairs), children: [])
        }
        return node(format: "+s", name: "", metadata: nil, children: children)
    }

    private static func node(format: String, name: String, metadata: [UInt8]?, children: [ArrowSchema]) -> ArrowSchema {
        var schema = ArrowSchema()
        schema.format = UnsafePointer(strdup(format))
        schema.name = UnsafePointer(strdup(name))
        if let metadata {
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: metadata.count)
            metadata.withUnsafeBytes { UnsafeMutableRawPointer(copy).copyMemory(from: $0.baseAddress!, byteCount: metadata.count) }
            schema.metadata = UnsafePointer(copy)
        }
        schema.flags = Int64(ARROW_FLAG_NULLABLE)
        schema.n_children = Int64(children.count)
        if !children.isEmpty {
            schema.children = .allocate(capacity: children.count)
            for (i, child) in children.enumerated() {
                schema.children[i] = .allocate(capacity: 1)
                schema.children[i]!.initialize(to: child)
            }
        }
        schema.release = { pointer in
            guard let pointer, pointer.pointee.release != nil else { return }
            free(UnsafeMutablePointer(mutating: pointer.pointee.format))
            free(UnsafeMutablePointer(mutating: pointer.pointee.name))
            pointer.pointee.metadata?.deallocate()
            for i in 0..<Int(pointer.pointee.n_children) {
                let child = pointer.pointee.children[i]!
                if child.pointee.release != nil { child.pointee.release(child) }
                child.deallocate()
            }
            if pointer.pointee.n_children > 0 { pointer.pointee.children.deallocate() }
            pointer.pointee.release = nil
        }
        return schema
    }

    static func array(of table: Table) -> ArrowArray {
        node(length: table.rowCount, nullCount: 0, buffers: [nil], children: table.columns.map(array))
    }

    private static func array(of column: Column) -> ArrowArray {
        let nulls = column.nullCount
        let validity = nulls == 0 ? nil : copied(column.validity!.bits)
        let buffers: [UnsafeRawPointer?] =
            switch column.values {
            case .bool(let v): [validity, copied(Validity(v).bits)]
            case .int16(let v): [validity, copied(v)]
            case .int32(let v): [validity, copied(v)]
            case .int64(let v), .timestamp(let v): [validity, copied(v)]
            case .float(let v): [validity, copied(v)]
            case .double(let v): [validity, copied(v)]
            case .string(let v), .binary(let v): [validity, copied(v.offsets), copied(v.bytes)]
            }
        return node(length: column.count, nullCount: nulls, buffers: buffers, children: [])
    }

    private static func copied<T>(_ values: [T]) -> UnsafeRawPointer {
        let bytes = max(values.count * MemoryLayout<T>.stride, 64)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        values.withUnsafeBytes { if $0.count > 0 { memory.copyMemory(from: $0.baseAddress!, byteCount: $0.count) } }
        return UnsafeRawPointer(memory)
    }

    private static func node(length: Int, nullCount: Int, buffers: [UnsafeRawPointer?], children: [ArrowArray]) -> ArrowArray {
        var array = ArrowArray()
        array.length = Int64(length)
        array.null_count = Int64(nullCount)
        array.n_buffers = Int64(buffers.count)
        array.buffers = .allocate(capacity: buffers.count)
        for (i, buffer) in buffers.enumerated() { array.buffers[i] = buffer }
        array.n_children = Int64(children.count)
        if !children.isEmpty {
            array.children = .allocate(capacity: children.count)
            for (i, child) in children.enumerated() {
                array.children[i] = .allocate(capacity: 1)
                array.children[i]!.initialize(to: child)
            }
        }
        array.release = { pointer in
            guard let pointer, pointer.pointee.release != nil else { return }
            for i in 0..<Int(pointer.pointee.n_buffers) { pointer.pointee.buffers[i]?.deallocate() }
            pointer.pointee.buffers.deallocate()
            for i in 0..<Int(pointer.pointee.n_children) {
                let child = pointer.pointee.children[i]!
                if child.pointee.release != nil { child.pointee.release(child) }
                child.deallocate()
            }
            if pointer.pointee.n_children > 0 { pointer.pointee.children.deallocate() }
            pointer.pointee.release = nil
        }
        return array
    }
}
