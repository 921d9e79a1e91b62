import Columns
import Postgres
import Schema
import Sphere

/// Reads objects and their light curves by HEALPix pixel, in one transaction: PostgreSQL does not know these pixels, so that a temporary
/// table holds the pixel of each object first.
struct HATSReader {
    /// Light curves: the nested column's name, and its table.
    static let nested = [("diaSource", "DiaSource"), ("diaForcedSource", "DiaForcedSource")]
    static let rowsAtOnce = 65_536

    let tables: PpdbTables
    let objectColumns: [ColumnDefinition]
    let curves: [Curve]
    private let isOpen: String

    struct Curve {
        var name: String
        var table: String
        var columns: [ColumnDefinition]
        /// What a row must be to be shown.
        var condition: String
        var order: String
    }

    /// - Throws: `ProductError.badRequest` where the PPDB lacks tables or columns.
    init(_ tables: PpdbTables) throws {
        self.tables = tables
        objectColumns = try tables.columns(of: "DiaObject", needing: ["diaObjectId", "ra", "dec", "validityEndMjdTai"])
        isOpen = "o.\"validityEndMjdTai\" IS NULL"
        curves = try Self.nested.compactMap { name, table in
            let columns = try tables.columns(of: table)
            guard columns.contains(where: { $0.name == "diaObjectId" }), columns.contains(where: { $0.name == "midpointMjdTai" }) else {
                return nil
            }
            let withdrawn = columns.contains { $0.name == "timeWithdrawnMjdTai" }
            let key = table == "DiaSource" ? "s.\"diaSourceId\"" : "s.\"visit\", s.\"detector\""
            return Curve(
                name: name, table: table, columns: columns.filter { $0.name != "diaObjectId" },
                condition: withdrawn ? "s.\"timeWithdrawnMjdTai\" IS NULL" : "true", order: "s.\"midpointMjdTai\", \(key)")
        }
    }

    /// Makes the temporary table of pixels, for the time of the transaction, and counts.
    ///
    /// - Returns: objects, and rows of each light curve.
    func makePixels(progress: (Int) -> Bool) throws -> (objects: Int, curves: [Int]) {
        let connection = tables.connection
        let counts = curves.indices.map { place in
            """
            LEFT JOIN (SELECT s."diaObjectId", count(*) AS n FROM \(tables.name(curves[place].table)) AS s
                WHERE s."diaObjectId" IS NOT NULL AND \(curves[place].condition) GROUP BY 1) AS c\(place)
                ON c\(place)."diaObjectId" = o."diaObjectId"
            """
        }
        let numbers = curves.indices.map { ", coalesce(c\($0).n, 0) AS n\($0)" }.joined()
        try connection.execute(
            """
            CREATE TEMPORARY TABLE hats_object ("pixel" bigint, "diaObjectId" bigint, "weight" bigint) ON COMMIT DROP;
            CREATE TEMPORARY TABLE hats_margin ("partition" integer, "pixel" bigint, "diaObjectId" bigint, "weight" bigint) ON COMMIT DROP;
            DECLARE hats_rows NO SCROLL CURSOR FOR SELECT o."diaObjectId", o."ra", o."dec"\(numbers)
            FROM \(tables.name("DiaObject")) AS o \(counts.joined(separator: "\n")) WHERE \(isOpen)
            """)
        var total = 0
        var sums = [Int](repeating: 0, count: curves.count)
        while true {
            let rows = try connection.query("FETCH \(Self.rowsAtOnce) FROM hats_rows")
            guard rows.rowCount > 0, let ids = rows["diaObjectId"]?.int64s, let ra = rows["ra"]?.numbers, let dec = rows["dec"]?.numbers
            else { break }
            var weights = [Int64](repeating: 1, count: ids.count)
            for place in curves.indices {
                guard let counts = rows["n\(place)"]?.int64s else { continue }
                for row in counts.indices { weights[row] += counts[row] }
                sums[place] += Int(counts.reduce(0, +))
            }
            try connection.copyIn(
                Table([
                    Column("pixel", .int64(HEALPix.finest.index(ra: ra, dec: dec))), Column("diaObjectId", .int64(ids)),
                    Column("weight", .int64(weights)),
                ]), to: "hats_object")
            total += ids.count
            guard progress(total) else { throw ProductError.interrupted }
        }
        try connection.execute(
            "CLOSE hats_rows; CREATE INDEX hats_object_pixel ON hats_object (\"pixel\"); ANALYZE hats_object")
        return (total, sums)
    }

