import TestSupport
import Testing

@testable import Release

@Suite("Thresholds and excuses of a release's check") struct CheckRulesTests {
    private func refusal(_ yaml: String) -> String {
        do {
            _ = try CheckThresholds(yaml: yaml, name: "limits.yaml")
            return "accepted"
        } catch { return "\(error)" }
    }

    @Test("the printed thresholds are a document that gives them again, and one that changes every setting changes every setting")
    func roundTrip() throws {
        let defaults = CheckThresholds()
        #expect(try CheckThresholds(yaml: defaults.yaml, name: "d") == defaults)
        let others = defaults.yaml.split(separator: "\n").map { line -> String in
            guard let colon = line.firstIndex(of: ":"), line.last != ":" else { return String(line) }
            return line.hasSuffix("false") ? "\(line[..<colon]): true" : "\(line[..<colon]): 7"
        }
        let changed = try CheckThresholds(yaml: others.joined(separator: "\n"), name: "d")
        #expect(changed.yaml.replacing("7.0", with: "7") == others.joined(separator: "\n") + "\n")
        #expect(changed.digest != defaults.digest)
    }

    @Test("a document sets what it says and leaves the rest")
    func partial() throws {
        let limits = try CheckThresholds(yaml: "astrometry: {medianArcsec: 0.02}\nppdb:\n  required: true\n", name: "limits.yaml")
        var expected = CheckThresholds()
        expected.astrometry.medianArcsec = 0.02
        expected.ppdb.required = true
        #expect(limits == expected)
    }

    @Test("what is no threshold is refused with its line")
    func refused() {
        #expect(
            refusal("astrometry: {}\nastrometri: {}").hasPrefix("limits.yaml: line 2: the document of thresholds has no key astrometri"))
        #expect(refusal("lag:\n  visitDetectors: 0\n  visits: 1").hasPrefix("limits.yaml: line 3: lag has no key visits"))
        #expect(
            refusal("lag:\n  visitDetectors: 1.5") == "limits.yaml: line 2: lag.visitDetectors is 1.5: it must be a whole number, 0 or more"
        )
        #expect(refusal("counts:\n\n  nightFraction: -1").contains("line 3: counts.nightFraction is -1: it must be a number, 0 or more"))
        #expect(refusal("photometry: {medianFraction: .nan}").contains("line 1: photometry.medianFraction"))
        #expect(refusal("ppdb: {required: 1}").contains("it must be true or false"))
        #expect(refusal("ppdb: [1]").contains("line 1: ppdb must be keys and values"))
        #expect(refusal("").contains("the document is empty"))
        #expect(refusal("a: [").contains("this is no YAML"))
    }

    @Test("an excuse names a visit or a visit and a detector, with a reason")
    func excuses() throws {
        let list = try ExcuseList(text: "# nights of storm\n\n12  # shutter\r\n13, 4\n13 5 # no template # at all\n", name: "e.txt")
        #expect(list.reasons.count == 3)
        #expect(list.entry(visit: 12, detector: 99).flatMap { list.reasons[$0] } == "shutter")
        #expect(list.entry(visit: 13, detector: 4) == ExcuseList.Entry(visit: 13, detector: 4))
        #expect(list.entry(visit: 13, detector: 5).flatMap { list.reasons[$0] } == "no template # at all")
        #expect(list.entry(visit: 13, detector: 6) == nil)
    }

    @Test(
        "a line that is no excuse is refused with its number",
        arguments: [("1\n\ntwo", 3), ("1 2 3", 1), ("7 1\n7 x", 2), ("7\n8\n7", 3), ("1.5", 1)])
    func badExcuse(text: String, line: Int) {
        #expect {
            try ExcuseList(text: text, name: "e.txt")
        } throws: {
            guard case ReleaseError.plan(document: "e.txt", line: line, _) = $0 else { return false }
            return true
        }
    }
}
