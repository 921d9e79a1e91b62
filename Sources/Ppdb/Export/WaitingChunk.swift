import Catalog
import Columns
import Foundation
import Postgres

/// A chunk that a consumer has not applied yet.
struct WaitingChunk: Equatable {
    var chunk: Int64
    var firstChange: Int64
    var lastChange: Int64
    /// Keys of its changes of the generation that is published.
    var keys: [Int64] = []
    /// Of them those that took over rows of another generation.
    var copies: [Int64] = []
    /// Where a change brought rows with a past of their own, from before there was a feed or from another generation: the keys of all changes
    /// after the chunk that did not.
    var later: [Int64]?
    var nRows: Int64

    /// The next chunks in order.
    ///
    /// - Parameters:
    ///   - number: those after this one.
    ///   - latest: none with a change that was recorded after this time.
    static func list(after number: Int64, latest: Date?, limit: Int, on apdb: Connection) throws -> [WaitingChunk] {
        let rows = try apdb.query(
            """
            SELECT k."chunk", k."firstChange", k."lastChange", k."nRows" FROM skyledger."ReplicaChunk" AS k
            WHERE k."chunk" > $1 ORDER BY k."chunk" LIMIT $2
            """, [.int64(number), .int64(Int64(limit))], name: "waiting_chunks")
        guard let chunk = rows["chunk"]?.int64s, let first = rows["firstChange"]?.int64s, let last = rows["lastChange"]?.int64s,
            let nRows = rows["nRows"]?.int64s
        else { return [] }
        var chunks = chunk.indices.map { WaitingChunk(chunk: chunk[$0], firstChange: first[$0], lastChange: last[$0], nRows: nRows[$0]) }
        if let latest {
            let young = try apdb.int64(
                """
                SELECT min("chunk") FROM skyledger."Change"
                WHERE "chunk" > $1 AND "recordedAt" >= to_timestamp($2)
                """, [.int64(number), .double(latest.timeIntervalSince1970)])
            if let young { chunks.removeAll { $0.chunk >= young } }
        }
        return chunks
    }

    /// With the keys of its changes.
    func withKeys(of generation: Generation, on apdb: Connection) throws -> WaitingChunk {
        var out = self
        let rows = try apdb.query(
            """
            SELECT "replicaKey", "kind" FROM skyledger."Change" WHERE "chunk" = $1 AND "generation" = $2 ORDER BY 1
            """, [.int64(chunk), .int32(Int32(generation.id))], name: "chunk_keys")
        guard let keys = rows["replicaKey"]?.int64s, let kinds = rows["kind"]?.strings else { return out }
        out.keys = keys
        out.copies = keys.indices.filter { kinds[$0] == "copy" }.map { keys[$0] }
        if !out.copies.isEmpty || keys.indices.contains(where: { kinds[$0] == "before" }) {
            out.later =
                try apdb.query(
                    """
                    SELECT "replicaKey" FROM skyledger."Change"
                    WHERE "change" > $1 AND "generation" = $2 AND "kind" NOT IN ('before', 'copy') ORDER BY 1
                    """, [.int64(lastChange), .int32(Int32(generation.id))])["replicaKey"]?.int64s ?? []
        }
        return out
    }
}
