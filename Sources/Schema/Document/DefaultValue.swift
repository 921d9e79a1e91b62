/// A default value as YAML gives it.
public enum DefaultValue: Sendable, Equatable {
    case integer(Int64)
    case real(Double)
    case boolean(Bool)
    case text(String)
}
