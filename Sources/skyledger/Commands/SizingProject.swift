import ArgumentParser
import Catalog
import Foundation
import Sizing

struct SizingProject: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "project", abstract: "What this instance, or a survey with its bytes a row, will take.",
        discussion: """
            Models: lsst, small-telescope, a YAML file, or measured: the instance's own growth carried on. A model needs no instance; where there
            is none with rows, bytes a row are typical values, and marked so. --show-model prints a model to start a file from.
            Example: skyledger sizing project --model lsst --years 10 --compare-retention-months 24
            Example: skyledger sizing project --model measured --to-visits 3000 --format json
            """)

    @Option(help: "lsst, small-telescope, measured, or a YAML file.") var model = "measured"
    @Option(help: "Years to project.") var years: Int?
    @Option(help: "With the model measured: visits in all, those of now included.") var toVisits: Int?
    @Option(help: "Months of 30 days that the APDB keeps sources and versions, instead of the model's.") var retentionMonths: Double?
    @Option(help: "What another retention would change.") var compareRetentionMonths: Double?
    @Option(help: "What the retention policy in this YAML file would change.") var comparePolicy: String?
    @Flag(help: "Print the model as YAML, and nothing else.") var showModel = false
    @Option(help: "table, json or html.") var format: SizingFormat = .table
    @Option(help: "Write to this file instead of standard output.") var output: String?
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        if showModel { return try RowOutput.text(SurveyModel.yaml(of: model), OutputRequest(format: .table, path: output)) }
        for (months, option) in [(retentionMonths, "--retention-months"), (compareRetentionMonths, "--compare-retention-months")] {
            if let months, !(months >= 1 && months <= 1200) { throw RequestError("\(option) is \(months) but must be from 1 to 1200") }
        }
        guard comparePolicy == nil || compareRetentionMonths == nil else {
            throw RequestError("--compare-policy and --compare-retention-months contradict each other: name one")
        }
        if let years, !(1...100).contains(years) { throw RequestError("--years is \(years) but must be from 1 to 100") }
        if let toVisits, !(1...1_000_000_000).contains(toVisits) { throw RequestError("--to-visits is \(toVisits) but must be 1 or more") }
        guard toVisits == nil || model == "measured" else {
            throw RequestError("--to-visits goes with --model measured; name --years for \(model)")
        }
        guard toVisits == nil || years == nil else { throw RequestError("--to-visits and --years contradict each other: name one") }
        guard toVisits != nil || years != nil else {
            throw RequestError("how far? Name --years N" + (model == "measured" ? " or --to-visits N" : ""))
        }
        let policy = try comparePolicy.map(Self.policy)
        let script = try format == .html ? SizingPlots.script() : nil
        let survey = model == "measured" ? nil : try SurveyModel.named(model)
        let measurement = try measured(isNeeded: survey == nil)
        let projection = try project(survey, measurement, months: retentionMonths)
        var difference: ProjectionDifference?
        if let months = compareRetentionMonths ?? policy.map({ Double($0.DiaSource.months) }) {
            let other = policy.map { policy in survey.map { $0.keeping(policy) } } ?? survey
            let months = survey != nil && policy != nil ? nil : months
            difference = try ProjectionDifference(from: projection, to: project(other, measurement, months: months))
        }
        let document = SizingProjectionDocument(projection: projection, difference: difference)
        let request = OutputRequest(format: .table, path: output)
        switch format {
        case .table: try RowOutput.text(SizingTables.projection(document), request)
        case .json: try RowOutput.text(SizingTables.json(document) + "\n", request)
        case .html:
            let title = "SkyLedger: projection of \(projection.model)"
            try RowOutput.text(
                SizingPage(title: title, kind: .projection, json: SizingTables.json(document), script: script!).html, request)
        }
    }

    private static func policy(_ path: String) throws -> RetentionPolicy {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw RequestError("the policy \(path) cannot be read: name a YAML file, as `skyledger retention policy show` prints it")
        }
        return try RetentionPolicy(yaml: text, name: path)
    }

    /// A model needs no instance, but takes the bytes a row of one that is there.
    private func measured(isNeeded: Bool) throws -> SizingMeasurement? {
        if !isNeeded, !instance.isNamed, !FileManager.default.fileExists(atPath: instance.directory) { return nil }
        return try SizingCommand.measure(instance.open())
    }

    private func project(_ survey: SurveyModel?, _ measurement: SizingMeasurement?, months: Double?) throws -> Projection {
        if let survey {
            let sizes = try UnitSizes(measurement)
            return SurveyProjection(months.map { survey.keeping(months: $0) } ?? survey, sizes: sizes).projection(years: years ?? 1)
        }
        let own = try InstanceProjection(measurement ?? SizingMeasurement(), options: .init(retentionMonths: months))
        return try toVisits.map(own.projection(toVisits:)) ?? own.projection(years: years ?? 1)
    }
}

struct SizingProjectionDocument: Encodable {
    var kind = "projection"
    var projection: Projection
    var difference: ProjectionDifference?
}

extension SurveyModel {
    /// The same survey under a retention policy.
    fileprivate func keeping(_ policy: RetentionPolicy) -> SurveyModel {
        keeping(
            months: Double(policy.DiaSource.months), singleDetectionMonths: policy.DiaObjectLast.singleDetectionDays / 30,
            rawImageDays: policy.images.rawDays, processedImageDays: policy.images.processedDays)
    }
}
