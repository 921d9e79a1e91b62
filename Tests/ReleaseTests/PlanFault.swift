/// A change of the example that must be refused.
struct PlanFault: Sendable {
    /// What stands in the example, and what stands there instead.
    var old: String
    var new: String
    /// What the line to blame holds.
    var at: String
    /// Part of the sentence.
    var says: String

    init(_ old: String, _ new: String, _ at: String, _ says: String) { (self.old, self.new, self.at, self.says) = (old, new, at, says) }

    static let all: [PlanFault] = [
        PlanFault(
            "checks: {start", "checks: {begin", "checks: {begin", "checks of DR1 has no key begin: known are start, end, days, after"),
        PlanFault("      retirement:", "      departure:", "departure:", "steps of DR1 has no key departure"),
        PlanFault("    steps:", "    stages:", "stages:", "a release has no key stages: known are name, steps"),
        PlanFault("  - name: DR1\n", "  - title: DR1\n", "title", "a release has no key title"),
        PlanFault("date: 2027-01-15}", "date: 2027-02-30}", "2027-02-30", "date of inputCutoff of DR1 is 2027-02-30: it must be a day"),
        PlanFault("days: 60", "days: sixty", "sixty", "days of templateGeneration of DR1 is sixty: it must be a whole number"),
        PlanFault("days: 60", "days: -1", "days: -1", "is -1: it must be a whole number of days from 0"),
        PlanFault("days: 60", "days: ~", "days: ~", "the key days of templateGeneration of DR1 has no value"),
        PlanFault("after: [checks]", "after: [czechs]", "czechs", "replacement of DR1 comes after czechs, which is no step"),
        PlanFault("{date: 2027-09-01, after: [checks]}", "{after: [checks]}", "replacement: {after", "replacement of DR1 has no date"),
        PlanFault(
            "start: 2027-01-20, days: 60", "start: 2027-01-20", "templateGeneration: {start", "templateGeneration of DR1 has no dates"),
        PlanFault(
            "end: 2027-08-31", "end: 2027-08-01", "checks: {start", "checks of DR1 ends on 2027-08-01, before it starts on 2027-08-10"),
        PlanFault("end: 2027-08-31", "days: 21, end: 2027-08-30", "checks: {start", "has 21 days, and 20 from 2027-08-10 to 2027-08-30"),
        PlanFault(
            "inputCutoff: {date: 2027-01-15}", "inputCutoff: {date: 2027-01-15, after: [retirement]}", "inputCutoff: {date",
            "inputCutoff after retirement after replacement after checks after level1Reprocessing after templateGeneration after inputCutoff"
        ),
        PlanFault("after: [checks]}", "after: [replacement]}", "replacement: {date", "in a circle: replacement after replacement"),
        PlanFault(
            "level1Reprocessing: {days: 90, after: [templateGeneration, movingObjectProcessing]}",
            "level1Reprocessing: {start: 2027-03-01, days: 90}", "level1Reprocessing: {start",
            "begins on 2027-03-01, before templateGeneration is complete on 2027-03-21 (line 7): it needs it"
        ),
        PlanFault(
            "level1Reprocessing: {days: 90, after: [templateGeneration, movingObjectProcessing]}",
            "level1Reprocessing: {start: 2027-04-20, days: 90}", "level1Reprocessing: {start",
            "begins on 2027-04-20, before movingObjectProcessing is complete on 2027-04-26"
        ),
        PlanFault(
            "start: 2027-01-20", "start: 2027-01-10", "templateGeneration: {start", "begins on 2027-01-10, before inputCutoff is complete"),
        PlanFault(
            "start: 2027-08-10", "start: 2027-07-01", "checks: {start", "checks of DR1 begins on 2027-07-01, before level1Reprocessing"),
        PlanFault("date: 2027-12-01", "date: 2027-08-31", "retirement: {date", "before replacement is complete on 2027-09-01"),
        PlanFault(
            "through: 2027-09-01", "through: 2027-08-20", "through: 2027-08-20",
            "reach 2027-08-20, 12 days before its replacement on 2027-09-01"
        ),
        PlanFault("through: 2027-09-01", "through: 2027-09-02", "through: 2027-09-02", "it cannot take visits through 2027-09-02"),
        PlanFault(
            "from: 2027-01-15", "from: 2027-01-20", "from: 2027-01-20",
            "visits of DR1 from 2027-01-15 to 2027-01-20 are in the inputs of no step"
        ),
        PlanFault(
            "days: 90, after", "days: 90, inputs: {through: 2027-01-10}, after", "days: 90, inputs", "reach 2027-01-10, not the cutoff"),
    ]
}
