import CCFITSIO
import Compression
import Foundation
import Synchronization

/// The images of a FITS file whose bytes are in memory, plain or tile-compressed, read by CFITSIO.
///
/// Files are read whole and given to CFITSIO as memory, so that its way of opening files, which is global, is not used: the room Columns
/// has that to itself. CFITSIO of Debian is built for several threads (a test asks `fits_is_reentrant`); its table of open memory is
/// guarded here. An instance serves one thread.
final class FITSImageFile {
    /// What a compressed file may grow to.
    static let sizeBytesMax = 1 << 32

    /// What a file may have; more is taken as damage.
    static let pixelCountMax = 1 << 29
    static let extensionCountMax = 1000

    /// An extension with an image of two axes.
    struct Extension {
        /// From 1, as CFITSIO counts.
        var number: Int32
        /// EXTNAME, in capitals; empty where there is none.
        var name: String
        var width: Int
        var height: Int

        /// What errors say.
        var title: String { name.isEmpty ? "\(number - 1)" : name }
    }

    let place: String
    /// Those that hold images, in the file's order.
    let extensions: [Extension]
    private let file: UnsafeMutablePointer<fitsfile>
    /// CFITSIO keeps pointers to these two.
    private let address: UnsafeMutablePointer<UnsafeMutableRawPointer?>
    private let size: UnsafeMutablePointer<Int>

    private static let opening = Mutex(())

    /// A file on the disk; gzip is taken off whatever its name is.
    /// - Throws: `ImagesError.unreadable`
    convenience init(path: String) throws {
        let data: Data
        do { data = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
            throw ImagesError.unreadable(file: path, extensionName: nil, reason: "it cannot be read: \(error.localizedDescription)")
        }
        try self.init(bytes: [UInt8](data), place: path)
    }

