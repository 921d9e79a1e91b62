import Catalog
import Foundation

/// A step that was done for a release, as a plan sees it.
public struct DoneStep: Sendable, Equatable {
    public var kind: ReleaseStep.Kind
    public var day: PlanDate
    /// Of a check: whether it passed.
    public var passes: Bool?

    public init(_ kind: ReleaseStep.Kind, on day: PlanDate, passes: Bool? = nil) {
        self.kind = kind
        self.day = day
        self.passes = passes
    }

    /// - Throws: `CatalogError.inconsistent` where the step has no time.
    public init(_ step: ReleaseStep) throws {
        guard let day = PlanDate(step.finishedAt.prefix(10)) else {
            throw CatalogError.inconsistent("step \(step.number) of a release was done at \(step.finishedAt), which is no day")
        }
        struct Detail: Decodable { var passes: Bool? }
        self.init(step.kind, on: day, passes: try? JSONDecoder().decode(Detail.self, from: Data(step.detail.utf8)).passes)
    }
}

extension StepStates {
    /// Puts what an instance did for a release in the place of what was said of those steps. Templates, full-sky detection and moving objects
    /// are made elsewhere: of them only a document knows.
    ///
    /// - Parameters:
    ///   - release: a release of the plan.
    ///   - cutoff: the day of its input cutoff.
    ///   - steps: what was done, in order; nothing changes where there is none.
    public mutating func take(_ steps: [DoneStep], of release: String, cutoff: PlanDate) {
        guard let begun = steps.first?.day else { return }
        func first(_ kind: ReleaseStep.Kind) -> PlanDate? { steps.first { $0.kind == kind }?.day }
        func last(_ kind: ReleaseStep.Kind) -> Int? { steps.lastIndex { $0.kind == kind } }
        // A rollback takes back the publication before it.
        let published = last(.publish).flatMap { index in last(.rollback).map { $0 > index } ?? false ? nil : steps[index].day }
        let isAbandoned = last(.abandon) != nil

        self[release, .inputCutoff] = State(.done, finished: min(cutoff, begun))
        // The reprocessing is at its end when its visits follow those of the nights.
        let following = [ReleaseStep.Kind.catchUp, .join].compactMap(first).min()
        let loaded = steps.last { $0.kind == .load && $0.day <= following ?? $0.day }?.day
        if let following {
            self[release, .level1Reprocessing] = State(.done, started: begun, finished: max(begun, loaded ?? following))
        } else {
            self[release, .level1Reprocessing] = State(isAbandoned ? .failed : .running, started: begun)
        }
        if let following {
            self[release, .catchUp] =
                published.map { State(.done, started: following, finished: $0) }
                ?? State(isAbandoned ? .failed : .running, started: following)
        } else {
            self[release, .catchUp] = State(.waiting)
        }
        if let checked = first(.check), let newest = steps.last(where: { $0.kind == .check }) {
            // What was published was accepted, whatever the check said.
            if newest.passes == true || published != nil {
                self[release, .checks] = State(.done, started: checked, finished: newest.day)
            } else {
                self[release, .checks] = State(newest.passes == false ? .failed : .running, started: checked)
            }
        } else {
            self[release, .checks] = State(.waiting)
        }
        self[release, .replacement] = published.map { State(.done, finished: $0) } ?? State(.waiting)
        self[release, .retirement] = first(.retire).map { State(.done, finished: $0) } ?? State(.waiting)
    }

    /// Steps that a step under way or done comes after, and that nobody said to be done: what is to be told to whoever reads the standing.
    public func unsaid(of release: PlannedRelease) -> [PlanStep] {
        PlanStep.allCases.filter { step in
            self[release.name, step].kind == .waiting
                && release.steps.contains {
                    $0.predecessors.contains(step) && [.running, .done].contains(self[release.name, $0.step].kind)
                }
        }
    }
}
