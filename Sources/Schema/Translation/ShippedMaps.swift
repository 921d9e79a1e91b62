import Foundation

/// The maps that come with SkyLedger (`maps/`), by name.
public enum ShippedMaps {
    /// A map by the path of its file or by the name of a shipped one.
    /// - Throws: `TranslationError.malformedMap`
    public static func read(_ nameOrPath: String) throws -> TranslationMap {
        let shipped = folder.appendingPathComponent("\(nameOrPath).yaml").path
        let path = !nameOrPath.contains("/") && FileManager.default.fileExists(atPath: shipped) ? shipped : nameOrPath
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw TranslationError.malformedMap(
                file: nameOrPath, line: 1,
                reason: "there is no such file, and no shipped map of this name (shipped are \(names.joined(separator: ", ")))")
        }
        return try TranslationMap(contentsOf: path)
    }

    public static var names: [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
    }

    private static var folder: URL { Bundle.module.bundleURL.appendingPathComponent("maps") }
}
