import Columns
import Foundation
import TestSupport
import Testing

/// Alerts from a load with images to the eyes of an astronomer, through the program.
@Suite("Alerts of a load, through the program", .serialized) struct AlertsIssueTests {
    /// A catalog of one detector and three images of it, with a star at each source; the last source lies off the images.
    private static let survey = """
        import sys, numpy as np, pyarrow as pa, pyarrow.parquet as pq
        from astropy.io import fits
        from astropy.wcs import WCS
        folder = "FOLDER"
        wcs = WCS(naxis=2)
        wcs.wcs.ctype, wcs.wcs.crval, wcs.wcs.crpix = ["RA---TAN", "DEC--TAN"], [150, -30], [100.5, 100.5]
        wcs.wcs.cd = np.array([[-5.5e-5, 0], [0, 5.5e-5]])
        x, y = np.array([50., 80., 120., 150.]), np.array([60., 110., 90., 140.])
        ra, dec = wcs.all_pix2world(x, y, 0)
        ra, dec = np.append(ra, 150.01), np.append(dec, -30.01)
        n = len(ra)
        pq.write_table(pa.table({
            "diaSourceId": np.arange(1, n + 1), "visit": np.full(n, 7), "detector": np.full(n, 3, "int16"), "band": ["r"] * n,
            "midpointMjdTai": np.full(n, 61000.), "ra": ra, "dec": dec, "x": np.append(x, 0).astype("f4"), "y": np.append(y, 0).astype("f4"),
            "bboxSize": np.full(n, 31, "int32"), "snr": np.full(n, 20, "f4"), "reliability": np.full(n, .9, "f4"),
            "psfFlux": np.full(n, 1000, "f4"), "psfFluxErr": np.full(n, 50, "f4")}), folder + "/sources.parquet")
        rng = np.random.default_rng(1)
        yy, xx = np.mgrid[:200, :200]
        for number, name in enumerate(["difference", "science", "template"]):
            image = rng.normal(0, 1, (200, 200)).astype("f4")
            for a, b in zip(x, y):
                image += (100 * (number + 1) * np.exp(-((xx - a) ** 2 + (yy - b) ** 2) / 6)).astype("f4")
            header = wcs.to_header()
            hdus = [fits.PrimaryHDU(), fits.ImageHDU(image, header, "IMAGE"), fits.ImageHDU(np.zeros((200, 200), "i4"), header, "MASK"),
                    fits.ImageHDU(np.full((200, 200), 4, "f4"), header, "VARIANCE")]
            fits.HDUList(hdus).writeto(f"{folder}/{name}_7_3.fits")
        """

    /// Whether the stamps that the program wrote are the images' pixels.
    private static let check = """
        import numpy as np
        from astropy.io import fits
        from astropy.wcs import WCS
        folder = "FOLDER"
        for name in ["difference", "science", "template"]:
            stamp, image = fits.open(f"{folder}/stamps/2_{name}.fits"), fits.getdata(f"{folder}/{name}_7_3.fits", "IMAGE")
            assert stamp[0].data.shape == (31, 31), stamp[0].data.shape
            assert (stamp[0].data == image[110 - 15:110 + 16, 80 - 15:80 + 16]).all(), name
            assert (stamp["UNCERT"].data == 4).all()
            sky = WCS(stamp[0].header).all_pix2world([15], [15], 0)
            there = WCS(fits.getheader(f"{folder}/{name}_7_3.fits", "IMAGE")).all_pix2world([80], [110], 0)
            assert np.allclose(sky, there, atol=1e-9), (sky, there)
        png = open(folder + "/eyes.png", "rb").read()
        assert png[:8] == b"\\x89PNG\\r\\n\\x1a\\n" and len(png) > 1000
        print("equal")
        """

    @Test("cutouts of a load are the images' pixels, an alert off the image has none, and a late request for its picture says so")
    func cutouts() throws {
        let folder = Program.temporary()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try GoldenScript.program(Self.survey.replacing("FOLDER", with: folder))
        let sky = folder + "/sky"
        #expect(try Program.run(["init", sky]).status == 0)
        defer { _ = try? Program.run(["stop", "--instance", sky]) }
        func run(_ arguments: String...) throws -> Program.Outcome { try Program.run(arguments + ["--instance", sky]) }
        let loaded = try run("load", folder + "/sources.parquet", "--images", folder)
        #expect(loaded.status == 0 && loaded.output.contains("5 alerts issued"), "\(loaded.output)\(loaded.errors)")
        #expect(try run("alerts", "get", "2", "--cutouts", folder + "/stamps").status == 0)
        #expect(try run("alerts", "cutout", "2", "--png", folder + "/eyes.png").status == 0)
        #expect(try GoldenScript.program(Self.check.replacing("FOLDER", with: folder)).contains("equal"))
        let off = try run("alerts", "cutout", "5", "--png", folder + "/none.png")
        #expect(off.status == 1 && off.errors.split(separator: "\n").count == 1 && off.errors.contains("alert 5"), "\(off.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder + "/none.png"))
        #expect(try run("alerts", "verify").status == 0)
        #expect(try run("load", folder + "/sources.parquet", "--images", folder + "/nowhere").status == 2)

        // A damaged image stops the visit-detector before anything of it is stored.
        try Data("SIMPLE".utf8).write(to: URL(fileURLWithPath: folder + "/science_7_3.fits"))
        let other = folder + "/other"
        #expect(try Program.run(["init", other]).status == 0)
        defer { _ = try? Program.run(["stop", "--instance", other]) }
        let damaged = try Program.run(["load", folder + "/sources.parquet", "--images", folder, "--instance", other])
        #expect(damaged.status == 1 && damaged.errors.contains("science_7_3.fits"), "\(damaged.errors)")
        #expect(
            try Program.run(["sql", "SELECT count(*) AS n FROM \"VisitDetector\"", "--format", "csv", "--instance", other]).output
                .contains("n\n0"))
    }

    @Test("target lists are put, shown and refused through the program, and schemas for new alerts are chosen")
    func targets() throws {
        let folder = Program.temporary()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let sky = folder + "/sky"
        #expect(try Program.run(["init", sky]).status == 0)
        defer { _ = try? Program.run(["stop", "--instance", sky]) }
        func run(_ arguments: String...) throws -> Program.Outcome { try Program.run(arguments + ["--instance", sky]) }
        try "name,ra,dec\nSN 1,10.5,-3\nSN 2,20,5\n".write(toFile: folder + "/a.csv", atomically: true, encoding: .utf8)
        try "name,ra,dec\nSN 1,400,-3\n".write(toFile: folder + "/b.csv", atomically: true, encoding: .utf8)
        #expect(try run("targets", "put", "public", folder + "/a.csv").output.contains("version 1 has 2 targets"))
        #expect(try run("targets", "show", "public", "--format", "csv").output.contains("SN 1,10.5,-3"))
        #expect(try run("targets", "list", "--format", "csv").output.contains("public,1,2"))
        let bad = try run("targets", "put", "public", folder + "/b.csv")
        #expect(bad.status == 2 && bad.errors.contains("SN 1") && bad.errors.split(separator: "\n").count == 1, "\(bad.errors)")
        #expect(try run("targets", "show", "nobody").status == 2)
        #expect(try run("targets", "show", "public", "--version", "2").status == 2)
        #expect(try run("alerts", "schemas", "--add", "11.1", "--plain").output.contains("1101"))
        #expect(try run("alerts", "schemas", "--add", "2.7").status == 2)
        #expect(try run("alerts", "schemas", "--format", "csv").output.contains("1101"))
    }
}
