/// The directory of an SPK file: the chain of summary records, checked so that later reads stay inside the file.
enum SPKDirectory {
    struct Damaged: Error {
        let reason: String
    }

    private static let recordBytes = 1024

    static func segments(of bytes: UnsafeRawBufferPointer) throws(Damaged) -> [SPKFile.Segment] {
        func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        func integer(_ offset: Int) -> Int { Int(bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self)) }
        func double(_ offset: Int) -> Double { bytes.loadUnaligned(fromByteOffset: offset, as: Double.self) }

        guard text(0..<8) == "DAF/SPK " else { throw Damaged(reason: "it does not begin as an SPK file") }
        guard text(88..<96) == "LTL-IEEE" else { throw Damaged(reason: "its numbers are not little-endian") }
        guard integer(8) == 2, integer(12) == 6 else { throw Damaged(reason: "its summaries are not those of an SPK file") }
        let summaryBytes = 40
        var segments = [SPKFile.Segment]()
        var next = integer(76)
        var recordsSeen = 0
        while next != 0 {
            let start = (next - 1) * recordBytes
            recordsSeen += 1
            guard next > 0, start + recordBytes <= bytes.count, recordsSeen <= bytes.count / recordBytes else {
                throw Damaged(reason: "its chain of summaries leaves the file")
            }
            let count = double(start + 16)
            guard count >= 0, count <= 25 else { throw Damaged(reason: "a summary record claims \(count) summaries") }
            for number in 0..<Int(count) {
                let offset = start + 24 + number * summaryBytes
                let integers = (0..<6).map { integer(offset + 16 + 4 * $0) }
                let (type, begin, end) = (integers[3], integers[4], integers[5])
                guard type == 2 || type == 3, integers[2] == 1 else { continue }
                guard begin >= 1, end >= begin + 4, end * 8 <= bytes.count else {
                    throw Damaged(reason: "the segment of the body \(integers[0]) leaves the file")
                }
                let trailer = (end - 4) * 8
                let (size, records) = (double(trailer + 16), double(trailer + 24))
                let componentCount = type == 2 ? 3 : 6
                guard size >= Double(2 + componentCount), records >= 1, double(trailer + 8) > 0, size <= Double(end),
                    records <= Double(end),
                    (Int(size) - 2) % componentCount == 0, begin - 1 + Int(size) * Int(records) <= end - 4
                else { throw Damaged(reason: "the segment of the body \(integers[0]) has an impossible trailer") }
                segments.append(
                    SPKFile.Segment(
                        target: integers[0], center: integers[1], type: type, start: double(offset), end: double(offset + 8),
                        first: begin - 1,
                        initial: double(trailer), interval: double(trailer + 8), recordSize: Int(size), recordCount: Int(records)))
            }
            let following = double(start)
            guard following >= 0, following < Double(bytes.count) else { throw Damaged(reason: "its chain of summaries leaves the file") }
            next = Int(following)
        }
        guard !segments.isEmpty else { throw Damaged(reason: "it holds no segment of type 2 or 3 in the ICRF") }
        return segments
    }
}
