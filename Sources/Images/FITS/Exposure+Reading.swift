import Glibc

extension Exposure {
    /// Reads an exposure from FITS, plain, tile-compressed or gzipped.
    ///
    /// Planes are found by EXTNAME (IMAGE, MASK, VARIANCE and, if there is one, PSF). Where no extension is named IMAGE, the first with
    /// pixels is the image; if nothing is named at all and three images follow each other with one size, they are image, mask and variance.
    /// A single image has no flags (a mask of zeros) and no variance (nil). Coordinates are those of the image's header, else those
    /// of the primary header.
    ///
    /// - Throws: `ImagesError.unreadable` where the file is damaged or its planes differ in size, `.coordinates` where its header has some that
    ///   cannot be used
    public init(path: String) throws { try self.init(FITSImageFile(path: path)) }

    /// The same from the bytes of a file.
    /// - Parameter place: what errors name.
    public init(bytes: [UInt8], place: String) throws { try self.init(FITSImageFile(bytes: bytes, place: place)) }

    private init(_ file: FITSImageFile) throws {
        let parts = try ExposureParts(file.extensions, place: file.place)
        let mask = try parts.mask.map { try file.integers($0) }
        let maskPlanes = try parts.mask.map { MaskPlanes(cards: try file.cards($0.number)) }
        let header = try file.cards(parts.image.number)
        let primary = parts.image.number == 1 ? header : try file.cards(1)
        func number(_ keyword: String) -> Double? { WCSCards.number(keyword, in: header) ?? WCSCards.number(keyword, in: primary) }
        func text(_ keyword: String) -> String? { WCSCards.value(keyword, in: header) ?? WCSCards.value(keyword, in: primary) }
        let unit = text("BUNIT").flatMap { $0.isEmpty ? nil : $0 }
        let place = parts.image.name.isEmpty ? file.place : "\(file.place), extension \(parts.image.name)"
        let coordinates = [header, primary].first { WCSCards.value("CTYPE1", in: $0) != nil }
        self.init(
            image: try file.floats(parts.image), mask: mask, maskPlanes: maskPlanes ?? MaskPlanes(),
            variance: try parts.variance.map { try file.floats($0) },
            wcs: try coordinates.map { try CelestialWCS(cards: $0, place: place) }, psf: try parts.psf.map { try file.floats($0) },
            zeroPointMag: Self.zeroPointMag(number, unit: unit), unit: unit, isPSFMatched: text("PSFMATCH") == "T", place: file.place)
    }

    /// Of the AB system, where 1 nJy is 31.4 mag.
    private static func zeroPointMag(_ number: (String) -> Double?, unit: String?) -> Double? {
        if unit?.lowercased() == "njy" { return 31.4 }
        if let found = ["MAGZERO", "MAGZPT", "ZEROPT"].lazy.compactMap(number).first(where: \.isFinite) { return found }
        return number("FLUXMAG0").flatMap { $0 > 0 && $0.isFinite ? 2.5 * log10($0) : nil }
    }
}

/// Which extension of a file is which plane.
struct ExposureParts {
    var image: FITSImageFile.Extension
    var mask: FITSImageFile.Extension?
    var variance: FITSImageFile.Extension?
    var psf: FITSImageFile.Extension?

    init(_ all: [FITSImageFile.Extension], place: String) throws {
        func named(_ names: String...) throws -> FITSImageFile.Extension? {
            let found = all.filter { names.contains($0.name) }
            if found.count > 1 {
                throw ImagesError.unreadable(file: place, extensionName: found[1].name, reason: "there are \(found.count) of that kind")
            }
            return found.first
        }
        guard let first = all.first else {
            throw ImagesError.unreadable(file: place, extensionName: nil, reason: "it holds no image of two axes")
        }
        psf = try named("PSF", "PSFIMAGE")
        mask = try named("MASK")
        variance = try named("VARIANCE", "UNCERT")
        if let found = try named("IMAGE") {
            image = found
        } else {
            guard ![psf, mask, variance].contains(where: { $0?.number == first.number }) else {
                throw ImagesError.unreadable(file: place, extensionName: first.name, reason: "it stands where the image should be")
            }
            image = first
            let isUnnamed = all.dropFirst().allSatisfy { $0.name.isEmpty }
            if isUnnamed, all.count == 3, all.allSatisfy({ $0.width == first.width && $0.height == first.height }) {
                (mask, variance) = (all[1], all[2])
            }
        }
        for plane in [mask, variance].compactMap({ $0 }) where plane.width != image.width || plane.height != image.height {
            throw ImagesError.unreadable(
                file: place, extensionName: plane.title,
                reason: "it has \(plane.width) x \(plane.height) pixels, the image \(image.width) x \(image.height)")
        }
    }
}
