import Catalog
import Columns
import Foundation
import Schema
import SolarSystem

/// Loads files of orbits as the catalog of known objects, or as a change of it.
///
///     let outcome = try OrbitLoad(instance: instance).run(["MPCORB.DAT", "CometEls.txt"], isComplete: true)
///
/// Files are MPCORB, the MPC's JSON, CometEls.txt, or Parquet and CSV with the columns of `mpc_orbits`, `numbered_identifications` or
/// `current_identifications`. All are read and checked before anything is changed; several are one catalog.
public struct OrbitLoad {
    let instance: Instance
    let release: String?

    /// - Parameter release: whose generation the catalog is of; nil for the current one.
    public init(instance: Instance, release: String? = nil) { (self.instance, self.release) = (instance, release) }

    /// - Parameters:
    ///   - isComplete: whether orbits that the files do not have leave the catalog.
    ///   - progress: called after each file that was read, with files read and all.
    /// - Throws: `IngestError` that names file and line, `ColumnsError`, `TranslationError`, `CatalogError`, `PostgresError`
    public func run(
        _ paths: [String], isComplete: Bool, progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> OrbitCatalog.Outcome {
        let connection = try instance.connect(as: .ingest)
        let (generation, use) = try OrbitGeneration.of(release, instance, on: connection)
        var objects = OrbitLoadObjects()
        var parts: [(path: String, parts: OrbitParts)] = []
        for (done, path) in paths.enumerated() {
            parts.append((path, try OrbitLoadFile.read(path, generation.document)))
            progress(done + 1, paths.count)
        }
        for (path, part) in parts { try objects.addOrbits(part.orbits, path) }
        for (path, part) in parts { try objects.addNumbered(part.numbered, path) }
        for (path, part) in parts { try objects.addIdentifications(part.identifications, path) }
        var whole = OrbitParts()
        for (_, part) in parts {
            whole.orbits = whole.orbits.appending(part.orbits)
            whole.numbered = whole.numbered.appending(part.numbered)
            whole.identifications = whole.identifications.appending(part.identifications)
        }
        objects.namePrimaries(of: &whole.orbits)
        let catalog = OrbitCatalog(connection: connection, generation: generation, use: use)
        return try catalog.refresh(
            OrbitCatalog.Input(
                orbits: whole.orbits, numbered: whole.numbered, identifications: objects.known(whole.identifications),
                designations: objects.designations, newIds: try objects.newIds(), isComplete: isComplete,
                source: paths.joined(separator: ", "), mjdTai: ProcessingClock.machineMjdTai()))
    }
}

extension Designation {
    /// The identifier that an object of this designation gets when it is first known: Rubin's, or for the few designations that are too
    /// long for it (fragments of numbered comets) a negative hash (FNV-1a) of the packed form.
    public var newObjectId: Int64 {
        if let id = ssObjectId { return id }
        let hash = packed.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return Int64(bitPattern: hash | 1 << 63)
    }
}
