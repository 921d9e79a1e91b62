import Foundation

/// A folder with the exposures of visit-detectors: `difference_VISIT_DETECTOR.fits`, `science_...` and `template_...`, plain or ending in
/// `.fz` or `.gz`. Where a `matched_template_...` (its PSF made that of the science image) stands beside a `template_...`, it is taken.
///
///     let images = try ImageFolder("images").exposures(visit: 7, detector: 8)
public struct ImageFolder: Sendable {
    public let path: String

    public init(_ path: String) { self.path = path }

    /// The exposures of a visit-detector; nil for those that are not there.
    public struct Exposures: Sendable {
        public var difference: Exposure?
        public var science: Exposure?
        public var template: Exposure?

        public init(difference: Exposure? = nil, science: Exposure? = nil, template: Exposure? = nil) {
            self.difference = difference
            self.science = science
            self.template = template
        }

        public var isEmpty: Bool { difference == nil && science == nil && template == nil }
    }

    /// The file of a kind (`difference`, `science`, `template`, `matched_template`); nil where there is none. Of several, the plain one is
    /// taken before `.fz` and `.gz`.
    public func file(_ kind: String, visit: Int64, detector: Int) -> String? {
        ["", ".fz", ".gz"].lazy.map { "\(path)/\(kind)_\(visit)_\(detector).fits\($0)" }.first {
            FileManager.default.fileExists(atPath: $0)
        }
    }

    /// Reads what is there. That a file is absent is no error.
    /// - Throws: `ImagesError` where a file is damaged
    public func exposures(visit: Int64, detector: Int) throws -> Exposures {
        func read(_ kind: String) throws -> Exposure? { try file(kind, visit: visit, detector: detector).map { try Exposure(path: $0) } }
        var template: Exposure?
        if var matched = try read("matched_template") {
            matched.isPSFMatched = true
            template = matched
        } else {
            template = try read("template")
        }
        return Exposures(difference: try read("difference"), science: try read("science"), template: template)
    }
}
