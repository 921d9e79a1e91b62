import Schema

/// What queries that run on one schema document would miss on another. Pure.
struct SchemaLosses {
    /// "DiaSource.snr", or "SSSource" for a table, in the order of the difference.
    let names: [String]

    init(from old: SchemaDocument, to new: SchemaDocument) {
        // A renamed column is lost to whoever asks for it by its name.
        names = SchemaDifference(from: old, to: new).changes.compactMap {
            switch $0.kind {
            case .tableDropped: $0.table
            case .columnDropped: $0.item.map { [table = $0.table] column in "\(table).\(column)" }
            default: nil
            }
        }
    }

    /// - Parameter allowed: names as above, or of columns alone.
    /// - Throws: `CatalogError.badRequest` that names what is lost and not allowed, or what is allowed and not lost.
    func refuse(allowing allowed: [String]) throws {
        func isMeant(_ name: String, by word: String) -> Bool { name == word || name.split(separator: ".").last.map(String.init) == word }
        if let idle = allowed.first(where: { word in !names.contains { isMeant($0, by: word) } }) {
            throw CatalogError.badRequest("--allow-loss \(idle): the new schema document loses no such column or table")
        }
        let lost = names.filter { name in !allowed.contains { isMeant(name, by: $0) } }
        guard !lost.isEmpty else { return }
        throw CatalogError.badRequest(
            "the new schema document would lose what queries use: \(lost.joined(separator: ", ")); keep it, or say --allow-loss for each")
    }
}
