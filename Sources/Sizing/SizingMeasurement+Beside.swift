extension SizingMeasurement {
    /// What lies beside the current generation: the other generation of an open release, or a release's Level-2 catalog.
    public struct Beside: Codable, Sendable, Equatable {
        public enum Kind: String, Codable, Sendable { case generation, level2 }

        public var schema: String
        public var kind: Kind
        /// Nil for a generation that no open release has.
        public var release: String?
        /// Of the release.
        public var state: String?
        public var relations: [Relation]

        public init(schema: String, kind: Kind, release: String?, state: String?, relations: [Relation]) {
            self.schema = schema
            self.kind = kind
            self.release = release
            self.state = state
            self.relations = relations
        }

        public var bytes: Int64 { relations.reduce(0) { $0 + $1.bytes } }
        public var indexBytes: Int64 { relations.reduce(0) { $0 + $1.indexBytes } }
        public var rows: Int64 { relations.reduce(0) { $0 + $1.rows } }
        public func rows(of table: String) -> Int64 { relations.filter { $0.table == table }.reduce(0) { $0 + $1.rows } }

        /// "generation l1_0002 of release DR1 (loading)"
        public var label: String {
            let of = release.map { " of release \($0)\(state.map { " (\($0))" } ?? "")" } ?? ""
            return "\(kind == .generation ? "generation" : "Level 2") \(schema)\(of)"
        }
    }

    /// Bytes of all tables that are here, those beside the current generation too.
    public var bytesInAll: Int64 { beside.reduce(bytes) { $0 + $1.bytes } }

    /// Bytes of the current generation's own tables, without those that belong to no generation.
    var generationBytes: Int64 { relations.reduce(0) { $0 + ($1.schema == generation ? $1.bytes : 0) } }
}
