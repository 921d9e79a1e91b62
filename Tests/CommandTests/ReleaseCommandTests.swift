import Foundation
import TestSupport
import Testing

@Suite("Release: commands", .serialized) struct ReleaseCommandTests {
    @Test("the steps of a release say what they did, in words and as JSON, and wrong requests exit with 2")
    func steps() throws {
        let instance = try LoadedInstance(count: 4)
        let begin = try instance.run("release", "begin", "DR1", "--cutoff", "61041.5", "--format", "json")
        #expect(begin.status == 0 && begin.output.contains("\"state\":\"loading\""), "\(begin.errors)")
        #expect(try instance.run("release", "begin", "DR2", "--cutoff", "61041.5").status == 2)
        #expect(
            try instance.run("release", "load", "DR9", instance.visits).errors.contains("there is no release DR9: the releases are DR1"))
        let early = try instance.run("release", "catch-up", "DR1")
        #expect(early.status == 2 && early.errors.contains("up to the cutoff are not in the release yet"))
        let load = try instance.run("release", "load", "DR1", instance.visits, "--format", "json")
        #expect(load.status == 0 && load.output.contains("\"visits\":4") && load.output.contains("\"alerts\":0"))
        #expect(try instance.run("schema", "migrate", PackageFolder.schema.path).errors.contains("release DR1 is under way"))
        #expect(try instance.run("release", "catch-up", "DR1").output.contains("lag: 0 visit-detectors"))
        #expect(try instance.run("release", "join", "DR1").output.contains("DR1 is joined"))
        #expect(try instance.run("release", "join", "DR1").output.contains("was joined already"))
        let status = try instance.run("release", "status", "--format", "csv")
        #expect(status.output.contains("DR1,joined,1,2,61041.5,"))
        #expect(try instance.run("release", "status", "DR1", "--format", "csv").output.contains(",join,"))
        #expect(try instance.run("release", "abandon", "DR1").output.contains("abandoned"))
        #expect(try instance.run("release", "load", "DR1", instance.visits).status == 2)
    }

    @Test("a release of a region says what it replaces and what it leaves out, and one that cannot be read is refused with its part named")
    func piece() throws {
        let instance = try LoadedInstance(count: 4)
        let wrong = try instance.run("release", "begin", "P1", "--cutoff", "61050", "--region", "circle 150 -30")
        #expect(wrong.status == 2 && wrong.errors.contains("circle"), "\(wrong.errors)")
        let elsewhere = try instance.run("release", "begin", "P1", "--cutoff", "61050", "--region", "circle 10 60 1")
        #expect(elsewhere.status == 2 && elsewhere.errors.contains("there is nothing to replace"))
        #expect(try instance.run("release", "status", "--format", "csv").output.split(separator: "\n").count == 1)
        let region = "box 149 -31 150 -29"
        let begin = try instance.run("release", "begin", "P1", "--cutoff", "61050", "--region", region, "--format", "json")
        #expect(begin.status == 0 && begin.output.contains("\"state\":\"loading\"") && begin.output.contains(region), "\(begin.errors)")
        let again = try instance.run("release", "begin", "P1", "--cutoff", "61050", "--region", region)
        #expect(again.status == 0 && again.output.contains("was begun already") && again.output.contains("of \(region)"))
        #expect(try instance.run("release", "begin", "P1", "--cutoff", "61050", "--since", "61000").status == 2)
        let load = try instance.run("release", "load", "P1", instance.visits)
        #expect(load.status == 0 && load.output.contains("lie outside the piece"), "\(load.errors)")
        #expect(try instance.run("release", "status", "--format", "csv").output.contains(region))
        #expect(try instance.run("release", "abandon", "P1").status == 0)
        #expect(try instance.run("doctor").status == 0)
    }
}
