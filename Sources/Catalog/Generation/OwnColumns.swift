import Association
import Schema

/// The columns that SkyLedger adds to the document's tables, and the tables of its own in a generation.
extension GenerationLayout {
    /// Tables beside the document's.
    public static let ownTables = ["VisitDetector", "UpdateRecord"] + solarSystemTables
    /// Of them those of the solar system.
    static let solarSystemTables = ["SSObjectDesignation", "SSObjectState", "OrbitCatalog"]

    /// What is added to a table; where the document has a column of the name, the document's stands.
    public static func ownColumns(of table: String) -> [ColumnDefinition] {
        let key = ColumnDefinition(
            "replicaKey", .long, isNullable: false, description: "of the change that inserted the row; of SkyLedger's own")
        let origin = ColumnDefinition("generation", .int, isNullable: false, description: "that made the row; of SkyLedger's own")
        if table == "SSSource" { return [key, origin] }
        guard spatialTables.contains(table) else { return [] }
        let place = [
            ColumnDefinition("pixelId", .long, isNullable: false, description: "pixel of the position; of SkyLedger's own"),
            ColumnDefinition(
                "tile", .int, isNullable: false, description: "coarse pixel of the object's first position; of SkyLedger's own"),
        ]
        let good = ColumnDefinition(
            "nDiaSourcesGood", .int,
            description: "sources in the window of the summaries that qualify the object for forced photometry; of SkyLedger's own")
        switch table {
        case "DiaSource":
            return place + [
                ColumnDefinition(
                    "disposition", .text, isNullable: false,
                    description:
                        "what association did with the source: \(Disposition.allCases.map(\.rawValue).joined(separator: ", ")); of SkyLedger's own"
                ), key, origin,
            ]
        case "DiaObject":
            return place + [
                ColumnDefinition(
                    "summaryStartMjdTai", .double,
                    description: "start of the window that the summaries are over, MJD TAI; of SkyLedger's own", unit: "d"), good, key,
                origin,
            ]
        case "DiaObjectLast": return place + [good, origin]
        default:
            let flags = ["psfFlux_flag", "psfFlux_flag_edge", "psfFlux_flag_noGoodPixels", "scienceFlux_flag"]
            return place
                + flags.map { ColumnDefinition($0, .boolean, description: "as the column of DiaSource; of SkyLedger's own") }
                + [
                    ColumnDefinition(
                        "isPrecovery", .boolean,
                        description: "whether the visit came before the object's first source; of SkyLedger's own"), key, origin,
                ]
        }
    }
}
