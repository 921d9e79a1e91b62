import Foundation

/// The maps that come with SkyLedger (`maps/`), by name.
public enum ShippedMaps {
    /// A map by the path of its file or by the name of a shipped one.
    /// - Throws: `TranslationError.badMap`
    public static func read(_ nameOrPath: String) throws -> TranslationMap {
        let shipped = Bundle.module.bundleURL.appendingPathComponent("maps/\(nameOrPath).yaml").path
        let path = !nameOrPath.contains("/") && FileManager.default.fileExists(atPath: shipped) ? shipped : nameOrPath
        guard let yaml = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw TranslationError.badMap(
                file: nameOrPath, line: nil, reason: "there is no such file, and no shipped map of this name (shipped are \(names.joined(separator: ", ")))")
        }
        return try TranslationMap.read(yaml: yaml, source: nameOrPath)
    }

    public static var names: [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: Bundle.module.bundleURL.appendingPathComponent("maps").path)) ?? []
        return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
    }
}
