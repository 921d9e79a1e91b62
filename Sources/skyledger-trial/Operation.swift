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

/// SplitMix64 (Steele, Lea & Flood 2014): the same numbers everywhere for one seed.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
