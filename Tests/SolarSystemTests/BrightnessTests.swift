import Foundation
import SolarSystem
import TestSupport
import Testing

@Suite("Brightness laws and phase curves")
struct BrightnessTests {
    /// Degrees and the three functions, from the table of Penttilä et al. (2016).
    static let tabulated: [(Double, Double, Double, Double)] = [
        (0, 1, 1, 1), (0.025, 0.99916667, 0.99975, 0.9980637), (0.1, 0.99666667, 0.999, 0.9728036), (0.5, 0.98333333, 0.995, 0.71701389),
        (1.5, 0.95, 0.985, 0.49331752), (6, 0.8, 0.94, 0.14221716), (7.5, 0.75, 0.925, 0.11071705),
        (10, 0.67230993, 0.89839618, 0.07980824),
        (25, 0.38772394, 0.69806837, 0.00358992), (30, 0.33486016, 0.62884169, 0), (45, 0.21415492, 0.45288296, 0),
        (75, 0.08284886, 0.21084408, 0), (105, 0.03147014, 0.06370871, 0), (135, 0.01712876, 0.00395661, 0),
        (150, 0.0036397, 0.00016506, 0),
    ]

    @Test("the basis functions are those of the published table to its last digit", arguments: tabulated)
    func basis(row: (Double, Double, Double, Double)) {
        let phi = PhaseFunction.basis(phaseAngle: row.0)
        #expect(abs(phi.first - row.1) < 6e-9 && abs(phi.second - row.2) < 6e-9 && abs(phi.third - row.3) < 6e-9)
    }

    @Test("no law dims at zero phase, and all dim with growing phase")
    func monotone() throws {
        #expect(abs(try #require(PhaseFunction.hg(phaseAngle: 0, g: 0.15))) < 1e-12)
        #expect(abs(try #require(PhaseFunction.hg12(phaseAngle: 0, g12: 0.5))) < 1e-12)
        for alpha in 0..<120 {
            let (here, next) = (Double(alpha), Double(alpha + 1))
            #expect(try #require(PhaseFunction.hg(phaseAngle: next, g: 0.15)) > #require(PhaseFunction.hg(phaseAngle: here, g: 0.15)))
            #expect(try #require(PhaseFunction.hg12(phaseAngle: next, g12: 0.5)) > #require(PhaseFunction.hg12(phaseAngle: here, g12: 0.5)))
        }
    }

    @Test(
        "H, G12, errors, covariance and chi-squared are scipy's on synthetic curves",
        .enabled(if: PackageFolder.hasPython, "needs numpy and scipy: run tools/bootstrap, or set SKYLEDGER_DEPS"))
    func agreesWithScipy() throws {
        let words = try GoldenScript.doubles(of: "brightness.py", seed: 11)
        var at = 1
        var worst = (h: 0.0, g12: 0.0, error: 0.0, chi2: 0.0)
        for _ in 0..<Int(bitPattern: UInt(words[0].bitPattern)) {
            let n = Int(words[at].bitPattern)
            let part = { (k: Int) in Array(words[(at + 1 + k * n)..<(at + 1 + (k + 1) * n)]) }
            let expected = Array(words[(at + 1 + 3 * n)..<(at + 7 + 3 * n)])
            let fit = try #require(PhaseCurveFit(phaseAngles: part(0), reducedMagnitudes: part(1), errors: part(2)))
            #expect(!fit.slopeFitFailed && fit.usedCount == n)
            worst.h = max(worst.h, abs(fit.h - expected[0]))
            worst.g12 = max(worst.g12, abs(fit.g12 - expected[1]))
            let g12Err = try #require(fit.g12Err)
            let covariance = try #require(fit.covariance)
            worst.error = max(worst.error, abs(fit.hErr / expected[2] - 1), abs(g12Err / expected[3] - 1))
            worst.error = max(worst.error, abs(covariance - expected[4]) / (expected[2] * expected[3]))
            worst.chi2 = max(worst.chi2, abs(fit.chi2 - expected[5]) / Double(n))
            at += 7 + 3 * n
        }
        #expect(at == words.count)
        #expect(worst.h < 1e-5 && worst.g12 < 1e-5 && worst.error < 1e-4 && worst.chi2 < 1e-8, "\(worst)")
    }

    static func curve(_ angles: [Double], h: Double = 17, g12: Double = 0.4) throws -> [Double] {
        try angles.map { h + (try #require(PhaseFunction.hg12(phaseAngle: $0, g12: g12))) }
    }

    @Test("a curve without noise gives back the H and G12 that made it", arguments: [-0.05, 0.0, 0.1, 0.19, 0.21, 0.5, 0.9])
    func exact(g12: Double) throws {
        let angles = [0.1, 1, 5, 12, 25, 40]
        let fit = try #require(
            PhaseCurveFit(phaseAngles: angles, reducedMagnitudes: Self.curve(angles, g12: g12), errors: angles.map { _ in 0.02 }))
        #expect(abs(fit.h - 17) < 1e-9 && abs(fit.g12 - g12) < 1e-9 && !fit.slopeFitFailed)
    }

    @Test("where the slope cannot be known it is held and H is the weighted mean", arguments: [[3.0, 9], [9, 9, 9, 9]])
    func held(angles: [Double]) throws {
        let fit = try #require(
            PhaseCurveFit(
                phaseAngles: angles, reducedMagnitudes: Self.curve(angles, g12: PhaseCurveFit.fiducialG12), errors: angles.map { _ in 0.1 })
        )
        #expect(fit.slopeFitFailed && fit.g12 == PhaseCurveFit.fiducialG12 && fit.g12Err == nil && fit.covariance == nil)
        #expect(abs(fit.h - 17) < 1e-12 && abs(fit.hErr - 0.1 / Double(angles.count).squareRoot()) < 1e-12)
    }

    @Test("a curve that brightens with phase has no slope in the range: it is held")
    func outOfRange() throws {
        let angles = [1.0, 10, 20, 30]
        let fit = try #require(PhaseCurveFit(phaseAngles: angles, reducedMagnitudes: [20, 19, 18, 17], errors: angles.map { _ in 0.05 }))
        #expect(fit.slopeFitFailed)
    }

    @Test("points that cannot be used are left out and counted out")
    func unusable() throws {
        let angles = [1.0, 10, 20, 30, 40, 50, .nan, 151, -1]
        var magnitudes = try Self.curve(Array(angles.prefix(6))) + [17, 17, 17]
        magnitudes[5] = .nan
        let errors = [0.1, 0.1, 0.1, 0.1, 0, 0.1, 0.1, 0.1, 0.1]
        let fit = try #require(PhaseCurveFit(phaseAngles: angles, reducedMagnitudes: magnitudes, errors: errors))
        #expect(fit.usedCount == 4 && fit.phaseAngleMin == 1 && fit.phaseAngleMax == 30 && abs(fit.h - 17) < 1e-9)
        #expect(PhaseCurveFit(phaseAngles: [.nan], reducedMagnitudes: [17], errors: [0.1]) == nil)
    }
}
