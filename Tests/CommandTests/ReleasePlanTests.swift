import Foundation
import TestSupport
import Testing

@Suite("release plan, through the program")
struct ReleasePlanCommandTests {
    private func withPlan(_ change: (String) -> String = { $0 }, _ body: (String) throws -> Void) throws {
        let example = try Program.run(["release", "plan", "--example"])
        try #require(example.status == 0)
        let path = Program.temporary(".yaml")
        defer { try? FileManager.default.removeItem(atPath: path) }
        try change(example.output).write(toFile: path, atomically: true, encoding: .utf8)
        try body(path)
    }

    @Test("the example that it prints is a plan that it takes, and its chart is XML with a group a step")
    func example() throws {
        let svg = Program.temporary(".svg")
        defer { try? FileManager.default.removeItem(atPath: svg) }
        try withPlan { path in
            let outcome = try Program.run(["release", "plan", path, "--today", "2027-01-01", "--format", "json", "--svg", svg])
            #expect(outcome.status == 0, "\(outcome.errors)")
            let rows = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
            #expect(rows.count == 18)
            #expect(rows[4]["step"] as? String == "level1Reprocessing")
            #expect(rows[4]["plannedStart"] as? String == "2027-04-26")
        }
        let text = try String(contentsOfFile: svg, encoding: .utf8)
        #expect(text.components(separatedBy: "data-step=").count == 19)
    }

    @Test("a plan that cannot be is a wrong request, and the sentence names file and line")
    func refused() throws {
        try withPlan({ $0.replacingOccurrences(of: "after: [checks]", with: "after: [replacement]") }) { path in
            let outcome = try Program.run(["release", "plan", path])
            #expect(outcome.status == 2)
            #expect(outcome.errors.hasPrefix("skyledger: \(path): line "))
            #expect(outcome.errors.contains("in a circle: replacement after replacement"))
        }
    }

    @Test("a file that is not there is a wrong request") func missing() throws {
        #expect(try Program.run(["release", "plan", "/no/file"]).status == 2)
    }
}
