/// What can go wrong with images, in one sentence each.
public enum ImagesError: Error, Equatable, CustomStringConvertible {
    /// A file, or the bytes of a stamp, that cannot be read; `extensionName` where one part of it is at fault.
    case unreadable(file: String, extensionName: String?, reason: String)
    /// A header whose coordinates cannot be used.
    case coordinates(place: String, reason: String)
    /// A position that is not on the exposure: an alert has no stamp of it.
    case offImage(ra: Double, dec: Double, width: Int, height: Int)
    /// A stamp that nobody may ask for.
    case stampSize(pixels: Int, pixelsMax: Int)

    public var description: String {
        switch self {
        case .unreadable(let file, let name?, let reason): "\(file), extension \(name): \(reason)"
        case .unreadable(let file, nil, let reason): "\(file): \(reason)"
        case .coordinates(let place, let reason): "\(place): its celestial coordinates cannot be used: \(reason)"
        case .offImage(let ra, let dec, let width, let height):
            "the position RA \(ra), Dec \(dec) is not on the image of \(width) x \(height) pixels: there is no stamp of it"
        case .stampSize(let pixels, let pixelsMax): "a stamp of \(pixels) pixels a side is not made: ask for 1 to \(pixelsMax)"
        }
    }
}
