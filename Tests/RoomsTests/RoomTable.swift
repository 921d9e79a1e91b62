/// Which room may import what, as the design draws it. A new arrow is a change of the design and is made here first.
struct RoomTable {
    /// From a room to what it may import; what those may import, it may import too.
    let arrows: [String: Set<String>]
    /// Packages of others, each for the rooms named and no further.
    let packages: [String: Set<String>]
    /// Modules of the toolchain, for all.
    let common: Set<String>
    /// Programs: they may import everything.
    let programs: Set<String>

    static let design = RoomTable(
        arrows: [
            "CLibPQ": [],
            "CCFITSIO": [],
            "CCrypto": [],
            "CWCS": [],
            "CZlib": [],
            "CZstd": [],
            "CRdKafka": [],
            "CERFA": [],
            "CS2": [],
            "CArrow": [],
            "Sphere": ["CS2"],
            "Columns": ["CArrow", "CCFITSIO"],
            "Schema": ["Columns"],
            "Postgres": ["CLibPQ", "Columns"],
            "Catalog": ["Sphere", "Columns", "Schema", "Postgres", "Association", "Sizing", "CCrypto"],
            "Sizing": [],
            "Association": ["Sphere", "Columns"],
            "SolarSystem": ["Sphere", "Columns", "CERFA"],
            "Compression": ["CZlib"],
            "Images": ["Sphere", "Compression", "CCFITSIO", "CWCS", "CZlib"],
            "Alerts": [
                "Sphere", "Association", "Catalog", "Images", "Postgres", "Schema", "Columns", "Compression", "CCrypto", "CRdKafka",
                "CZlib", "CZstd",
            ],
            "Ingest": ["Catalog", "Association", "SolarSystem", "Alerts"],
            "Ppdb": ["Catalog", "Postgres", "Schema", "Columns", "Sphere", "CCrypto"],
            "Simulation": ["Sphere", "Columns"],
            "Rehearsal": ["Catalog", "Simulation"],
            "Release": ["Sphere", "Columns", "Association", "Schema", "Postgres", "Catalog", "Alerts", "Ppdb", "Sizing", "CCrypto"],
        ],
        packages: [
            "Schema": ["Yams"], "Sizing": ["Yams"], "Catalog": ["Yams"], "Alerts": ["Yams", "FoundationNetworking"], "Ppdb": ["Yams"],
            "Release": ["Yams"],
        ],
        common: ["Foundation", "Glibc", "Dispatch", "Synchronization"],
        programs: ["skyledger", "skyledger-bench", "skyledger-trial"])

    /// Every room and program that the table knows.
    var names: Set<String> { Set(arrows.keys).union(programs) }

    /// What a room may import; nil for a program, which may import everything, and nothing for a room that the table does not know.
    func allowed(_ room: String) -> Set<String>? {
        if programs.contains(room) { return nil }
        var reached: Set<String> = []
        var waiting = Array(arrows[room] ?? [])
        while let next = waiting.popLast() {
            if reached.insert(next).inserted { waiting += arrows[next] ?? [] }
        }
        return reached.union(packages[room] ?? []).union(common)
    }

    /// Those of the modules that the room may not import, in order.
    func forbidden(_ modules: Set<String>, in room: String) -> [String] {
        guard let allowed = allowed(room) else { return [] }
        return modules.subtracting(allowed).subtracting([room]).sorted()
    }
}
