extension CheckThresholds {
    /// One setting: how it is written, and what it may be.
    struct Setting: Sendable {
        var name: String
        var need: String
        var text: @Sendable (CheckThresholds) -> String
        /// Takes a value; false where it is of another kind or out of range.
        var set: @Sendable (inout CheckThresholds, String) -> Bool

        static func count(_ name: String, _ path: WritableKeyPath<CheckThresholds, Int> & Sendable) -> Setting {
            Setting(
                name: name, need: "a whole number, 0 or more", text: { "\($0[keyPath: path])" },
                set: { thresholds, text in
                    guard let value = Int(text), value >= 0 else { return false }
                    thresholds[keyPath: path] = value
                    return true
                })
        }

        static func number(_ name: String, _ path: WritableKeyPath<CheckThresholds, Double> & Sendable) -> Setting {
            Setting(
                name: name, need: "a number, 0 or more", text: { "\($0[keyPath: path])" },
                set: { thresholds, text in
                    guard let value = Double(text), value.isFinite, value >= 0 else { return false }
                    thresholds[keyPath: path] = value
                    return true
                })
        }

        static func flag(_ name: String, _ path: WritableKeyPath<CheckThresholds, Bool> & Sendable) -> Setting {
            Setting(
                name: name, need: "true or false", text: { "\($0[keyPath: path])" },
                set: { thresholds, text in
                    guard let value = Bool(text) else { return false }
                    thresholds[keyPath: path] = value
                    return true
                })
        }
    }

    struct Group: Sendable {
        var name: String
        var settings: [Setting]
    }

    static let groups: [Group] = [
        Group(name: "completeness", settings: [.count("missingVisitDetectors", \.completeness.missingVisitDetectors)]),
        Group(
            name: "counts",
            settings: [.number("nightFraction", \.counts.nightFraction), .count("minimumSources", \.counts.minimumSources)]),
        Group(
            name: "unmatched",
            settings: [
                .number("oldFraction", \.unmatched.oldFraction), .number("newFraction", \.unmatched.newFraction),
                .count("minimumSources", \.unmatched.minimumSources),
            ]),
        Group(
            name: "astrometry",
            settings: [.number("medianArcsec", \.astrometry.medianArcsec), .number("scatterArcsec", \.astrometry.scatterArcsec)]),
        Group(
            name: "photometry",
            settings: [.number("medianFraction", \.photometry.medianFraction), .number("scatterFraction", \.photometry.scatterFraction)]),
        Group(
            name: "copied",
            settings: [.count("differentRows", \.copied.differentRows), .count("movedSources", \.copied.movedSources)]),
        Group(name: "invariants", settings: [.count("faults", \.invariants.faults)]),
        Group(
            name: "lag",
            settings: [.count("visitDetectors", \.lag.visitDetectors), .count("changesSinceCrosswalk", \.lag.changesSinceCrosswalk)]),
        Group(
            name: "updates",
            settings: [
                .count("waiting", \.updates.waiting), .count("skippedWithdrawals", \.updates.skippedWithdrawals),
                .count("skippedOthers", \.updates.skippedOthers), .count("withdrawnShown", \.updates.withdrawnShown),
            ]),
        Group(
            name: "ppdb",
            settings: [
                .flag("required", \.ppdb.required), .count("changesBehind", \.ppdb.changesBehind),
                .count("unverifiedMore", \.ppdb.unverifiedMore),
            ]),
        Group(name: "disk", settings: [.count("nights", \.disk.nights), .count("freeBytes", \.disk.freeBytes)]),
    ]
}
