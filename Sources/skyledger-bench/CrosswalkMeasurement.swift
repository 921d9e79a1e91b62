import Foundation
import Release
import Synchronization

/// The crosswalk of a survey and its reprocessing, both made in memory: sources by visit-detector, then objects by tile, on two threads.
enum CrosswalkMeasurement {
    static func run(sources: Int) throws {
        let made = try MadeReprocessing(sources: sources)
        let rules = CrosswalkRules()
        let madeBytes = residentBytes()

        let matched = Mutex<(counter: LinkCounter, rows: Int, pairs: Int, right: Int)>((LinkCounter(), 0, 0, 0))
        let sourceSeconds = try seconds {
            try onTwoThreads(made.old.count) { area in
                let matches = try SourceCrosswalk.match(old: made.old[area], new: made.new[area], rules: rules)
                let right = (0..<matches.rowCount).count {
                    matches.newDiaSourceId[$0] - matches.oldDiaSourceId[$0] == MadeReprocessing.idShift
                }
                matched.withLock {
                    $0.counter.add(matches)
                    $0.rows += matches.rowCount
                    $0.pairs += matches.matchedCount
                    $0.right += right
                }
            }
        }
        var links: [ObjectLink] = []
        let linkSeconds = seconds { links = matched.withLock { $0.counter.allLinks() } }
        var tiles: [ObjectTile] = []
        let tileSeconds = seconds { tiles = ObjectTile.tiles(old: made.oldObjects, new: made.newObjects, links: links, rules: rules) }
        let crosswalk = Mutex<Objects>(Objects(crosswalk: try ObjectCrosswalk(rules: rules)))
        let objectSeconds = try seconds {
            let all = tiles
            try onTwoThreads(all.count) { number in
                let prepared = try PreparedTile(all[number], rules: rules)
                try crosswalk.withLock {
                    let decided = try $0.crosswalk.add(prepared)
                    $0.oldCounts.merge(decided.oldCounts, uniquingKeysWith: +)
                    $0.rows += decided.rows.count
                    $0.most = max($0.most, $0.crosswalk.waitingCount)
                }
            }
            try crosswalk.withLock { try $0.crosswalk.finish() }
        }
        let total = matched.withLock { $0 }
        let objects = crosswalk.withLock { $0 }
        let (same, split) = (objects.oldCounts[.same] ?? 0, objects.oldCounts[.split] ?? 0)
        report(
            "crosswalk",
            [
                "oldSources": Double(made.old.reduce(0) { $0 + $1.count }), "newSources": Double(made.new.reduce(0) { $0 + $1.count }),
                "pairs": Double(total.pairs), "rightPairs": Double(total.right), "links": Double(links.count), "tiles": Double(tiles.count),
                "sourceSeconds": sourceSeconds, "linkSeconds": linkSeconds, "tileSeconds": tileSeconds, "objectSeconds": objectSeconds,
                "seconds": sourceSeconds + linkSeconds + tileSeconds + objectSeconds, "mostWaitingObjects": Double(objects.most),
                "objectRows": Double(objects.rows),
                "same": Double(same), "split": Double(split), "otherOld": Double(objects.oldCounts.values.reduce(0, +) - same - split),
                "madeMegabytes": Double(madeBytes) / 1e6, "mostMegabytes": Double(residentBytes()) / 1e6,
            ])
    }

    private struct Objects {
        var crosswalk: ObjectCrosswalk
        var oldCounts: [Correspondence: Int] = [:]
        var rows = 0
        var most = 0
    }

    /// Runs `body` for 0 ..< count; throws the first error.
    private static func onTwoThreads(_ count: Int, _ body: @Sendable (Int) throws -> Void) throws {
        let next = Atomic(0)
        let failure = Mutex<(any Error)?>(nil)
        DispatchQueue.concurrentPerform(iterations: 2) { _ in
            while failure.withLock({ $0 == nil }) {
                let number = next.add(1, ordering: .relaxed).oldValue
                if number >= count { return }
                do { try body(number) } catch { failure.withLock { $0 = error } }
            }
        }
        if let error = failure.withLock({ $0 }) { throw error }
    }

    /// The most memory that the process held so far.
    private static func residentBytes() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss * 1024
    }
}
