/// Key-value metadata of the Arrow C data interface: a count, then for each pair the lengths and bytes of key and value.
enum ArrowMetadata {
    static func decode(_ pointer: UnsafePointer<CChar>?) -> [String: String] {
        guard let pointer else { return [:] }
        var p = UnsafeRawPointer(pointer)
        func number() -> Int {
            defer { p += 4 }
            return Int(p.loadUnaligned(as: Int32.self))
        }
        func text() -> String {
            let length = number()
            defer { p += length }
            return String(decoding: UnsafeRawBufferPointer(start: p, count: length), as: UTF8.self)
        }
        var out: [String: String] = [:]
        for _ in 0..<number() {
            let key = text()
            out[key] = text()
        }
        return out
    }

    static func encode(_ pairs: [(String, String)]) -> [UInt8] {
        var out = withUnsafeBytes(of: Int32(pairs.count), Array.init)
        for (key, value) in pairs {
            for part in [key, value] {
                out += withUnsafeBytes(of: Int32(part.utf8.count), Array.init)
                out += Array(part.utf8)
            }
        }
        return out
    }
}
