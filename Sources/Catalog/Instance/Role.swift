/// The three roles of an instance. Every connection is made in the narrowest that serves.
public enum Role: String, Sendable, CaseIterable {
    /// Owns all tables; makes and migrates them.
    case owner = "skyledger_owner"
    /// Stores visits: may insert and update Level-1 tables, not alter them.
    case ingest = "skyledger_ingest"
    /// Reads; what `query`, `object`, `sql` and `status` use.
    case reader = "skyledger_reader"
}
