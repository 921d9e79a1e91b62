/// The configuration as a YAML document: `SettingsDocument`.
extension Configuration: SettingsDocument {
    /// - Throws: `CatalogError.badRequest` naming the document, the line and the setting.
    public init(yaml: String, name: String) throws { self = try Self.read(yaml: yaml, name: name) }

    /// Every setting with its value.
    public var yaml: String { get throws { try text } }
}
