import Columns
import Foundation
import Postgres
import Schema
import Sphere

/// The narrow copy of a release's Object table that a PPDB keeps beside its own tables, so that no join crosses databases.
public struct ReleaseObjects {
    /// Where the copy is, as `PpdbTables` has it: table Object of the schema.
    let tables: PpdbTables
    let pixelization: any Pixelization

    /// Local densities are counted in these pixels (6.9 arcminutes).
    static let densityPixels = (try? HEALPix(order: 9)) ?? .finest
    /// Less is a star, more a galaxy.
    static let galaxyExtendedness = 0.5
    static let rowsAtOnce = 200_000

    public init(_ tables: PpdbTables, pixelization: any Pixelization) {
        self.tables = tables
        self.pixelization = pixelization
    }

    /// The names that columns have in the file, where they are not among the usual ones.
    public struct Names: Sendable {
        /// Text (star, galaxy) or a number (extendedness, 0 is a star).
        public var type: String?
        public var magnitude: String?

        public init(type: String? = nil, magnitude: String? = nil) {
            self.type = type
            self.magnitude = magnitude
        }
    }

    public struct Summary: Sendable, Equatable {
        public var objects = 0
        /// Of them those that are neither star nor galaxy, and match nothing.
        public var untyped = 0
    }

    /// Makes the tables where they are missing.
    public func create() throws {
        try tables.connection.execute(
            """
            CREATE TABLE IF NOT EXISTS \(tables.name("Object")) (
                "objectId" bigint PRIMARY KEY, "ra" double precision NOT NULL, "dec" double precision NOT NULL,
                "extendedness" real, "mag" real, "errorArcsec" real, "densityCell" integer NOT NULL,
                "pixelId" bigint NOT NULL, "tile" integer NOT NULL);
            COMMENT ON TABLE \(tables.name("Object")) IS 'narrow copy of a data release''s Object table; of SkyLedger''s own';
            CREATE INDEX IF NOT EXISTS "Object_pixelId" ON \(tables.name("Object")) ("pixelId");
            CREATE INDEX IF NOT EXISTS "Object_dec" ON \(tables.name("Object")) ("dec")
            """)
        try Self.createMatches(tables)
    }

    /// Makes the table of matches where it is missing.
    static func createMatches(_ tables: PpdbTables) throws {
        try tables.connection.execute(
            """
            CREATE TABLE IF NOT EXISTS \(tables.name("DiaObject_To_Object_Match")) (
                "diaObjectId" bigint NOT NULL, "objectId" bigint NOT NULL, "dist" real, "lnP" real);
            CREATE INDEX IF NOT EXISTS "DiaObject_To_Object_Match_diaObjectId"
                ON \(tables.name("DiaObject_To_Object_Match")) ("diaObjectId");
            CREATE INDEX IF NOT EXISTS "DiaObject_To_Object_Match_objectId" ON \(tables.name("DiaObject_To_Object_Match")) ("objectId");
            CREATE SCHEMA IF NOT EXISTS \(tables.bookkeeping);
            CREATE TABLE IF NOT EXISTS \(tables.bookkeeping)."MatchedObject" ("diaObjectId" bigint PRIMARY KEY)
            """)
    }

    /// Stores the objects of a Parquet or FITS file in one transaction; objects that are stored already take the file's values.
    ///
    /// - Parameter progress: rows done, and rows in all; return false to stop.
    /// - Throws: `ProductError.badRequest` for a file without the columns, or with a row that is no object; `.interrupted`;
    ///   `ColumnsError`, `PostgresError`; nothing of the file is stored then.
    public func load(_ path: String, names: Names = Names(), progress: (Int, Int) -> Bool = { _, _ in true }) throws -> Summary {
        try tables.connection.transaction {
            try create()
            try CarriedObjects.forgetOthers(tables)
            try tables.connection.execute(
                "CREATE TEMPORARY TABLE incoming_object (LIKE \(tables.name("Object"))) ON COMMIT DROP")
            var summary = Summary()
            try read(path) { piece, total in
                let rows = try narrow(piece, names, path: path, firstRow: summary.objects)
                summary.objects += rows.rowCount
                summary.untyped += rows["extendedness"]?.nullCount ?? 0
                try tables.connection.copyIn(rows, to: "incoming_object")
                guard progress(summary.objects, total) else { throw ProductError.interrupted }
            }
            let columns = try tables.storedColumns(of: "Object").filter { $0 != "objectId" }.map { SQLText.identifier($0) }
            do {
                try tables.connection.execute(
                    """
                    INSERT INTO \(tables.name("Object")) AS o SELECT * FROM incoming_object ORDER BY "pixelId"
                    ON CONFLICT ("objectId") DO UPDATE SET (\(columns.joined(separator: ", ")))
                        = (\(columns.map { "excluded.\($0)" }.joined(separator: ", ")))
                    """)
            } catch let error as PostgresError where error.sqlState == "21000" {
                throw ProductError.badRequest("\(path) has an objectId twice: a release has each object once")
            }
            return summary
        }
    }

