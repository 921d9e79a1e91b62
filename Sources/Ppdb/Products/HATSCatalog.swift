import Columns
import Foundation

/// Writes one catalog of a HATS collection, partition by partition, into an unfinished product.
///
/// The layout is HATS's (docs/decisions/027-products.md): files by HEALPix pixel, `partition_info.csv`, the files' footers in `_metadata`, an
/// empty file with the schema in `_common_metadata`, properties.
final class HATSCatalog {
    private let folder: ProductFolder
    /// The catalog's folder in the collection.
    let name: String
    private let footers = ParquetFooters()
    private var partitions: [HATSPlan.Partition] = []
    private var rowCount = 0
    private var sizeBytes = 0

    init(_ name: String, in folder: ProductFolder) {
        self.name = name
        self.folder = folder
    }

    /// Writes a partition's file from pieces, each a row group; a partition whose pieces have no rows is none.
    func write(_ partition: HATSPlan.Partition, _ pieces: [ClosedRange<Int64>], _ rows: (ClosedRange<Int64>) throws -> HATSRows) throws {
        guard !pieces.isEmpty else { return }
        let file = "\(name)/dataset/\(partition.path)"
        let path = try folder.place(file)
        let writer = try ParquetWriter(path: path, compression: .zstd)
        var count = 0
        for piece in pieces {
            let rows = try rows(piece)
            try writer.append(rows.objects, nested: rows.nested)
            count += rows.objects.rowCount
        }
        try writer.close()
        try footers.add(path, as: partition.path)
        try folder.add(file, table: "DiaObject", rows: count)
        partitions.append(partition)
        rowCount += count
        sizeBytes += folder.files.last?.bytes ?? 0
    }

    /// Writes the schema alone, from rows of which there may be none.
    func writeSchema(_ rows: HATSRows) throws {
        let file = "\(name)/dataset/_common_metadata"
        let writer = try ParquetWriter(path: folder.place(file), compression: .zstd)
        let empty = rows.objects.gather([])
        try writer.append(empty, nested: rows.nested.map { NestedTable($0.name, offsets: [0], table: $0.table.gather([])) })
        try writer.close()
        try folder.add(file, table: nil, rows: nil)
    }

    /// Writes what lies beside the partitions.
    ///
    /// - Parameter properties: those of the catalog's kind, before the ones that all have.
    func finish(_ properties: [(String, String)], createdAt: String) throws {
        let metadata = "\(name)/dataset/_metadata"
        if partitions.isEmpty {
            // No footer to join: the schema alone, which has no row groups either.
            try FileManager.default.copyItem(
                atPath: folder.place("\(name)/dataset/_common_metadata"), toPath: folder.place(metadata))
        } else {
            try footers.write(to: folder.place(metadata))
        }
        try folder.add(metadata, table: nil, rows: nil)
        let lines = partitions.map { "\($0.order),\($0.pixel)" }
        try folder.write((["Norder,Npix"] + lines).joined(separator: "\n") + "\n", to: "\(name)/partition_info.csv")
        let common: [(String, String)] = [
            ("obs_collection", name), ("hats_nrows", String(rowCount)), ("hats_col_ra", "ra"), ("hats_col_dec", "dec"),
            ("hats_col_healpix", "_healpix_29"), ("hats_col_healpix_order", "29"), ("hats_npix_suffix", ".parquet"),
            ("hats_order", String(partitions.map(\.order).max() ?? 0)), ("hats_estsize", String((sizeBytes + 1023) / 1024)),
        ]
        let text = Self.text(common + properties + Self.origin(createdAt))
        // "properties" is the name that older readers know.
        for file in ["hats.properties", "properties"] { try folder.write(text, to: "\(name)/\(file)") }
    }

    static func origin(_ createdAt: String) -> [(String, String)] {
        [("hats_version", "v1.0"), ("hats_builder", "skyledger"), ("hats_creation_date", createdAt)]
    }

    /// Java properties; values here have no character that would need escaping.
    static func text(_ properties: [(String, String)]) -> String {
        properties.map { "\($0.0)=\($0.1)" }.joined(separator: "\n") + "\n"
    }
}

/// Objects with their pixels, and the light curves that belong to them.
struct HATSRows {
    var objects: Table
    var nested: [NestedTable]
}
