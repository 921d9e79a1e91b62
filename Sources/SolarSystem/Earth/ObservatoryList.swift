/// The Minor Planet Center's list of observatories (`obscodes.txt`, `ObsCodes.html` without its tags).
///
/// Columns from 1: code 1-3, longitude 5-13, rho cos phi' 14-21, rho sin phi' 22-30, name from 31. Satellites and roving observers have
/// blank constants: they are kept by name and refused by `observatory(_:)`.
public struct ObservatoryList: Sendable {
    private let places: [String: Observatory]
    private let namesWithoutPlace: [String: String]

    /// - Throws: `EphemerisError.observatoryLine`.
    public init(text: String) throws(EphemerisError) {
        var places = [String: Observatory]()
        var namesWithoutPlace = [String: String]()
        var number = 0
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            let bytes = Array(line.utf8)
            if bytes.isEmpty || bytes.starts(with: "Code".utf8) || bytes.first == UInt8(ascii: "<") { continue }
            guard bytes.count >= 30 else { throw .observatoryLine(number: number, reason: "it is shorter than 30 characters") }
            func field(_ range: Range<Int>) -> String {
                String(decoding: bytes[range].filter { $0 != UInt8(ascii: " ") }, as: UTF8.self)
            }
            let code = String(decoding: bytes[0..<3], as: UTF8.self)
            let name = String(decoding: bytes[30...], as: UTF8.self)
            let texts = [field(4..<13), field(13..<21), field(21..<30)]
            if texts.allSatisfy(\.isEmpty) {
                namesWithoutPlace[code] = name
                continue
            }
            let values = texts.compactMap { Double($0) }
            guard values.count == 3, values.allSatisfy(\.isFinite) else {
                throw .observatoryLine(number: number, reason: "its parallax constants are not three numbers")
            }
            guard abs(values[0]) <= 360, values[1] >= 0, values[1] < 2, abs(values[2]) < 2 else {
                throw .observatoryLine(number: number, reason: "its parallax constants are no place on the Earth")
            }
            places[code] = Observatory(code: code, name: name, longitude: values[0], rhoCosPhi: values[1], rhoSinPhi: values[2])
        }
        self.places = places
        self.namesWithoutPlace = namesWithoutPlace
    }

    /// Places that are known otherwise than from the list.
    public init(_ places: [Observatory]) {
        self.places = Dictionary(uniqueKeysWithValues: places.map { ($0.code, $0) })
        namesWithoutPlace = [:]
    }

    /// Number of observatories with a fixed place.
    public var count: Int { places.count }

    /// - Throws: `EphemerisError.unknownObservatory` and `.observatoryWithoutPlace`.
    public func observatory(_ code: String) throws(EphemerisError) -> Observatory {
        if let place = places[code] { return place }
        if let name = namesWithoutPlace[code] { throw .observatoryWithoutPlace(code: code, name: name) }
        throw .unknownObservatory(code: code)
    }
}
