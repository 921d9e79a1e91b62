/// A rectangle of pixels, row after row from the lowest, as FITS stores them: pixel (x, y), both from 0, is `pixels[y * width + x]`.
@frozen
public struct ImagePlane<Pixel: Sendable>: Sendable {
    public let width: Int
    public let height: Int
    /// `width * height` values.
    public var pixels: [Pixel]

    /// - Precondition: there are `width * height` pixels.
    @inlinable
    public init(width: Int, height: Int, pixels: [Pixel]) {
        precondition(width >= 0 && height >= 0 && pixels.count == width * height, "\(pixels.count) pixels are not \(width) x \(height)")
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    @inlinable
    public init(width: Int, height: Int, repeating value: Pixel) {
        self.init(width: width, height: height, pixels: [Pixel](repeating: value, count: width * height))
    }

    /// - Precondition: the pixel is in the plane.
    @inlinable
    public subscript(x: Int, y: Int) -> Pixel {
        get {
            precondition(x >= 0 && x < width && y >= 0 && y < height, "pixel (\(x), \(y)) is not in \(width) x \(height)")
            return pixels[y * width + x]
        }
        set {
            precondition(x >= 0 && x < width && y >= 0 && y < height, "pixel (\(x), \(y)) is not in \(width) x \(height)")
            pixels[y * width + x] = newValue
        }
    }
}

extension ImagePlane: Equatable where Pixel: Equatable {}