    /// Weights of the pixels of the plan's finest order.
    func cells() throws -> [HATSPlan.Cell] {
        let rows = try tables.connection.query(
            """
            SELECT "pixel" >> \(2 * (29 - HATSPlan.finestOrder)) AS "cell", sum("weight")::bigint AS "weight" FROM hats_object
            GROUP BY 1 ORDER BY 1
            """)
        guard let pixels = rows["cell"]?.int64s, let weights = rows["weight"]?.int64s else { return [] }
        return pixels.indices.map { HATSPlan.Cell(pixel: pixels[$0], weight: Int(weights[$0])) }
    }

    /// Enters the objects in ranges of pixels as the margin of a partition.
    func makeMargin(_ number: Int, _ margin: RangeSet) throws {
        let bits = Int64(2 * (29 - HATSProduct.marginPixels.order))
        try tables.connection.run(
            """
            INSERT INTO hats_margin SELECT \(number), h."pixel", h."diaObjectId", h."weight"
            FROM unnest($1, $2) AS r(first, last) JOIN hats_object AS h ON h."pixel" BETWEEN r.first AND r.last
            """,
            [
                .int64Array(margin.ranges.map { $0.lowerBound << bits }),
                .int64Array(margin.ranges.map { (($0.upperBound + 1) << bits) - 1 }),
            ])
    }

    func indexMargins() throws {
        try tables.connection.execute("CREATE INDEX hats_margin_pixel ON hats_margin (\"partition\", \"pixel\"); ANALYZE hats_margin")
    }

    /// Which objects are meant: of a partition itself, or of its margin.
    enum Rows {
        case inside(ClosedRange<Int64>)
        case margin(Int)

        var table: String { if case .inside = self { "hats_object" } else { "hats_margin" } }

        var condition: String {
            switch self {
            case .inside(let pixels): "h.\"pixel\" BETWEEN \(pixels.lowerBound) AND \(pixels.upperBound)"
            case .margin(let number): "h.\"partition\" = \(number)"
            }
        }
    }

    /// Pieces of the rows that fit in memory.
    func pieces(_ rows: Rows, weightMax: Int64) throws -> [ClosedRange<Int64>] {
        let found = try tables.connection.query(
            "SELECT h.\"pixel\", h.\"weight\" FROM \(rows.table) AS h WHERE \(rows.condition) ORDER BY 1")
        guard let pixels = found["pixel"]?.int64s, let weights = found["weight"]?.int64s else { return [] }
        return HATSPlan.pieces(pixels: pixels, weights: weights, weightMax: weightMax)
    }

    /// Objects of a piece with their light curves, in the order of the pixels.
    func read(_ rows: Rows, _ piece: ClosedRange<Int64>) throws -> HATSRows {
        let source = "\(rows.table) AS h"
        let condition = "\(rows.condition) AND h.\"pixel\" BETWEEN \(piece.lowerBound) AND \(piece.upperBound)"
        let objects = try tables.connection.copyOut(
            """
            SELECT h."pixel" AS "_healpix_29", \(PpdbTables.list(objectColumns, of: "o"))
            FROM \(source) JOIN \(tables.name("DiaObject")) AS o ON o."diaObjectId" = h."diaObjectId" AND \(isOpen)
            WHERE \(condition) ORDER BY h."pixel", h."diaObjectId"
            """)
        let ids = objects["diaObjectId"]?.int64s ?? []
        let nested = try curves.map { curve in
            let sources = try tables.connection.copyOut(
                """
                SELECT h."diaObjectId" AS "_owner", \(PpdbTables.list(curve.columns, of: "s"))
                FROM \(source) JOIN \(tables.name(curve.table)) AS s ON s."diaObjectId" = h."diaObjectId"
                WHERE \(condition) AND \(curve.condition) ORDER BY h."pixel", h."diaObjectId", \(curve.order)
                """)
            return try Self.nest(sources, under: ids, as: curve)
        }
        return HATSRows(objects: objects.documented(by: objectColumns), nested: nested)
    }

    /// Rows in the order of their owners, as lists of the owners.
    static func nest(_ sources: Table, under ids: [Int64], as curve: Curve) throws -> NestedTable {
        let owners = sources["_owner"]?.int64s ?? []
        var offsets: [Int32] = [0]
        offsets.reserveCapacity(ids.count + 1)
        var row = 0
        for id in ids {
            while row < owners.count, owners[row] == id { row += 1 }
            offsets.append(Int32(row))
        }
        guard row == owners.count else {
            throw ProductError.damaged(path: curve.table, reason: "its rows of object \(owners[row]) do not follow the objects")
        }
        var table = sources
        table.remove("_owner")
        return NestedTable(curve.name, offsets: offsets, table: table.documented(by: curve.columns))
    }
}