    /// - Parameters:
    ///   - place: what errors name.
    ///   - isTileCompressed: whether images may be; CFITSIO is not proof against compressed data that somebody made to harm.
    /// - Throws: `ImagesError.unreadable`
    init(bytes: [UInt8], place: String, isTileCompressed: Bool = true) throws {
        var bytes = bytes
        if bytes.starts(with: [0x1f, 0x8b]) {
            do { bytes = try Inflation.bytes(of: bytes, .gzip, sizeBytesMax: Self.sizeBytesMax).bytes } catch let fault as Inflation.Fault {
                throw ImagesError.unreadable(file: place, extensionName: nil, reason: "its gzip stream is damaged: \(fault.reason)")
            }
        }
        guard bytes.count >= 2880, bytes.starts(with: Array("SIMPLE  =".utf8)) else {
            throw ImagesError.unreadable(file: place, extensionName: nil, reason: "it is no FITS file")
        }
        let (address, size) = (
            UnsafeMutablePointer<UnsafeMutableRawPointer?>.allocate(capacity: 1), UnsafeMutablePointer<Int>.allocate(capacity: 1)
        )
        let copy = UnsafeMutableRawPointer.allocate(byteCount: bytes.count, alignment: 16)
        bytes.withUnsafeBytes { copy.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
        address.initialize(to: copy)
        size.initialize(to: bytes.count)
        var status: Int32 = 0
        var opened: UnsafeMutablePointer<fitsfile>?
        Self.opening.withLock { _ in _ = ffomem(&opened, "memory", READONLY, address, size, 0, nil, &status) }
        do {
            guard status == 0, let file = opened else { throw Self.unreadable(place, nil, status) }
            do {
                extensions = try Self.extensions(of: file, place: place, sizeBytes: bytes.count, isTileCompressed: isTileCompressed)
            } catch {
                Self.close(file)
                throw error
            }
            self.file = file
        } catch {
            copy.deallocate()
            address.deallocate()
            size.deallocate()
            throw error
        }
        (self.address, self.size, self.place) = (address, size, place)
    }

    deinit {
        Self.close(file)
        address.pointee?.deallocate()
        address.deallocate()
        size.deallocate()
    }

    /// Nothing was written, so that closing can lose nothing.
    private static func close(_ file: UnsafeMutablePointer<fitsfile>) {
        var status: Int32 = 0
        opening.withLock { _ in _ = ffclos(file, &status) }
    }

    static func unreadable(_ place: String, _ name: String?, _ status: Int32) -> ImagesError {
        var buffer = [CChar](repeating: 0, count: Int(FLEN_ERRMSG) + 1)
        ffgerr(status, &buffer)
        let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return .unreadable(file: place, extensionName: name, reason: "it is damaged or cut off: CFITSIO says '\(text)' (status \(status))")
    }

    private static func extensions(of file: UnsafeMutablePointer<fitsfile>, place: String, sizeBytes: Int, isTileCompressed: Bool) throws
        -> [Extension]
    {
        var found: [Extension] = []
        var end = 0
        for number in 1...Int32(extensionCountMax) {
            var (status, kind): (Int32, Int32) = (0, 0)
            ffmahd(file, number, &kind, &status)
            // CFITSIO finds the end of the file by reading on; a whole block that it cannot read is a header that is cut off.
            if status == END_OF_FILE, number > 1, end >= sizeBytes - 2879 { return found }
            guard status == 0 else { throw unreadable(place, "\(number - 1)", status) }
            let layout = FITSDataLayout(file)
            let title = layout.name.isEmpty ? "\(number - 1)" : layout.name
            func malformed(_ reason: String) -> ImagesError { .unreadable(file: place, extensionName: title, reason: reason) }
            guard let dataEnd = layout.dataEnd else { throw malformed("its header does not tell the size of its data") }
            guard dataEnd <= sizeBytes else { throw malformed("it is cut off: it ends at byte \(dataEnd), the file at \(sizeBytes)") }
            end = layout.end
            guard kind == IMAGE_HDU else { continue }
            if fits_is_compressed_image(file, &status) != 0 {
                guard isTileCompressed else { throw malformed("it is tile-compressed, as stamps are not") }
                guard layout.isWholeCompression else { throw malformed("the tiles of its compression do not make the image") }
            }
            var axes: Int32 = 0
            ffgidm(file, &axes, &status)
            guard status == 0 else { throw unreadable(place, title, status) }
            guard axes == 2 else { continue }
            var sizes: [Int64] = [0, 0]
            ffgiszll(file, 2, &sizes, &status)
            guard status == 0 else { throw unreadable(place, title, status) }
            let (width, height) = (Int(sizes[0]), Int(sizes[1]))
            guard width > 0, height > 0 else { continue }
            guard width <= pixelCountMax, height <= pixelCountMax / width else {
                throw malformed("its \(width) x \(height) pixels are too many")
            }
            // What fpack names an image that had no name.
            found.append(
                Extension(number: number, name: layout.name == "COMPRESSED_IMAGE" ? "" : layout.name, width: width, height: height))
        }
        throw ImagesError.unreadable(file: place, extensionName: nil, reason: "it has more than \(extensionCountMax) extensions")
    }

    /// The cards of an extension's header, 80 characters each, without comments; those of compression are as they were before it.
    /// - Parameter number: from 1; the primary header is 1.
    func cards(_ number: Int32) throws -> [String] {
        try move(number, "\(number - 1)")
        var (status, count): (Int32, Int32) = (0, 0)
        var header: UnsafeMutablePointer<CChar>?
        ffcnvthdr2str(file, 1, nil, 0, &header, &count, &status)
        defer {
            var freeing: Int32 = 0
            if header != nil { fffree(header, &freeing) }
        }
        guard status == 0, let header else { throw Self.unreadable(place, "\(number - 1)", status) }
        let bytes = UnsafeRawBufferPointer(start: header, count: strlen(header))
        return stride(from: 0, to: bytes.count - bytes.count % 80, by: 80).map {
            String(decoding: bytes[$0..<$0 + 80].map { $0 < 128 ? $0 : 63 }, as: UTF8.self)
        }.filter { !$0.hasPrefix("END     ") }
    }

    private func move(_ number: Int32, _ name: String) throws {
        var status: Int32 = 0
        ffmahd(file, number, nil, &status)
        guard status == 0 else { throw Self.unreadable(place, name, status) }
    }

    /// Pixels as floating-point numbers, scaled by BSCALE and BZERO; what the file marks as undefined is NaN.
    func floats(_ one: Extension) throws -> ImagePlane<Float> { try plane(one, TFLOAT, Float.nan, fill: 0) }

    /// Pixels as whole numbers.
    func integers(_ one: Extension) throws -> ImagePlane<Int32> { try plane(one, TINT, Int32(0), fill: 0) }

    private func plane<Pixel: BitwiseCopyable & Sendable>(
        _ one: Extension, _ type: Int32, _ undefined: Pixel, fill: Pixel
    ) throws -> ImagePlane<Pixel> {
        try move(one.number, one.title)
        var status: Int32 = 0
        let count = one.width * one.height
        let pixels = [Pixel](unsafeUninitializedCapacity: count) { buffer, filled in
            buffer.initialize(repeating: fill)
            var (first, any, null): ([Int], Int32, Pixel) = ([1, 1], 0, undefined)
            withUnsafeMutableBytes(of: &null) {
                _ = ffgpxv(file, type, &first, Int64(count), $0.baseAddress, buffer.baseAddress, &any, &status)
            }
            filled = count
        }
        guard status == 0 else { throw Self.unreadable(place, one.title, status) }
        return ImagePlane(width: one.width, height: one.height, pixels: pixels)
    }
}
