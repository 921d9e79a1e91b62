import Foundation

/// A planetary ephemeris in NAIF's SPK format (a DAF file of Chebyshev polynomials), memory-mapped: DE440 and its kin.
///
/// Read are segments of type 2 (positions) and 3 (positions and velocities) with evenly spaced records, little-endian, frame 1 (ICRF).
/// Source of the layout: NAIF's "SPK Required Reading" and "DAF Required Reading".
///
/// The mapping is `Sendable` without the compiler's check because the bytes are mapped read-only and never change after `init`.
public final class SPKFile: @unchecked Sendable {
    /// One run of polynomials: `target` relative to `center`, between two times in seconds of TDB after J2000.
    struct Segment: Sendable {
        let target: Int
        let center: Int
        let type: Int
        let start: Double
        let end: Double
        /// Index of the first record's first double.
        let first: Int
        /// Start of the first record and length of each, seconds.
        let initial: Double
        let interval: Double
        let recordSize: Int
        let recordCount: Int
        /// Number of coefficients of one component.
        var coefficientCount: Int { (recordSize - 2) / (type == 2 ? 3 : 6) }
    }

    public let path: String
    let segments: [Segment]
    private let bytes: UnsafeRawBufferPointer

    /// Maps a file and reads its directory.
    /// - Throws: `EphemerisError.file`.
    public init(path: String) throws(EphemerisError) {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { throw .file(path: path, reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_size >= 1024 else { throw .file(path: path, reason: "it is too short") }
        let size = Int(facts.st_size)
        guard let mapped = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), mapped != MAP_FAILED else {
            throw .file(path: path, reason: "it cannot be mapped into memory")
        }
        let bytes = UnsafeRawBufferPointer(start: mapped, count: size)
        do throws(SPKDirectory.Damaged) {
            segments = try SPKDirectory.segments(of: bytes)
        } catch {
            munmap(mapped, size)
            throw .file(path: path, reason: error.reason)
        }
        self.bytes = bytes
        self.path = path
    }

    deinit {
        munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
    }

    /// The segment of a body with the latest place in the file, as NAIF's precedence has it.
    func segment(of target: Int) throws(EphemerisError) -> Segment {
        guard let found = segments.last(where: { $0.target == target }) else { throw .bodyMissing(path: path, naifCode: target) }
        return found
    }

    /// Position in km at a time in seconds of TDB after J2000, which must lie within the segment.
    @inline(__always)
    func position(_ segment: Segment, at seconds: Double) -> SIMD3<Double> {
        let (record, x, _) = locate(segment, seconds)
        let n = segment.coefficientCount
        return SIMD3(
            Self.chebyshev(record + 2, n, x), Self.chebyshev(record + 2 + n, n, x), Self.chebyshev(record + 2 + 2 * n, n, x))
    }

    /// Position in km and velocity in km/s. The velocity is the derivative of the position's polynomial, or type 3's own.
    func state(_ segment: Segment, at seconds: Double) -> (position: SIMD3<Double>, velocity: SIMD3<Double>) {
        let (record, x, radius) = locate(segment, seconds)
        let n = segment.coefficientCount
        var (position, velocity) = (SIMD3<Double>(), SIMD3<Double>())
        for axis in 0..<3 {
            let coefficients = record + 2 + axis * n
            position[axis] = Self.chebyshev(coefficients, n, x)
            velocity[axis] =
                segment.type == 3
                ? Self.chebyshev(coefficients + 3 * n, n, x) : Self.chebyshevDerivative(coefficients, n, x) / radius
        }
        return (position, velocity)
    }

    /// The record of a time, the time scaled to [-1, 1] within it, and the record's half length in seconds.
    @inline(__always)
    private func locate(_ segment: Segment, _ seconds: Double) -> (record: UnsafePointer<Double>, x: Double, radius: Double) {
        let wanted = Int((seconds - segment.initial) / segment.interval)
        let index = min(max(wanted, 0), segment.recordCount - 1)
        let doubles = bytes.baseAddress!.assumingMemoryBound(to: Double.self)
        let record = doubles + segment.first + index * segment.recordSize
        return (record, (seconds - record[0]) / record[1], record[1])
    }

    /// Clenshaw's sum.
    @inline(__always)
    private static func chebyshev(_ c: UnsafePointer<Double>, _ n: Int, _ x: Double) -> Double {
        var (later, latest) = (0.0, 0.0)
        var k = n - 1
        while k > 0 {
            (latest, later) = (2 * x * latest - later + c[k], latest)
            k -= 1
        }
        return x * latest - later + c[0]
    }

    /// The derivative with respect to the scaled time: the sum of k c[k] U[k-1].
    private static func chebyshevDerivative(_ c: UnsafePointer<Double>, _ n: Int, _ x: Double) -> Double {
        var (before, second) = (0.0, 1.0)
        var sum = 0.0
        for k in 1..<n {
            sum += Double(k) * c[k] * second
            (before, second) = (second, 2 * x * second - before)
        }
        return sum
    }
}
