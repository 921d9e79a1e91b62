import Alerts
import Catalog
import Columns
import Foundation
import Images
import Schema
import Sphere

/// The alerts of one visit, from rows to the ledger: packed, hashed, compressed, stored and committed, with three stamps each.
///
/// The rows are made up, all columns of the document filled, since what is measured is the way from them to the disk. The alerts stay in the
/// instance's ledger, as all alerts do: use an instance that may be thrown away.
enum AlertMeasurement {
    static func run(
        instance directory: String, schemas: String, alerts: Int = 10_000, sourcesEach: Int = 50, forcedEach: Int = 60, side: Int = 31
    ) throws {
        let instance = try Instance.open(directory)
        let connection = try instance.connect(as: .ingest)
        let generation = try instance.currentGeneration(on: connection)
        let schema = try AlertSchemas(connection).inForce(installed: AlertSchemaFolder(schemas))
        var settings = AlertSettings()
        (settings.minimumStampPixels, settings.maximumStampPixels) = (side, side)
        let issuer = try AlertIssuer(
            connection: connection, generation: generation, pixelization: instance.pixelization(on: connection), settings: settings,
            schema: schema, images: MadeImages(), secondConnection: { try instance.connect(as: .ingest) })
        let visit = try MadeVisit(generation, sources: alerts, earlierEach: sourcesEach, forcedEach: forcedEach).stored
        try issuer.prepare(mjdTai: visit.processedMjdTai)
        var issuing = 0.0
        let whole = try seconds {
            try connection.transaction { issuing = try seconds { try issuer.issue(visit) { _ in } } }
        }
        let stages = issuer.stages
        report(
            "alerts_of_a_visit",
            [
                "alerts": Double(alerts), "seconds": whole, "alerts_per_second": Double(alerts) / whole, "pack_seconds": stages.packSeconds,
                "hash_seconds": stages.hashSeconds, "compress_seconds": stages.compressSeconds, "copy_seconds": stages.copySeconds,
                "wait_seconds": stages.waitSeconds, "commit_seconds": whole - issuing,
                "packet_bytes": Double(stages.sizeBytes) / Double(alerts),
                "compressed_ratio": Double(stages.sizeBytes) / Double(stages.frameBytes),
                "before_writing_seconds": issuing - stages.copySeconds - stages.waitSeconds,
            ])
    }

    /// Three exposures of noise with a tangent-plane projection.
    private struct MadeImages: AlertImages {
        let makers: [StampMaker]

        init() throws {
            var random = SystemRandomNumberGenerator()
            func plane(_ value: Float, _ sigma: Float) -> ImagePlane<Float> {
                ImagePlane(
                    width: 4000, height: 4000,
                    pixels: (0..<16_000_000).map { _ in value + sigma * Float.random(in: -1.7...1.7, using: &random) })
            }
            var psf = ImagePlane<Float>(width: 31, height: 31, repeating: 0)
            for i in 0..<psf.pixels.count {
                let (x, y) = (Float(i % 31 - 15), Float(i / 31 - 15))
                psf.pixels[i] = exp(-(x * x + y * y) / 8) / 25.13
            }
            let cards = [
                "CTYPE1  = 'RA---TAN'", "CTYPE2  = 'DEC--TAN'", "CRVAL1  =                150.0", "CRVAL2  =                -30.0",
                "CRPIX1  =               2000.5", "CRPIX2  =               2000.5", "CD1_1   =           -0.0000555",
                "CD1_2   =                  0.0",
                "CD2_1   =                  0.0", "CD2_2   =            0.0000555",
            ].map { $0.padding(toLength: 80, withPad: " ", startingAt: 0) }
            let wcs = try CelestialWCS(cards: cards)
            let (image, variance) = (plane(0, 30), plane(900, 1))
            makers = try (0..<3).map { _ in
                try StampMaker(
                    Exposure(
                        image: image, mask: ImagePlane(width: 4000, height: 4000, repeating: 0), variance: variance, wcs: wcs, psf: psf,
                        place: "made"))
            }
        }

        func stamps(of visitDetector: VisitDetector) throws -> StampMaking? {
            let makers = makers
            return { ra, dec, side in
                AlertStamps(
                    difference: try makers[0].stamp(ra: ra, dec: dec, size: side),
                    science: try makers[1].stamp(ra: ra, dec: dec, size: side),
                    template: try makers[2].stamp(ra: ra, dec: dec, size: side))
            }
        }
    }
}
