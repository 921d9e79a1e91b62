/// Visit-detectors that are matched at once: those of a range of visits, or of a range of detectors of one visit.
struct VisitDetectorBatch: Sendable, Equatable {
    var keys: [VisitDetectorKey] = []
    /// Sources of both sides.
    var sourceCount = 0
    /// Whether it is a part of one visit.
    var isPart = false

    var visits: ClosedRange<Int64> { keys[0].visit...keys[keys.count - 1].visit }
    /// Nil where whole visits are meant.
    var detectors: ClosedRange<Int32>? { isPart ? keys[0].detector...keys[keys.count - 1].detector : nil }

    /// Cuts visit-detectors into batches of about `limit` sources, in the order of visit and detector, each visit-detector in one.
    ///
    /// A visit that has more than the limit is cut at detectors; a visit-detector never is.
    /// - Parameter visitDetectors: those that both sides have, in any order, each with the sources of both.
    /// - Complexity: a sort.
    static func batches(_ visitDetectors: [(key: VisitDetectorKey, sourceCount: Int)], limit: Int) -> [VisitDetectorBatch] {
        let sorted = visitDetectors.sorted { $0.key < $1.key }
        var out: [VisitDetectorBatch] = []
        var waiting = VisitDetectorBatch()
        func close(_ batch: inout VisitDetectorBatch) {
            if !batch.keys.isEmpty { out.append(batch) }
            batch = VisitDetectorBatch()
        }
        var start = 0
        while start < sorted.count {
            let end = sorted[start...].firstIndex { $0.key.visit != sorted[start].key.visit } ?? sorted.count
            let count = sorted[start..<end].reduce(0) { $0 + $1.sourceCount }
            if waiting.sourceCount + count > limit { close(&waiting) }
            if count > limit {
                for one in sorted[start..<end] {
                    if waiting.sourceCount + one.sourceCount > limit { close(&waiting) }
                    waiting.isPart = true
                    waiting.keys.append(one.key)
                    waiting.sourceCount += one.sourceCount
                }
                close(&waiting)
            } else {
                waiting.keys += sorted[start..<end].map(\.key)
                waiting.sourceCount += count
            }
            start = end
        }
        close(&waiting)
        return out
    }
}
