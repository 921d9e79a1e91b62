import CWCS
import Glibc
import Synchronization

/// A structure of WCSLIB, owned. One thread at a time: computing writes into it.
struct WCSTransformation: ~Copyable {
    private let count: Int32
    /// All descriptions that the parser found, freed together.
    private let all: UnsafeMutablePointer<wcsprm>?
    private let one: UnsafeMutablePointer<wcsprm>
    private let longitude: Int
    private let latitude: Int
    let referencePixel: (x: Double, y: Double)

    /// WCSLIB's parser of headers is not said to be safe for several threads.
    private static let parser = Mutex(())

    private struct Parts {
        var count: Int32 = 0
        var all: UnsafeMutablePointer<wcsprm>?
        var one: UnsafeMutablePointer<wcsprm>
        var longitude: Int
        var latitude: Int
    }

    init(cards: [String], place: String) throws {
        let parts = try Self.parts(cards: cards, place: place)
        (count, all, one, longitude, latitude) = (parts.count, parts.all, parts.one, parts.longitude, parts.latitude)
        referencePixel = (parts.one.pointee.crpix[0], parts.one.pointee.crpix[1])
    }

    private static func parts(cards: [String], place: String) throws -> Parts {
        func unusable(_ reason: String) -> ImagesError { .coordinates(place: place, reason: reason) }
        if let radesys = (WCSCards.value("RADESYS", in: cards) ?? WCSCards.value("RADECSYS", in: cards))?.uppercased(),
            !["ICRS", "FK5", ""].contains(radesys)
        {
            throw unusable("they are in the frame \(radesys), not ICRS")
        }
        var text = cards.flatMap { card in
            let bytes = Array(card.utf8.prefix(80))
            return bytes + [UInt8](repeating: 32, count: 80 - bytes.count)
        }
        text += Array("END".utf8) + [UInt8](repeating: 32, count: 77) + [0]
        var (found, rejected): (Int32, Int32) = (0, 0)
        var list: UnsafeMutablePointer<wcsprm>?
        let status = parser.withLock { _ in
            text.withUnsafeMutableBytes {
                wcspih(
                    $0.baseAddress!.assumingMemoryBound(to: CChar.self), Int32(cards.count + 1), Int32(WCSHDR_all), 0, &rejected, &found,
                    &list)
            }
        }
        do {
            guard status == 0 else { throw unusable("WCSLIB cannot read them (status \(status))") }
            guard let list, let first = (0..<Int(found)).first(where: { list[$0].alt.0 == 32 }) else {
                throw unusable("the header has none")
            }
            let wcs = list + first
            guard wcs.pointee.naxis == 2, cards.contains(where: { $0.hasPrefix("CTYPE1") }) else {
                throw unusable("there are \(wcs.pointee.naxis) axes with coordinates where an image has 2")
            }
            var fixes = [Int32](repeating: 0, count: Int(NWCSFIX))
            wcsfix(7, nil, wcs, &fixes)
            let set = wcsset(wcs)
            guard set == 0 else { throw unusable(reason(set, wcs)) }
            let (longitude, latitude) = (Int(wcs.pointee.lng), Int(wcs.pointee.lat))
            guard longitude >= 0, latitude >= 0 else { throw unusable("the axes are not a pair of celestial ones") }
            let axis = withUnsafeBytes(of: wcs.pointee.lngtyp) { bytes in bytes.prefix { $0 != 0 && $0 != 32 }.map { $0 } }
            guard axis == Array("RA".utf8) else { throw unusable("its longitude is \(String(decoding: axis, as: UTF8.self)), not RA") }
            return Parts(count: found, all: list, one: wcs, longitude: longitude, latitude: latitude)
        } catch {
            wcsvfree(&found, &list)
            throw error
        }
    }

    deinit {
        var (found, list) = (count, all)
        wcsvfree(&found, &list)
    }

    private static func reason(_ status: Int32, _ wcs: UnsafeMutablePointer<wcsprm>) -> String {
        guard let told = wcs.pointee.err else { return "WCSLIB refuses them (status \(status))" }
        let text = withUnsafeBytes(of: told.pointee.msg) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return text.isEmpty ? "WCSLIB refuses them (status \(status))" : text
    }

    func sky(x: [Double], y: [Double]) -> (ra: [Double], dec: [Double]) {
        precondition(x.count == y.count, "\(x.count) x and \(y.count) y")
        var points = [Double](repeating: 0, count: 2 * x.count)
        for i in x.indices { (points[2 * i], points[2 * i + 1]) = (x[i] + 1, y[i] + 1) }
        let world = run(points) { n, points, image, phi, theta, world, bad in
            wcsp2s(one, n, 2, points, image, phi, theta, world, bad)
        }
        let ra = x.indices.map { i in
            let value = world[2 * i + longitude]
            return value < 0 ? value + 360 : value >= 360 ? value - 360 : value
        }
        return (ra, x.indices.map { world[2 * $0 + latitude] })
    }

    func pixels(ra: [Double], dec: [Double]) -> (x: [Double], y: [Double]) {
        precondition(ra.count == dec.count, "\(ra.count) right ascensions and \(dec.count) declinations")
        var world = [Double](repeating: 0, count: 2 * ra.count)
        for i in ra.indices { (world[2 * i + longitude], world[2 * i + latitude]) = (ra[i], dec[i]) }
        let points = run(world) { n, world, image, phi, theta, points, bad in
            wcss2p(one, n, 2, world, phi, theta, image, points, bad)
        }
        return (ra.indices.map { points[2 * $0] - 1 }, ra.indices.map { points[2 * $0 + 1] - 1 })
    }

    private typealias Doubles = UnsafeMutablePointer<Double>

    /// Pairs to pairs; those that WCSLIB could not make are NaN. It stops at what is not finite, so such points are not shown to it.
    private func run(
        _ pairs: [Double],
        _ body: (Int32, UnsafePointer<Double>, Doubles, Doubles, Doubles, Doubles, UnsafeMutablePointer<Int32>) -> Int32
    ) -> [Double] {
        let n = pairs.count / 2
        guard n > 0 else { return [] }
        precondition(n <= Int(Int32.max), "\(n) points at once")
        let isFinite = (0..<n).map { pairs[2 * $0].isFinite && pairs[2 * $0 + 1].isFinite }
        var safe = pairs
        for i in 0..<n where !isFinite[i] { (safe[2 * i], safe[2 * i + 1]) = (0, 0) }
        var (out, image) = ([Double](repeating: .nan, count: 2 * n), [Double](repeating: 0, count: 2 * n))
        var (phi, theta) = ([Double](repeating: 0, count: n), [Double](repeating: 0, count: n))
        var bad = [Int32](repeating: 0, count: n)
        let status = body(Int32(n), &safe, &image, &phi, &theta, &out, &bad)
        // 8 and 9: some of the points are invalid, and `bad` says which. Anything else is a failure of all.
        let isPartial = status == WCSERR_BAD_PIX.rawValue || status == WCSERR_BAD_WORLD.rawValue
        for i in 0..<n where !isFinite[i] || (status != 0 && (!isPartial || bad[i] != 0)) { (out[2 * i], out[2 * i + 1]) = (.nan, .nan) }
        return out
    }
}
