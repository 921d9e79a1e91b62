import Catalog
import Columns
import Foundation
import Postgres
import Ppdb
import TestSupport
import Testing

@Suite("A PPDB with a newer schema document", .serialized) struct NewerDocumentTests {
    /// The installed document with a column more, one as another type, and one renamed nowhere else.
    private static func newer() throws -> String {
        let text = try String(contentsOf: PackageFolder.schema, encoding: .utf8)
        let source = try #require(text.range(of: "- name: DiaSource\n"))
        let rest = text[source.upperBound...]
        let columns = try #require(rest.range(of: "  columns:\n"))
        var changed = rest.replacingCharacters(
            in: columns,
            with: "  columns:\n  - name: addedLater\n    datatype: double\n    nullable: true\n    description: Not known before.\n")
        let snr = try #require(changed.range(of: "- name: snr\n"))
        let type = try #require(changed.range(of: "datatype: float", range: snr.upperBound..<changed.endIndex))
        changed.replaceSubrange(type, with: "datatype: double")
        let path = "/tmp/skyledger-newer-\(UInt32.random(in: 0 ... .max)).yaml"
        try (text[..<source.upperBound] + changed).write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test("takes the rows through the steps between the documents, with updates, and is verified, and a damaged converted value is found")
    func converted() throws {
        let path = try Self.newer()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let fixture = try PpdbFixture(ppdbSchema: path)
        try fixture.load(4)
        try fixture.export()
        try fixture.update(round: 5)
        try fixture.load(1)
        try fixture.export()
        #expect(try fixture.verify().faults == [])
        let admin = try Connection(fixture.instance.cluster!.parameters(user: PrivateCluster.superuser, database: "ppdb"))
        let apdb = try fixture.instance.connect(as: .reader)
        let sql =
            "SELECT \"diaSourceId\", \"snr\"::double precision AS \"snr\", \"diaObjectId\", \"timeWithdrawnMjdTai\" FROM %@ ORDER BY 1"
        let (a, b) = (
            try apdb.query(sql.replacing("%@", with: "l1_0001.\"DiaSource\"")),
            try admin.query(sql.replacing("%@", with: "ppdb.\"DiaSource\""))
        )
        #expect(a == b)
        #expect(try admin.int64("SELECT count(*) FROM ppdb.\"DiaSource\" WHERE \"addedLater\" IS NOT NULL") == 0)
        try admin.execute(
            "UPDATE ppdb.\"DiaSource\" SET \"snr\" = -1 WHERE \"diaSourceId\" = (SELECT min(\"diaSourceId\") FROM ppdb.\"DiaSource\")")
        let damaged = try fixture.verify()
        #expect(damaged.faults.count == 1)
        #expect(try Repair(fixture.ppdb()).run(damaged.faults).left == [])
        #expect(try fixture.verify().faults == [])
    }

    @Test(
        "an older document is refused", .enabled(if: PackageFolder.hasData("felis/apdb-v9.0.0.yaml"), "needs SKYLEDGER_DATA/felis"))
    func older() throws {
        let error = #expect(throws: PpdbError.self) {
            try PpdbFixture(visits: 1, ppdbSchema: PackageFolder.data.appendingPathComponent("felis/apdb-v9.0.0.yaml").path)
        }
        #expect(error?.isBadRequest == true)
    }
}
