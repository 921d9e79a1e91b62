/// An index over columns, or over expressions that the document gives.
public struct IndexDefinition: Sendable, Equatable {
    public var name: String
    public var columns: [String]
    public var expressions: [String]

    public init(name: String, columns: [String], expressions: [String] = []) {
        self.name = name
        self.columns = columns
        self.expressions = expressions
    }
}