    private func read(_ path: String, _ body: (Table, Int) throws -> Void) throws {
        if [".fits", ".fit", ".fits.gz"].contains(where: path.lowercased().hasSuffix) {
            let table = try FITSTable.read(path)
            return try body(table, table.rowCount)
        }
        let reader = try ParquetReader(path: path)
        let wanted = reader.schema.filter { $0.type != nil }.map(\.name)
        for group in 0..<reader.rowGroupCount { try body(reader.read(columns: wanted, rowGroups: group..<group + 1), reader.rowCount) }
    }

    private func narrow(_ table: Table, _ names: Names, path: String, firstRow: Int) throws -> Table {
        func column(_ candidates: [String], for what: String) throws -> Column {
            guard let found = candidates.lazy.compactMap({ table[$0] }).first else {
                throw ProductError.badRequest(
                    "\(path) has no column for \(what): it should be called \(candidates.joined(separator: " or "))")
            }
            return found
        }
        func numbers(_ candidates: [String], for what: String) throws -> [Double] {
            let found = try column(candidates, for: what)
            guard let numbers = found.numbers else {
                throw ProductError.badRequest("\(path): column \(found.name) holds \(found.type.rawValue), not numbers")
            }
            return numbers
        }
        let idColumn = try column(["objectId", "id"], for: "the identifier")
        guard let ids = idColumn.int64s, idColumn.nullCount == 0 else {
            throw ProductError.badRequest("\(path): column \(idColumn.name) must hold 64-bit integers and no nulls")
        }
        let ra = try numbers(["ra", "coord_ra"], for: "the right ascension")
        let dec = try numbers(["dec", "decl", "coord_dec"], for: "the declination")
        for row in ids.indices where !ra[row].isFinite || !(abs(dec[row]) <= 90) {
            throw ProductError.badRequest("\(path): row \(firstRow + row + 1) (objectId \(ids[row])) has no position on the sphere")
        }
        let magnitude = try names.magnitude.map { try numbers([$0], for: "the magnitude") } ?? table["mag"]?.numbers
        let errors: [Double]
        if let a = table["raErr"]?.numbers, let b = table["decErr"]?.numbers {
            errors = ids.indices.map { ((a[$0] * a[$0] + b[$0] * b[$0]) / 2).squareRoot() * 3600 }
        } else {
            errors = [Double](repeating: .nan, count: ids.count)
        }
        let types = try column(names.type.map { [$0] } ?? ["extendedness", "refExtendedness", "type"], for: "star or galaxy")
        let pixels = pixelization.index(ra: ra, dec: dec)
        let cells = Self.densityPixels.index(ra: ra, dec: dec)
        return Table([
            Column("objectId", .int64(ids)), Column("ra", .double(ra)), Column("dec", .double(dec)),
            Self.real("extendedness", try Self.extendedness(types, path: path)),
            Self.real("mag", magnitude ?? [Double](repeating: .nan, count: ids.count)), Self.real("errorArcsec", errors),
            Column("densityCell", .int32(cells.map(Int32.init))), Column("pixelId", .int64(pixels)),
            Column("tile", .int32(pixels.map(pixelization.tile))),
        ])
    }

    private static func extendedness(_ column: Column, path: String) throws -> [Double] {
        if let numbers = column.numbers { return numbers }
        guard let texts = column.strings else {
            throw ProductError.badRequest("\(path): column \(column.name) must hold numbers (extendedness) or the words star and galaxy")
        }
        return try (0..<texts.count).map { row in
            if column.isNull(row) { return .nan }
            switch texts[row].lowercased() {
            case "star", "psf", "point": return 0
            case "galaxy", "extended": return 1
            case "", "unknown": return .nan
            default:
                throw ProductError.badRequest("\(path): column \(column.name) has the value '\(texts[row])': use star, galaxy or unknown")
            }
        }
    }

    /// A column of reals with nulls for what is no number.
    private static func real(_ name: String, _ values: [Double]) -> Column {
        let known = Validity(values.lazy.map(\.isFinite))
        return Column(
            name, .float(values.map { $0.isFinite ? Float($0) : 0 }), validity: known.nullCount > 0 ? known : nil)
    }
}
