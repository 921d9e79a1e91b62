import Foundation
import Testing

@Suite("Rooms import what the design allows")
struct RoomsTests {
    @Test("the folders in Sources are the rooms of the table")
    func folders() throws {
        #expect(try Set(RepositoryFiles.rooms()) == RoomTable.design.names)
    }

    @Test("no Swift file imports what its room may not", arguments: try RepositoryFiles.rooms())
    func imports(room: String) throws {
        for path in try RepositoryFiles.files(below: "Sources/\(room)", endings: ["swift"]) {
            let forbidden = RoomTable.design.forbidden(SwiftImports.modules(in: try RepositoryFiles.text(path)), in: room)
            #expect(forbidden.isEmpty, "\(path) imports \(forbidden.joined(separator: ", ")), which \(room) may not")
        }
    }

    @Test("every folder in Sources is a target of Package.swift, and the reverse")
    func targets() throws {
        let manifest = PackageManifest(try RepositoryFiles.text("Package.swift"))
        #expect(try Set(manifest.dependencies.keys) == Set(RepositoryFiles.rooms()))
    }

    @Test("no target of Package.swift depends on what its room may not import", arguments: try RepositoryFiles.rooms())
    func dependencies(room: String) throws {
        let manifest = PackageManifest(try RepositoryFiles.text("Package.swift"))
        let forbidden = RoomTable.design.forbidden(try #require(manifest.dependencies[room]), in: room)
        #expect(forbidden.isEmpty, "Package.swift lets \(room) depend on \(forbidden.joined(separator: ", "))")
    }

    @Test("every room has a README.md that says more than its name", arguments: try RepositoryFiles.rooms())
    func readme(room: String) throws {
        let lines = try RepositoryFiles.text("Sources/\(room)/README.md").split(separator: "\n")
        #expect(lines.first == "# \(room)")
        #expect(lines.count > 1)
    }

    @Test("no Swift, SQL, C or C++ file has more than 400 lines", arguments: ["Sources", "Tests", "tools"])
    func lengths(folder: String) throws {
        for path in try RepositoryFiles.files(below: folder, endings: ["swift", "sql", "c", "h", "cc", "cpp", "hpp"]) {
            let lines = try RepositoryFiles.text(path).count { $0.isNewline }
            #expect(lines <= 400, "\(path) has \(lines) lines")
        }
    }
}
