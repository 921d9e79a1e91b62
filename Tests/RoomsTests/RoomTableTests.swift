import Testing

@Suite("The checks of rooms find what they look for")
struct RoomTableTests {
    private let table = RoomTable(
        arrows: ["Cellar": [], "Kitchen": ["Cellar"], "Hall": ["Kitchen"], "Attic": []], packages: ["Kitchen": ["Stove"]], common: ["Air"],
        programs: ["house"])

    @Test("a room may import what lies behind its arrows, common modules and its own packages, and nothing else")
    func closure() {
        #expect(table.allowed("Hall") == ["Kitchen", "Cellar", "Air"])
        #expect(table.allowed("Kitchen") == ["Cellar", "Stove", "Air"])
        #expect(table.forbidden(["Air", "Attic", "Cellar", "Stove"], in: "Hall") == ["Attic", "Stove"])
    }

    @Test("arrows point one way")
    func direction() { #expect(table.forbidden(["Hall"], in: "Kitchen") == ["Hall"]) }

    @Test("a room that the table does not know may import no other")
    func unknown() { #expect(table.forbidden(["Air", "Cellar"], in: "Shed") == ["Cellar"]) }

    @Test("a program may import everything")
    func program() { #expect(table.forbidden(["Attic", "Hall", "Stove"], in: "house").isEmpty) }

    @Test("the design's arrows make no circle", arguments: RoomTable.design.arrows.keys.sorted())
    func acyclic(room: String) throws { #expect(try #require(RoomTable.design.allowed(room)).contains(room) == false) }

    @Test(
        "an import is seen in every form that Swift has",
        arguments: [
            "import Hall", "  import Hall", "import struct Hall.Lamp", "import Hall.Floor", "@preconcurrency import Hall",
            "public import Hall",
            "@_spi(Keys) internal import class Hall.Lamp", "import Air; import Hall", "import `Hall`", "import\tHall // the way in",
        ])
    func forms(line: String) { #expect(SwiftImports.modules(in: "let a = 1\n\(line)\r\n").contains("Hall")) }

    @Test(
        "what only looks like an import is none",
        arguments: ["// import Hall", "/// import Hall", "let text = \"import Hall\"", "importHall()"])
    func lookalikes(line: String) { #expect(SwiftImports.modules(in: line).isEmpty) }

    @Test("dependencies are read from every way of writing a target")
    func manifest() {
        let text = """
            func room(_ name: String, _ list: [String]) -> Target { .target(name: name, dependencies: list, exclude: ["README.md"]) }
            let targets = [
                .systemLibrary(name: "Cellar", pkgConfig: "cellar", providers: [.apt(["cellar-dev"])]),
                // room("Ghost", ["Cellar"]),
                .target(name: "Attic", linkerSettings: [.linkedLibrary("roof")]),
                room("Hall", ["Kitchen"]),
                .target(
                    name: "Kitchen", dependencies: ["Cellar", .product(name: "Stove", package: "swift-stove")], exclude: ["README.md"]),
                .executableTarget(
                    name: "house",
                    dependencies: ["Hall"]),
                tests("Hall", ["Hall", "Attic"]),
            ]
            """
        #expect(
            PackageManifest(text).dependencies == [
                "Cellar": [], "Attic": [], "Hall": ["Kitchen"], "Kitchen": ["Cellar", "Stove"], "house": ["Hall"],
            ])
    }
}
