import Catalog
import Images

/// Cutouts out of a folder of difference, science and template images, a file each a visit-detector.
public struct FolderImages: AlertImages {
    private let folder: ImageFolder

    public init(_ folder: ImageFolder) { self.folder = folder }

    /// - Throws: `ImagesError` for a damaged file, or one without coordinates
    public func stamps(of visitDetector: VisitDetector) throws -> StampMaking? {
        let exposures = try folder.exposures(visit: visitDetector.visit, detector: Int(visitDetector.detector))
        if exposures.isEmpty { return nil }
        let difference = try exposures.difference.map(StampMaker.init)
        let science = try exposures.science.map(StampMaker.init)
        let template = try exposures.template.map(StampMaker.init)
        return { ra, dec, side in
            func stamp(_ maker: StampMaker?) throws -> [UInt8]? {
                do { return try maker?.stamp(ra: ra, dec: dec, size: side) } catch ImagesError.offImage { return nil }
            }
            return AlertStamps(difference: try stamp(difference), science: try stamp(science), template: try stamp(template))
        }
    }
}
