import Alerts
import ArgumentParser
import Foundation
import Sphere

struct AlertsList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Alerts by place, object, visit, night or time of issue, without their packets.",
        discussion: """
            All conditions given must hold. Times are those of the issue; of foreign alerts, of the import. A night is that of its evening, from
            noon to noon of local mean time at the observatory.
            Examples: skyledger alerts list --ra 150.1 --dec -30.2 --radius-arcsec 60
                      skyledger alerts list --night 2026-08-01 --format parquet --output night.parquet
            """)

    @Option(parsing: .unconditional, help: "Middle of a cone, degrees, ICRS.") var ra: Double?
    @Option(parsing: .unconditional, help: "Middle of a cone, degrees, ICRS.") var dec: Double?
    @Option(parsing: .unconditional, help: "Radius of the cone, arcseconds.") var radiusArcsec: Double?
    @Option(parsing: .unconditional, help: "Corners in degrees: \"ra dec, ra dec, ra dec, ...\"; edges are great circles.")
    var polygon: String?
    @Option(parsing: .unconditional, help: "\"ra dec radius\" in degrees.") var circle: String?
    @Option(parsing: .unconditional, help: "\"ra1 dec1 ra2 dec2\" in degrees; ra1 greater than ra2 goes over RA 0.") var box: String?
    @Option(help: "The diaObjectId that was told in the alert.") var object: Int64?
    @Option(help: "The ssObjectId that was told in the alert.") var ssobject: Int64?
    @Option(help: "The visit.") var visit: Int64?
    @Option(help: "The detector.") var detector: Int32?
    @Option(help: "The night of the issue: its evening's date, or MJD.") var night: String?
    @Option(parsing: .unconditional, help: "Only what was issued at this time or later, MJD TAI.") var since: Double?
    @Option(parsing: .unconditional, help: "Only what was issued before this time, MJD TAI.") var until: Double?
    @Option(help: "Rows at most; a remark says when there are more.") var limit = 10_000
    @OptionGroup var observatory: ObservatoryOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        var selection = LedgerSelection()
        selection.region = try region()
        selection.issuedMjdTai = try times()
        (selection.diaObjectId, selection.ssObjectId, selection.visit, selection.detector) = (object, ssobject, visit, detector)
        guard limit > 0, limit < 1_000_000_000 else { throw RequestError("--limit is 1 or more") }
        selection.limit = limit + 1
        let ledger = try LedgerAccess(instance)
        let pixelization = try ledger.instance.pixelization(on: ledger.connection)
        let found = try ledger.reader.list(selection, pixelization: pixelization)
        try RowOutput.write(AlertReports.table(Array(found.prefix(limit))), output.request)
        if found.count > limit { remark("there are more alerts than the \(limit) that are shown: raise --limit") }
    }

    private func region() throws -> Region? {
        let cone = [ra, dec, radiusArcsec].compactMap { $0 }
        guard cone.isEmpty || cone.count == 3 else { throw RequestError("a cone needs --ra, --dec and --radius-arcsec") }
        let regions = try [
            cone.isEmpty ? nil : .circle(Circle(ra: cone[0], dec: cone[1], radiusDegrees: cone[2] / 3600)),
            polygon.map { try Region.polygon(parsing: $0) }, circle.map { try Region.circle(parsing: $0) },
            box.map { try Region.box(parsing: $0) },
        ].compactMap { $0 }
        guard regions.count <= 1 else { throw RequestError("name one region: a cone, --polygon, --circle or --box") }
        return regions.first
    }

    private func times() throws -> Range<Double>? {
        guard night == nil || since == nil && until == nil else { throw RequestError("name a night, or --since and --until, not both") }
        if let night { return try AlertsNight(parsing: night).span(at: observatory.place()) }
        guard since != nil || until != nil else { return nil }
        let (start, end) = (since ?? -.greatestFiniteMagnitude, until ?? .greatestFiniteMagnitude)
        guard start <= end else { throw RequestError("--since is not before --until: give MJDs in order") }
        return start..<end
    }
}
