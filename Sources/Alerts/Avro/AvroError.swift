/// What can be wrong with an Avro schema, value or file. Each case prints as one sentence.
public enum AvroError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A schema cannot be read; `place` is the way to the fault inside it ("alert.prvDiaSources"), or empty.
    case schema(place: String, reason: String)
    /// Bytes that are not what their schema says, at `offset` from their beginning.
    case data(offset: Int, path: String, reason: String)
    /// A value that its schema cannot hold.
    case value(path: String, reason: String)
    /// Data of one schema that another cannot take.
    case resolution(path: String, reason: String)
    /// An object container file that cannot be read or written.
    case container(offset: Int, reason: String)
    /// Bytes that are no Confluent frame.
    case frame(reason: String)
    /// A table that does not fill the fields of a record.
    case table(record: String, field: String, reason: String)
    /// A file or folder that cannot be read.
    case file(path: String, reason: String)

    public var description: String {
        switch self {
        case .schema(let place, let reason):
            place.isEmpty ? "The Avro schema cannot be used: \(reason)." : "The Avro schema cannot be used: at \(place), \(reason)."
        case .data(let offset, let path, let reason):
            "The Avro data cannot be decoded: at byte \(offset)\(path.isEmpty ? "" : ", in \(path)"), \(reason)."
        case .value(let path, let reason): "The value cannot be encoded in Avro\(path.isEmpty ? "" : ": in \(path)"), \(reason)."
        case .resolution(let path, let reason):
            "The data's schema cannot be read by the one asked for\(path.isEmpty ? "" : ": in \(path)"), \(reason)."
        case .container(let offset, let reason): "The Avro container cannot be used: at byte \(offset), \(reason)."
        case .frame(let reason): "The message has no Confluent frame: \(reason)."
        case .table(let record, let field, let reason): "The table cannot be written as \(record): field \(field) \(reason)."
        case .file(let path, let reason): "\(path) cannot be read: \(reason)."
        }
    }

    /// What is wrong, without the sentence around it.
    public var reason: String {
        switch self {
        case .schema(let place, let reason): place.isEmpty ? reason : "at \(place) of its schema, \(reason)"
        case .data(let offset, let path, let reason): "at byte \(offset)\(path.isEmpty ? "" : ", in \(path)"), \(reason)"
        case .container(let offset, let reason): "at byte \(offset), \(reason)"
        case .value(let path, let reason), .resolution(let path, let reason): path.isEmpty ? reason : "in \(path), \(reason)"
        case .frame(let reason), .file(_, let reason): reason
        case .table(_, let field, let reason): "field \(field) \(reason)"
        }
    }
}
