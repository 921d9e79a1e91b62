import ArgumentParser
import Foundation
import Ingest

/// A load as a person sees it: a bar, what should be known, what was done.
enum LoadRun {
    /// - Parameter issuesAlerts: whether alerts belong to the summary; the generation of a release issues none.
    /// - Throws: what the load throws; exit code 130 where it was interrupted.
    static func run(
        _ inputs: [LoadInput], _ options: LoadTask.Options, in instance: InstanceOptions, _ summary: SummaryOptions, issuesAlerts: Bool
    ) throws {
        let bar = ProgressBar("visits")
        let interruption = Interruption()
        let night = NightBar(bar, interruption)
        let progress = { (progress: LoadTask.Progress) in
            bar.update(done: progress.visitsDone, total: progress.visitsTotal, note: "\(progress.summary.diaSources) DiaSources")
            return !interruption.isRequested
        }
        let outcome = try LoadTask(instance: instance.open(), options: options).run(inputs, progress: progress, preparing: night.update)
        bar.end()
        for sentence in remarks(outcome, isLive: issuesAlerts) { remark(sentence) }
        try summary.print(outcome) { text($0, issuesAlerts: issuesAlerts) }
        if interruption.isRequested { throw ExitCode(130) }
    }

    private static func remarks(_ outcome: LoadTask.Summary, isLive: Bool) -> [String] {
        var sentences: [String] = []
        if outcome.limitedDetectors > 0 {
            sentences.append(
                "\(outcome.limitedDetectors) visit-detectors had more new sources than founding.maximumNewObjects allows: the rest is stored without object"
            )
        }
        if outcome.withoutEphemerides > 0 {
            sentences.append(
                NightBar.withoutEphemerides(outcome.withoutEphemerides, outcome.withoutEphemeridesReason)
                    + (isLive ? "; then run `skyledger solarsystem rematch`" : ""))
        }
        if outcome.forcedWithoutObject > 0 {
            sentences.append("\(outcome.forcedWithoutObject) forced sources lie on no object of their visit-detector and were left out")
        }
        return sentences
    }

    private static func text(_ outcome: LoadTask.Summary, issuesAlerts: Bool) -> String {
        var lines = [
            "\(outcome.visits) visits, \(outcome.detectors) visit-detectors (\(outcome.skippedAlreadyLoaded) were loaded already)",
            "\(outcome.diaSources) DiaSources stored, \(outcome.diaObjectsNew) new DiaObjects, \(outcome.diaObjectsUpdated) updates of DiaObjects",
            "\(outcome.unassociated) DiaSources belong to no DiaObject (their disposition says why), \(outcome.adopted) earlier ones were adopted, \(outcome.diaForcedSources) DiaForcedSources stored",
        ]
        if outcome.outsidePiece > 0 {
            lines.append(
                "\(outcome.outsidePiece) visit-detectors of the input lie outside the piece that the release replaces, and were left out")
        }
        if outcome.ssSources > 0 { lines.append("\(outcome.ssSources) DiaSources are known objects of the solar system") }
        if outcome.nightsPrepared > 0 {
            lines.append(String(format: "orbits carried to %d nights in %.1f seconds", outcome.nightsPrepared, outcome.preparationSeconds))
        }
        if issuesAlerts {
            let others = outcome.otherAlerts > 0 ? ", and \(outcome.otherAlerts) that are not standard" : ""
            lines.append("\(outcome.alerts) alerts issued\(others)")
        }
        let rate = outcome.diaSources > 0 ? String(format: ", %.0f DiaSources a second", Double(outcome.diaSources) / outcome.seconds) : ""
        lines.append(String(format: "%.1f seconds", outcome.seconds) + rate)
        return lines.joined(separator: "\n")
    }
}
