import Alerts
import Catalog
import Columns
import Foundation
import Ingest
import Postgres
import TestSupport
import Testing

/// Alerts that are not standard: below the threshold, and of targets.
@Suite("Alerts that are not standard", .serialized) struct AlertOthersTests {
    /// Ten visits of twenty sources that found objects, and in the last also sources that are too unreliable to.
    private func sources(weak: Int) -> [MadeSource] {
        var out: [MadeSource] = []
        for visit in 1...10 {
            for star in 0..<20 {
                out.append(
                    MadeSource(
                        id: Int64(visit * 1000 + star), ra: 150 + 0.01 * Double(star), visit: Int64(visit),
                        midpointMjdTai: 61_000 + Double(visit)))
            }
        }
        for i in 0..<weak {
            out.append(
                MadeSource(
                    id: Int64(10_500 + i), ra: 150.005 + 0.01 * Double(i), visit: 10, midpointMjdTai: 61_010, reliability: 0.01,
                    snr: 5 + Float(i)))
        }
        return out
    }

    private func load(weak: Int, _ change: @escaping (inout BelowThresholdRules) -> Void) throws -> (TestInstance, [Int64]) {
        let test = try TestInstance()
        let file = try MadeSource.write(sources(weak: weak))
        defer { try? FileManager.default.removeItem(atPath: file) }
        try test.configure {
            $0.association.minimumReliability = 0.1
            change(&$0.alerts.belowThreshold)
        }
        _ = try TargetLists(test.connection(.owner)).put(
            [.init(list: "watch", name: "first", ra: 150.005, dec: -30)], as: "watch", cause: "test")
        try test.loadAlerts([file])
        return (test, try test.alerts(.belowThreshold))
    }

    @Test("detections without object get alerts only where a condition is met: a list, a region; without conditions none does")
    func conditions() throws {
        #expect(try load(weak: 2) { _ in }.1.isEmpty)
        #expect(try load(weak: 2) { $0.lists = ["watch"] }.1 == [10_500])
        #expect(
            try load(weak: 2) {
                $0.lists = ["watch", "nobody's"]; $0.listRadiusArcsec = 60
            }.1 == [10_500, 10_501])
        let (test, chosen) = try load(weak: 2) { $0.regions = ["circle 150.015 -30 0.001"] }
        #expect(chosen == [10_501])
        let packet = try test.packet(10_501)
        #expect(packet["issueKind"]?.text == "belowThreshold" && packet["diaObject"]?.isNull == true)
        #expect(packet["diaSource"]?["diaObjectId"]?.integer == 0 && packet["prvDiaSources"]?.isNull == true)
        #expect(try test.alerts().count == 200)
        #expect(try test.ledgerReport().isSound)
    }

    @Test("no more than a tenth of the average come through, the most significant first")
    func limit() throws {
        // 20 standard alerts on the average: 2.
        #expect(try load(weak: 8) { $0.regions = ["circle 150 -30 5"] }.1 == [10_506, 10_507])
        #expect(
            try load(weak: 8) {
                $0.regions = ["circle 150 -30 5"]; $0.maximumFraction = 0.25
            }.1.count == 5)
        #expect(
            try load(weak: 8) {
                $0.regions = ["circle 150 -30 5"]; $0.maximumFraction = 0
            }.1.isEmpty)
    }

    @Test("positions of the public list get an alert at every visit that covers them, with the flux that was measured there")
    func targets() throws {
        let test = try TestInstance()
        let lists = TargetLists(try test.connection(.owner))
        let inside = TargetLists.Target(list: "public", name: "SN 2026abc", ra: 150.0955, dec: -30)
        let outside = TargetLists.Target(list: "public", name: "elsewhere", ra: 10, dec: 20)
        #expect(try lists.put([inside, outside], as: "public", cause: "test").version == 1)
        let file = try MadeSource.write(sources(weak: 0))
        let forced = "/tmp/skyledger-forced-\(UInt32.random(in: 0 ... .max)).parquet"
        defer { for path in [file, forced] { try? FileManager.default.removeItem(atPath: path) } }
        try ParquetWriter.write(
            Table([
                Column("diaForcedSourceId", .int64([71])), Column("visit", .int64([3])), Column("detector", .int16([1])),
                Column("ra", .double([150.0955])), Column("dec", .double([-30])), Column("midpointMjdTai", .double([61_003])),
                Column("band", .string(.init(["r"]))), Column("psfFlux", .float([123])), Column("psfFluxErr", .float([45])),
            ]), to: forced)
        let summary = try test.loadAlerts([file]) { $0.forcedPaths = [forced] }
        #expect(summary.otherAlerts == 10 && summary.alerts == 200)
        let ids = try test.alerts(.target)
        #expect(ids.count == 10 && ids.allSatisfy { $0 < 0 })
        var measured = 0
        for id in ids {
            let packet = try test.packet(id)
            #expect(packet["issueKind"]?.text == "target" && packet["target_name"]?.text == "public/SN 2026abc")
            #expect(packet["diaSource"]?["ra"]?.real == 150.0955 && packet["diaSource"]?["diaSourceId"]?.integer == id)
            guard packet["diaSource"]?["psfFlux"]?.real != nil else { continue }
            measured += 1
            #expect(packet["diaSource"]?["visit"]?.integer == 3 && packet["diaSource"]?["psfFluxErr"]?.real == 45)
            let row = try #require(packet["prvDiaForcedSources"]?.items?.first)
            #expect(row["psfFlux"]?.real == 123 && row["diaForcedSourceId"]?.integer == 71)
        }
        #expect(measured == 1)
        #expect(try test.int("SELECT count(*) FROM ledger.\"Alert\" WHERE \"kind\" = 'target' AND \"diaSourceId\" IS NOT NULL") == 0)
    }

    @Test("lists have versions that stay; what changes nothing makes none; bad targets are refused whole")
    func versions() throws {
        let test = try TestInstance()
        let lists = TargetLists(try test.connection(.owner))
        let one = TargetLists.Target(list: "a", name: "one", ra: 1, dec: 2)
        #expect(try lists.put([one], as: "a", cause: "first").version == 1)
        #expect(try lists.put([one], as: "a", cause: "again").version == 1)
        #expect(try lists.put([], as: "a", cause: "emptied").version == 2)
        #expect(try lists.targets(of: "a", version: 1) == [one] && lists.targets(of: "a", version: 2).isEmpty)
        for bad in [[one, one], [.init(list: "a", name: "", ra: 1, dec: 2)], [.init(list: "a", name: "x", ra: 360, dec: 2)]] {
            #expect(throws: CatalogError.self) { try lists.put(bad, as: "a", cause: "bad") }
        }
        #expect(throws: CatalogError.self) { try lists.put([one], as: "no name", cause: "bad") }
        #expect(try lists.versions().map(\.version) == [1, 2])
    }
}
