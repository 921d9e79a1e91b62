import Foundation
import TestSupport
import Testing

@testable import Sizing

@Suite struct LawTests {
    @Test("the law of new objects is found again from visits that follow it, whatever its three numbers are")
    func saturating() {
        for law in [
            SaturatingLaw(chancePerVisit: 200, reservoir: 1200, scaleVisits: 3),
            SaturatingLaw(chancePerVisit: 0, reservoir: 50_000, scaleVisits: 40),
            SaturatingLaw(chancePerVisit: 12, reservoir: 900, scaleVisits: 15),
        ] {
            let visits = (0..<60).map { law.total(Double($0 + 1)) - law.total(Double($0)) }
            let fitted = SaturatingLaw(fitting: visits)
            for n in [60.0, 120, 180, 600] { #expect(abs(fitted.total(n) / law.total(n) - 1) < 0.02, "\(law) \(fitted) at \(n)") }
        }
    }

    @Test("with noise of counting, the law predicts three times the visits within a few percent")
    func noisy() {
        var random = SeededGenerator(state: 6)
        let law = SaturatingLaw(chancePerVisit: 250, reservoir: 2000, scaleVisits: 6)
        let visits = (0..<20).map { n in
            let mean = law.total(Double(n + 1)) - law.total(Double(n))
            // The sum of twelve uniform numbers is nearly normal.
            let normal = (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &random) }
            return max(0, mean + normal * mean.squareRoot())
        }
        #expect(abs(SaturatingLaw(fitting: visits).total(60) / law.total(60) - 1) < 0.08)
    }

    @Test("a constant rate stays one, and no visits give no objects")
    func constant() {
        #expect(abs(SaturatingLaw(fitting: .init(repeating: 7, count: 30)).total(300) - 2100) < 1e-6)
        #expect(SaturatingLaw(fitting: []).total(100) == 0)
    }

    @Test("a trend is found again from visits that follow it, and ends at its last visit")
    func trend() {
        for shape in [TrendLaw.Shape.linear, .logarithmic] {
            let law = TrendLaw(shape: shape, start: 400, slope: 36)
            let fitted = TrendLaw(shape, fitting: (1...20).map { (law.value(Double($0)), Double($0)) })
            #expect(abs(fitted.value(60) - law.value(60)) < 1e-6)
        }
        let law = TrendLaw(shape: .linear, start: 0, slope: 1, lastVisit: 10)
        #expect(law.value(9) == 9 && law.value(1000) == 10)
    }
}
