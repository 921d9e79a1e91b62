import Catalog
import Foundation
import Sphere

/// One crosswalk from what is stored to what will be: sources by visit-detector, then objects by tile.
///
/// Only visit-detectors that both sides have take part: a source that one side could not have seen is neither new nor vanished. Memory holds
/// two batches of sources, a tile of objects, the objects along tiles' edges, and links up to a number.
struct CrosswalkRun {
    let old: CrosswalkReader
    let new: CrosswalkReader
    let output: CrosswalkOutput
    let rules: CrosswalkRules
    let pixelization: any Pixelization
    /// Sources of both sides that are read at once.
    var batchSources = 400_000
    /// Pairs of sources after which links are cleared from memory.
    var linkRowsMax = 4_000_000
    /// Called with what is done and what there is to do; false to stop.
    var progress: (CrosswalkProgress) -> Bool = { _ in true }

    /// - Returns: nil where the caller stopped it.
    func run() throws -> CrosswalkSummary? {
        var summary = CrosswalkSummary()
        var (oldBorder, newBorder) = (border(), border())
        try old.eachObjects { try oldBorder.add($0) }
        try new.eachObjects { try newBorder.add($0) }
        var links = try LinkTable(output.connection, rowsMax: linkRowsMax)
        guard try matchSources(moved: (oldBorder.moved, newBorder.moved), &links, &summary),
            try matchObjects(oldBorder, newBorder, &links, &summary)
        else { return nil }
        return summary
    }

    private func border() -> BorderObjects { BorderObjects(pixelization, radiusArcsec: rules.objectRadiusArcsec) }

    /// Batches are read ahead and written behind while the one between them is matched.
    private func matchSources(moved: ([Int64: Int64], [Int64: Int64]), _ links: inout LinkTable, _ summary: inout CrosswalkSummary) throws
        -> Bool
    {
        let (before, after) = (try old.visitDetectors(), try new.visitDetectors())
        let common = before.compactMap { key, entry in after[key].map { (key: key, sourceCount: entry.sourceCount + $0.sourceCount) } }
        let batches = VisitDetectorBatch.batches(common, limit: batchSources)
        summary.visitDetectors = common.count
        summary.onlyOldVisitDetectors = before.count - common.count
        summary.onlyNewVisitDetectors = after.count - common.count
        let total = common.reduce(0) { $0 + $1.sourceCount }
        func begin(_ number: Int) -> Reading? {
            guard number < batches.count else { return nil }
            let batch = batches[number]
            return Reading(
                old: Self.reading(old, batch, Self.midpoints(batch, before), moved.0),
                new: Self.reading(new, batch, Self.midpoints(batch, after), moved.1))
        }
        var reading = begin(0)
        var writing: Background<Void>?
        var isStopped = false
        var done = 0
        for number in batches.indices {
            guard let current = reading else { break }
            // Both are waited for, whatever one of them says: the connections serve nobody else before.
            let (first, second) = (Result { try current.old.value() }, Result { try current.new.value() })
            reading = nil
            do {
                let (oldSources, newSources) = (try first.get(), try second.get())
                isStopped = !progress(.init(stage: .sources, done: done, total: total))
                if !isStopped { reading = begin(number + 1) }
                let matches = isStopped ? SourceMatches() : try SourceCrosswalk.match(old: oldSources, new: newSources, rules: rules)
                try writing?.value()
                writing = nil
                if isStopped { break }
                summary.count(matches)
                try links.add(matches)
                let output = output
                writing = Background { try output.write(matches) }
                done += batches[number].sourceCount
            } catch {
                // Nobody leaves while threads of this work hold the connections.
                _ = reading.map { ($0.old.settled, $0.new.settled) }
                writing?.settle()
                throw error
            }
        }
        try writing?.value()
        return !isStopped
    }

    private struct Reading {
        var old: Background<CrosswalkSources>
        var new: Background<CrosswalkSources>
    }

    private static func reading(
        _ reader: CrosswalkReader, _ batch: VisitDetectorBatch, _ midpoints: ClosedRange<Double>?, _ moved: [Int64: Int64]
    ) -> Background<CrosswalkSources> {
        Background { try reader.read(batch, midpoints: midpoints, moved: moved) }
    }

    private static func midpoints(_ batch: VisitDetectorBatch, _ entries: [VisitDetectorKey: CrosswalkReader.Entry]) -> ClosedRange<Double>?
    {
        var (low, high) = (Double.infinity, -Double.infinity)
        for key in batch.keys {
            guard let time = entries[key]?.midpointMjdTai, time.isFinite else { return nil }
            (low, high) = (min(low, time), max(high, time))
        }
        return low <= high ? low...high : nil
    }
}

extension Background {
    /// Waits for the work to end, whatever came of it.
    fileprivate func settle() { _ = try? value() }
    fileprivate var settled: Bool {
        settle()
        return true
    }
}
