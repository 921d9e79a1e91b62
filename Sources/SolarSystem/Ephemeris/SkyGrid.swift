import Foundation

/// Points of the sky in zones of declination cut into cells of about equal size: everything near a place is in a few short runs.
struct SkyGrid: Sendable {
    private let height: Double
    private let zoneStart: [Int]
    private let cellsInZone: [Int]
    /// Members of cell c are `members[cellStart[c]..<cellStart[c + 1]]`.
    private var cellStart: [Int32]
    private var members: [Int32]

    /// - Parameters:
    ///   - height: Height of a zone and width of a cell in degrees, more than 0.
    ///   - rows: Which rows of `ra` and `dec` (degrees, in [0, 360) and [-90, 90]) are in the grid.
    init(height: Double, rows: [Int32], ra: [Float], dec: [Float]) {
        self.height = height
        let zones = Int((180 / height).rounded(.up))
        var zoneStart = [0]
        var cellsInZone = [Int]()
        for zone in 0..<zones {
            let (low, high) = (-90 + Double(zone) * height, min(90, -90 + Double(zone + 1) * height))
            let widest = low <= 0 && high >= 0 ? 1 : cos(min(abs(low), abs(high)) * .pi / 180)
            cellsInZone.append(max(1, Int(360 * widest / height)))
            zoneStart.append(zoneStart[zone] + cellsInZone[zone])
        }
        self.zoneStart = zoneStart
        self.cellsInZone = cellsInZone
        var cells = [Int32]()
        cells.reserveCapacity(rows.count)
        var starts = [Int32](repeating: 0, count: zoneStart[zones] + 1)
        for row in rows {
            let zone = min(zones - 1, max(0, Int((Double(dec[Int(row)]) + 90) / height)))
            let cell = zoneStart[zone] + min(cellsInZone[zone] - 1, max(0, Int(Double(ra[Int(row)]) / 360 * Double(cellsInZone[zone]))))
            cells.append(Int32(cell))
            starts[cell + 1] += 1
        }
        for cell in 1..<starts.count { starts[cell] += starts[cell - 1] }
        cellStart = starts
        members = [Int32](repeating: 0, count: rows.count)
        for (row, cell) in zip(rows, cells) {
            members[Int(starts[Int(cell)])] = row
            starts[Int(cell)] += 1
        }
    }

    /// Calls `body` with every row within `radius` degrees of a place, and with some beyond.
    func forEach(nearRa ra: Double, dec: Double, radius: Double, _ body: (Int) -> Void) {
        // A hundredth of an arcsecond for the rows' single precision would not do: theirs is 0.06 arcsec at RA 360.
        let reach = radius + 1e-4
        let zones = cellsInZone.count
        let first = max(0, Int(((dec - reach + 90) / height).rounded(.down)))
        let last = min(zones - 1, Int((dec + reach + 90) / height))
        guard first <= last else { return }
        var halfWidth = 180.0
        if abs(dec) + reach < 90 {
            halfWidth = asin(min(1, sin(reach * .pi / 180) / cos(dec * .pi / 180))) * 180 / .pi + 1e-4
        }
        for zone in first...last {
            let count = cellsInZone[zone]
            let from = Int(((ra - halfWidth) / 360 * Double(count)).rounded(.down))
            let to = Int(((ra + halfWidth) / 360 * Double(count)).rounded(.down))
            for number in from...min(to, from + count - 1) {
                let cell = zoneStart[zone] + ((number % count) + count) % count
                for index in cellStart[cell]..<cellStart[cell + 1] { body(Int(members[Int(index)])) }
            }
        }
    }
}
