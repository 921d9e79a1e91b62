import Foundation
import Postgres
import Schema
import Sphere

/// All objects of a PPDB with their light curves, as a HATS collection: a catalog of objects in which sources are nested, and its margin.
///
///     let outcome = try HATSProduct().run(tables, to: "dia_objects")
///     // lsdb.open_catalog("dia_objects").cone_search(ra=150, dec=-30, radius_arcsec=60)
///
/// Objects are those whose last version is open; sources that were withdrawn are left out. All is of one moment.
public struct HATSProduct: Sendable {
    /// Rows of a partition, objects and sources together, beyond which it is cut in four.
    public var rowsMax = 1_000_000
    /// Whether a collection that is there gives way to a new one.
    public var replaces = false

    /// Rows in memory at once, objects and sources together; also those of a row group.
    static let rowsAtOnce: Int64 = 100_000
    public static let marginArcsec = 10.0
    static let marginPixels = HEALPix.forMargin(arcsec: marginArcsec)
    static let catalogName = "dia_object"
    static let marginName = "dia_object_10arcs"

    public init() {}

    /// What the work is at.
    public enum Stage: String, Sendable {
        case pixels = "objects"
        case partitions, margins
    }

    /// Makes the collection in the folder `path`, or finds it complete there, as `NightProduct` does.
    ///
    /// - Parameters:
    ///   - tables: with a connection that may make temporary tables.
    ///   - progress: the stage, parts done, and parts in all (0 where that is not known); return false to stop.
    /// - Throws: as `NightProduct.run`
    public func run(
        _ tables: PpdbTables, to path: String, progress: (Stage, Int, Int) -> Bool = { _, _, _ in true }
    ) throws -> NightProduct.Outcome {
        guard rowsMax > 0 else { throw ProductError.badRequest("--rows is \(rowsMax): a partition holds at least one row") }
        let target = URL(fileURLWithPath: path).standardizedFileURL.path
        return try tables.connection.transaction("ISOLATION LEVEL REPEATABLE READ") {
            let reader = try HATSReader(tables)
            let counts = try reader.makePixels { progress(.pixels, $0, 0) }
            guard counts.objects > 0 else {
                throw ProductError.badRequest("the PPDB has no open DiaObject: there is nothing to make a catalog of")
            }
            var rows = ["DiaObject": counts.objects]
            for (curve, count) in zip(reader.curves, counts.curves) { rows[curve.table] = count }
            if !replaces, FileManager.default.fileExists(atPath: target) {
                return NightProduct.Outcome(path: target, manifest: try existing(target, rows), isNew: false)
            }
            let folder = try ProductFolder(target)
            let plan = HATSPlan(try reader.cells(), weightMax: rowsMax)
            var manifest = try Manifest(describing: tables, product: "hats", [], rows: rows)
            try write(plan, reader, into: folder, createdAt: manifest.createdAt, progress)
            manifest.files = folder.files
            try folder.complete(manifest)
            return NightProduct.Outcome(path: target, manifest: manifest, isNew: true)
        }
    }

    private func existing(_ path: String, _ rows: [String: Int]) throws -> Manifest {
        guard let manifest = try Manifest.read(from: path) else {
            throw ProductError.badRequest("\(path) is there and no product of SkyLedger: name a new folder for the collection")
        }
        try manifest.check(path)
        for (table, count) in rows.sorted(by: { $0.key < $1.key }) where manifest.rows[table] != count {
            throw ProductError.outdated(path: path, reason: "the PPDB has \(count) rows of \(table), it has \(manifest.rows[table] ?? 0)")
        }
        return manifest
    }

    private func write(
        _ plan: HATSPlan, _ reader: HATSReader, into folder: ProductFolder, createdAt: String, _ progress: (Stage, Int, Int) -> Bool
    ) throws {
        let count = plan.partitions.count
        let objects = HATSCatalog(Self.catalogName, in: folder)
        let margin = HATSCatalog(Self.marginName, in: folder)
        let nothing = try reader.read(.inside(-1 ... -1), -1 ... -1)
        for catalog in [objects, margin] { try catalog.writeSchema(nothing) }
        for (number, partition) in plan.partitions.enumerated() {
            guard progress(.partitions, number, count) else { throw ProductError.interrupted }
            let rows = HATSReader.Rows.inside(partition.finest)
            try objects.write(partition, reader.pieces(rows, weightMax: Self.rowsAtOnce)) { try reader.read(rows, $0) }
            let border = try HEALPix(order: partition.order).margin(of: partition.pixel, at: Self.marginPixels)
            try reader.makeMargin(number, border)
        }
        try reader.indexMargins()
        for (number, partition) in plan.partitions.enumerated() {
            guard progress(.margins, number, count) else { throw ProductError.interrupted }
            let rows = HATSReader.Rows.margin(number)
            try margin.write(partition, reader.pieces(rows, weightMax: Self.rowsAtOnce)) { try reader.read(rows, $0) }
        }
        let preferred = Self.defaultColumns.filter { name in reader.objectColumns.contains { $0.name == name } }
        let shown = ("hats_cols_default", (preferred + reader.curves.map(\.name)).joined(separator: " "))
        try objects.finish([("dataproduct_type", "object"), ("hats_max_rows", String(rowsMax)), shown], createdAt: createdAt)
        try margin.finish(
            [
                ("dataproduct_type", "margin"), ("hats_primary_table_url", Self.catalogName),
                ("hats_margin_threshold", String(Self.marginArcsec)), shown,
            ], createdAt: createdAt)
        try folder.write(
            HATSCatalog.text(
                [
                    ("obs_collection", "dia_object_collection"), ("hats_primary_table_url", Self.catalogName),
                    ("all_margins", Self.marginName), ("default_margin", Self.marginName),
                ] + HATSCatalog.origin(createdAt)), to: "collection.properties")
    }

    /// What lsdb reads of an object where nobody says more.
    private static let defaultColumns = ["diaObjectId", "ra", "dec", "firstDiaSourceMjdTai", "lastDiaSourceMjdTai", "nDiaSources"]
}
