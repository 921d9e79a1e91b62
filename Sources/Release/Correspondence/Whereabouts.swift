import Catalog
import Columns
import Postgres

/// In which generations a number is known, and what it is in the current one.
extension Correspondences {
    /// What an identifier may be of.
    public enum Kind: String, Sendable { case object = "DiaObject", source = "DiaSource" }

    /// The generations that have, or had, such an object or source: those that are there, and those that only crosswalks remember; ascending.
    public func generations(of id: Int64, _ kind: Kind) throws -> [Int] {
        let key = kind == .object ? "DiaObjectId" : "DiaSourceId"
        let table = kind == .object ? "CrosswalkObject" : "CrosswalkSource"
        let rows = try connection.query(
            """
            SELECT DISTINCT c."fromGeneration" AS g FROM skyledger."\(table)" AS x JOIN skyledger."Crosswalk" AS c USING ("crosswalk")
            WHERE x."old\(key)" = $1
            UNION SELECT c."toGeneration" FROM skyledger."\(table)" AS x JOIN skyledger."Crosswalk" AS c USING ("crosswalk")
            WHERE x."new\(key)" = $1
            """, [.int64(id)])
        var out = Set((rows["g"]?.int32s ?? []).map(Int.init))
        let column = kind == .object ? "diaObjectId" : "diaSourceId"
        for generation in present.subtracting(out) {
            let name = try instance.generation(generation, on: connection).table(kind.rawValue)
            if try connection.int64("SELECT 1::bigint FROM \(name) WHERE \"\(column)\" = $1 LIMIT 1", [.int64(id)]) != nil {
                out.insert(generation)
            }
        }
        return out.sorted()
    }

    /// An identifier of another generation than the current one.
    public struct Former: Sendable {
        public var generation: Int
        /// What it is in the current generation; none where it vanished or is not known.
        public var now: [Int64]
        public var steps: [ObjectStep]

        /// The object that has most of its sources.
        public var principal: Int64? {
            steps.filter { $0.isFollowed && $0.becomes.map(now.contains) == true }.max {
                ($0.nShared ?? 0, -($0.becomes ?? 0)) < ($1.nShared ?? 0, -($1.becomes ?? 0))
            }?.becomes
        }
    }

    /// What objects of other generations are in the current one, by their numbers; what no generation has is left out.
    public func formerObjects(_ ids: [Int64]) throws -> [Int64: Former] {
        var out: [Int64: Former] = [:]
        for id in Set(ids) {
            // The newest generation that has it: what is asked about is most likely of yesterday.
            guard let generation = try generations(of: id, .object).filter({ $0 != current }).last else { continue }
            out[id] = Former(
                generation: generation, now: try whatBecame(of: id, from: generation, to: current),
                steps: try objects(id, from: generation, to: current))
        }
        return out
    }
}
