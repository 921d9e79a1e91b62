import Release
import Testing

@Suite("Rules of a crosswalk")
struct CrosswalkRulesTests {
    @Test("the defaults are in range")
    func defaults() throws { try CrosswalkRules().check() }

    @Test("a radius that is no angle is refused by its name", arguments: [0, -1, 61, Double.nan, .infinity])
    func radius(value: Double) {
        var rules = CrosswalkRules()
        rules.objectRadiusArcsec = value
        #expect { try rules.check() } throws: { "\($0)".contains("objectRadiusArcsec is \(value)") }
    }

    @Test("a fraction that could make every link minor is refused", arguments: [-0.1, 0.6, .nan])
    func fraction(value: Double) {
        var rules = CrosswalkRules()
        rules.minorFraction = value
        #expect { try rules.check() } throws: { "\($0)".contains("minorFraction") }
    }
}
