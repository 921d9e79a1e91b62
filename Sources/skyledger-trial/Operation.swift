import Simulation

/// What can happen to an instance.
enum Operation: String, CaseIterable {
    case load, loadAgain, reassign, reassignToSSObject, withdraw, restore, withdrawForced, restoreForced, close, split, merge, refused

    /// How often each comes; loads soon run out and then stand for loads of what is stored.
    var weight: Int {
        switch self {
        case .load: 30
        case .loadAgain: 5
        case .reassign: 15
        case .reassignToSSObject: 4
        case .withdraw: 12
        case .restore: 10
        case .withdrawForced, .restoreForced: 4
        case .close: 1
        case .split: 6
        case .merge: 6
        case .refused: 5
        }
    }

    static func random(_ generator: inout SplitMix) -> Operation {
        var left = Int(generator.next() % UInt64(allCases.reduce(0) { $0 + $1.weight }))
        for operation in allCases {
            left -= operation.weight
            if left < 0 { return operation }
        }
        return .load
    }
}
