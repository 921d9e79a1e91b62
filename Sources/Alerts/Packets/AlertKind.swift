/// Why an alert is issued. Batches of the ledger are named after it.
public enum AlertKind: String, Sendable, CaseIterable, Codable {
    /// A detection that belongs to an object.
    case visit
    /// A detection that belongs to none and meets a condition of the configuration.
    case belowThreshold
    /// A position of a target list that the visit covers: no detection.
    case target
}
