import Columns
import Schema
import TestSupport
import Testing

@Suite(.enabled(if: RealDocuments.areThere, "the real documents are not there (SKYLEDGER_DATA)"))
struct MigrationChainTests {
    static func same(_ a: [String: Table], _ b: [String: Table], _ what: String) {
        #expect(a.keys.sorted() == b.keys.sorted())
        for (name, table) in a {
            guard let other = b[name] else { continue }
            #expect(table.columnNames.sorted() == other.columnNames.sorted(), "\(what) \(name)")
            for column in table.columns {
                guard let found = other[column.name] else { continue }
                #expect(column.type == found.type, "\(what) \(name).\(column.name)")
                #expect(texts(column) == texts(found), "\(what) \(name).\(column.name)")
            }
        }
    }

    @Test("going document by document gives the rows of going at one stroke, for every pair of real documents")
    func chainEqualsJump() throws {
        let documents = try RealDocuments.order.map(RealDocuments.read)
        var generator = SeededGenerator(state: 20_261_121)
        for first in documents.indices {
            let start = Dictionary(
                uniqueKeysWithValues: documents[first].tables.map { ($0.name, randomTable($0, rows: 40, using: &generator)) })
            var walked = start
            for last in documents.indices where last > first {
                walked = try MigrationPlan(from: documents[last - 1], to: documents[last]).apply(to: walked)
                let jumped = try MigrationPlan(from: documents[first], to: documents[last]).apply(to: start)
                Self.same(walked, jumped, "\(RealDocuments.order[first]) to \(RealDocuments.order[last])")
                for table in documents[last].tables {
                    let made = jumped[table.name]
                    #expect(made?.columnNames.sorted() == table.columns.map(\.name).sorted())
                    for column in table.columns { #expect(made?[column.name]?.type == column.datatype.columnType) }
                    for column in table.columns where !column.isNullable { #expect(made?[column.name]?.nullCount == 0) }
                }
            }
        }
    }

    @Test("no column of the real documents goes away and comes back under its name")
    func noGaps() throws {
        let documents = try RealDocuments.order.map(RealDocuments.read)
        for table in Set(documents.flatMap { $0.tables.map(\.name) }) {
            for column in Set(documents.flatMap { $0[table: table]?.columns.map(\.name) ?? [] }) {
                let present = documents.indices.filter { documents[$0][table: table]?[column: column] != nil }
                #expect(present == Array(present.first!...present.last!), "\(table).\(column)")
            }
        }
    }

    @Test("a plan from a document to itself has no steps")
    func identity() throws {
        for name in RealDocuments.order {
            let document = try RealDocuments.read(name)
            #expect(MigrationPlan(from: document, to: document).steps.isEmpty)
        }
    }

    @Test("what the newest document holds of the oldest's values is there with the same values, fluxes in nJy")
    func valuesStay() throws {
        let (old, new) = (try RealDocuments.read("2022-04-19"), try RealDocuments.read("v10.0.0"))
        var generator = SeededGenerator(state: 3)
        let start = Dictionary(uniqueKeysWithValues: old.tables.map { ($0.name, randomTable($0, rows: 50, using: &generator)) })
        let end = try MigrationPlan(from: old, to: new).apply(to: start)
        let (before, after) = (start["DiaSource"]!, end["DiaSource"]!)
        #expect(texts(before["decl"]!) == texts(after["dec"]!))
        #expect(texts(before["spuriousness"]!) == texts(after["reliability"]!))
        #expect(texts(before["filterName"]!) == texts(after["band"]!))
        #expect(texts(before["trailLengthErr"]!) == texts(after["trailLengthErr"]!))
        for row in 0..<50 {
            #expect(before["ccdVisitId"]!.int64s![row] == after["visit"]!.int64s![row] * 100 + Int64(after["detector"]!.int16s![row]))
            #expect(before["psFlux"]!.isNull(row) == after["psfFlux"]!.isNull(row))
            if !before["psFlux"]!.isNull(row) {
                #expect(after["psfFlux"]!.floats![row] == Float(Double(before["psFlux"]!.floats![row]) * 3631))
            }
            let flags = before["flags"]!.int64s![row]
            #expect(after["centroid_flag"]!.bools![row] == (flags & 1 == 1))
            #expect(after["apFlux_flag"]!.bools![row] == (flags & 2 == 2))
            let last = start["DiaObject"]!["lastNonForcedSource"]!.timestamps![row]
            #expect(end["DiaObject"]!["lastDiaSourceMjdTai"]!.doubles![row] == ModifiedJulianDate.tai(microseconds: last, scale: .utc))
        }
    }

    @Test("the losses from the oldest to the newest document are columns that no newer document has")
    func losses() throws {
        let (old, new) = (try RealDocuments.read("2022-04-19"), try RealDocuments.read("v10.0.0"))
        let plan = MigrationPlan(from: old, to: new)
        #expect(plan.losses.contains("DiaSource.prv_procOrder"))
        #expect(plan.losses.contains("SSObject.MOID1"))
        for kept in ["DiaSource.flags", "DiaSource.ccdVisitId", "DiaObject.lastNonForcedSource", "DiaSource.totFlux"] {
            #expect(!plan.losses.contains(kept))
        }
        for loss in plan.losses { #expect(plan.text.contains(loss)) }
    }
}
