import Catalog

/// The steps of a release, in the order in which people tell them.
public enum PlanStep: String, Sendable, Hashable, CaseIterable {
    /// The last visit that the reprocessing itself takes; a moment.
    case inputCutoff
    case templateGeneration
    /// Detection in the whole sky that moving-object processing starts from.
    case fullSkyDetection
    case movingObjectProcessing
    /// Visits up to the cutoff through the new algorithms, into the new generation.
    case level1Reprocessing
    /// Visits after the cutoff through the same, until the replacement.
    case catchUp
    case checks
    /// The point at which readers see the new generation; a moment.
    case replacement
    /// The old generation is removed; a moment.
    case retirement

    public var isMoment: Bool { self == .inputCutoff || self == .replacement || self == .retirement }

    /// Steps that take visits.
    public var hasInputs: Bool { self == .level1Reprocessing || self == .catchUp }

    /// Whether a release that replaces a piece may do without it: it uses templates and moving objects that are there.
    public var isOptionalForPiece: Bool { self == .templateGeneration || self == .fullSkyDetection || self == .movingObjectProcessing }

    /// What it needs of the steps that a release has: of one that it has not, what that would need.
    func needs(among present: Set<PlanStep>) -> [PlanStep] {
        let found = Set(needs.flatMap { present.contains($0) ? [$0] : $0.needs(among: present) })
        return PlanStep.allCases.filter(found.contains)
    }

    /// Steps that are complete before this one begins, whatever a document says.
    var needs: [PlanStep] {
        switch self {
        case .inputCutoff: []
        case .templateGeneration: [.inputCutoff]
        case .fullSkyDetection: [.inputCutoff]
        case .movingObjectProcessing: [.fullSkyDetection]
        case .level1Reprocessing: [.templateGeneration, .movingObjectProcessing]
        case .catchUp: [.level1Reprocessing]
        case .checks: [.level1Reprocessing]
        case .replacement: [.checks, .catchUp]
        case .retirement: [.replacement]
        }
    }
}

/// A step with its dates.
public struct PlannedStep: Sendable, Equatable {
    public var step: PlanStep
    public var start: PlanDate
    /// 0 h of the day after the last, so that `end - start` is the duration; for a moment the same as `start`.
    public var end: PlanDate
    /// Steps that the document says it comes after.
    public var after: [PlanStep]
    /// Steps of the release that it needs, whatever the document says.
    public var needs: [PlanStep]
    /// The visits that it takes: from the first day (nil: from the first visit) to 0 h of the last.
    public var inputs: PlannedInputs?
    /// Where the document says it.
    public var line: Int

    public var days: Int { end - start }

    /// What it comes after, by the document and by nature, in the order of steps.
    public var predecessors: [PlanStep] { PlanStep.allCases.filter { after.contains($0) || needs.contains($0) } }
}

public struct PlannedInputs: Sendable, Equatable {
    public var from: PlanDate?
    public var through: PlanDate
    public var line: Int
}

/// One release of a plan.
public struct PlannedRelease: Sendable, Equatable {
    public var name: String
    /// What it replaces; nil for everything.
    public var piece: ReleasePiece?
    /// Every step once, in the order of `PlanStep.allCases`; of a piece, those that are optional only where the document has them.
    public var steps: [PlannedStep]
    public var line: Int

    /// A step that it has.
    public subscript(step: PlanStep) -> PlannedStep { steps.first { $0.step == step }! }

    /// From the cutoff to the retirement of the old generation.
    public var start: PlanDate { steps.map(\.start).min()! }
    public var end: PlanDate { steps.map(\.end).max()! }
}
