import Sphere

/// How the sky is cut into partitions: HEALPix pixels of different orders, each with rows up to a limit. Pure.
public struct HATSPlan: Sendable, Equatable {
    /// One pixel that holds rows, and is a file.
    public struct Partition: Sendable, Hashable {
        public var order: Int
        public var pixel: Int64
        /// Rows, with those nested in them.
        public var weight: Int

        /// The pixels of the finest order that lie in it.
        public var finest: ClosedRange<Int64> { pixel << Int64(2 * (29 - order))...((pixel + 1) << Int64(2 * (29 - order))) - 1 }

        /// Where its file is in a catalog (HATS's layout: folders of ten thousand pixels).
        public var path: String { "Norder=\(order)/Dir=\(pixel / 10_000 * 10_000)/Npix=\(pixel).parquet" }
    }

    /// Rows in a pixel of the order of the histogram.
    public struct Cell: Sendable, Equatable {
        public var pixel: Int64
        public var weight: Int

        public init(pixel: Int64, weight: Int) {
            self.pixel = pixel
            self.weight = weight
        }
    }

    /// The order of the histogram: partitions are no smaller (3.4 arcminutes).
    public static let finestOrder = 10

    /// In the order of the sky.
    public let partitions: [Partition]

    /// - Parameters:
    ///   - cells: pixels of `finestOrder` with rows, ascending.
    ///   - weightMax: what a partition may weigh; a pixel with more is cut into its four children, down to `finestOrder`.
    public init(_ cells: [Cell], weightMax: Int) {
        precondition(zip(cells, cells.dropFirst()).allSatisfy { $0.pixel < $1.pixel }, "the cells must be ascending")
        var partitions: [Partition] = []
        func cut(_ order: Int, _ pixel: Int64, _ range: Range<Int>) {
            let weight = cells[range].reduce(0) { $0 + $1.weight }
            if range.isEmpty { return }
            if weight <= weightMax || order == Self.finestOrder {
                partitions.append(Partition(order: order, pixel: pixel, weight: weight))
                return
            }
            var start = range.lowerBound
            for child in pixel * 4..<pixel * 4 + 4 {
                let end = Self.firstCell(in: cells, from: (child + 1) << Int64(2 * (Self.finestOrder - order - 1)))
                cut(order + 1, child, start..<end)
                start = end
            }
        }
        for face in 0..<Int64(12) {
            let bits = Int64(2 * Self.finestOrder)
            cut(0, face, Self.firstCell(in: cells, from: face << bits)..<Self.firstCell(in: cells, from: (face + 1) << bits))
        }
        self.partitions = partitions
    }

    /// The position of the first cell that is not before the pixel.
    private static func firstCell(in cells: [Cell], from pixel: Int64) -> Int {
        var (low, high) = (0, cells.count)
        while low < high {
            let middle = (low + high) / 2
            if cells[middle].pixel < pixel { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Rows in pieces that each weigh up to `weightMax`, so that only one need be in memory: ranges of pixels of the finest order, which
    /// cover the rows. Rows of one pixel stay together, whatever they weigh.
    ///
    /// - Parameters:
    ///   - pixels: of the finest order, ascending, a row each.
    ///   - weights: of the same rows.
    public static func pieces(pixels: [Int64], weights: [Int64], weightMax: Int64) -> [ClosedRange<Int64>] {
        var out: [ClosedRange<Int64>] = []
        var (start, weight) = (0, Int64(0))
        for row in pixels.indices {
            if weight > 0, weight + weights[row] > weightMax, pixels[row] != pixels[row - 1] {
                out.append(pixels[start]...pixels[row - 1])
                (start, weight) = (row, 0)
            }
            weight += weights[row]
        }
        if let last = pixels.last { out.append(pixels[start]...last) }
        return out
    }
}
