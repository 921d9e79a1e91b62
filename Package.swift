// swift-tools-version: 6.1
import Foundation
import PackageDescription

// Arrow C++ is found by tools/bootstrap, which leaves its flags in .deps/arrow: the pyarrow wheel's libraries are on no search path,
// and SwiftPM passes no run path on from pkg-config.
let dependencies = ProcessInfo.processInfo.environment["SKYLEDGER_DEPS"] ?? Context.packageDirectory + "/.deps"

func flags(_ name: String) -> [String] {
    let text = (try? String(contentsOfFile: "\(dependencies)/arrow/\(name)", encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
}

let arrowLinkerFlags = flags("ldflags").flatMap { flag -> [String] in
    flag.hasPrefix("-Wl,") ? flag.dropFirst(4).split(separator: ",").flatMap { ["-Xlinker", String($0)] } : [flag]
}

func room(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, exclude: ["README.md"])
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: "\(name)Tests", dependencies: dependencies, path: "Tests/\(name)Tests")
}

/// What tests of several rooms share; no program depends on it.
func support(_ name: String) -> Target {
    .target(name: name, path: "Tests/\(name)", exclude: ["README.md"])
}

let package = Package(
    name: "skyledger",
    products: [
        .executable(name: "skyledger", targets: ["skyledger"]),
        .library(
            name: "SkyLedger",
            targets: [
                "Sphere", "Columns", "Schema", "Postgres", "Catalog", "Association", "SolarSystem", "Images", "Alerts", "Ingest", "Ppdb",
                "Release",
                "Sizing",
            ]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // C modules and thin shims.
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CCFITSIO", pkgConfig: "cfitsio", providers: [.apt(["libcfitsio-dev"])]),
        .systemLibrary(name: "CERFA", pkgConfig: "erfa", providers: [.apt(["liberfa-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CWCS", pkgConfig: "wcslib", providers: [.apt(["wcslib-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CRdKafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
        .target(
            name: "CS2", cxxSettings: [.unsafeFlags(["-O2"])],
            linkerSettings: [.linkedLibrary("s2"), .linkedLibrary("stdc++")]),
        .target(
            name: "CArrow", cxxSettings: [.unsafeFlags(flags("cflags") + ["-O2"])],
            linkerSettings: [.unsafeFlags(arrowLinkerFlags), .linkedLibrary("stdc++")]),

        // Rooms. Tests/RoomsTests holds these lists against the design.
        room("Sphere", ["CS2"]),
        room("Columns", ["CArrow", "CCFITSIO"]),
        .target(
            name: "Schema", dependencies: ["Columns", .product(name: "Yams", package: "Yams")],
            exclude: ["README.md", "Translation/README.md", "Migration/README.md", "Time/README.md"],
            resources: [.copy("maps")]),
        room("Postgres", ["CLibPQ", "Columns"]),
        .target(
            name: "Catalog",
            dependencies: [
                "Sphere", "Columns", "Schema", "Postgres", "Association", "Sizing", "CCrypto", .product(name: "Yams", package: "Yams"),
            ],
            exclude: ["README.md"],
            resources: [.copy("sql"), .copy("migrations")]),
        room("Association", ["Sphere", "Columns"]),
        .target(
            name: "Sizing", dependencies: [.product(name: "Yams", package: "Yams")], exclude: ["README.md"], resources: [.copy("models")]),
        room("SolarSystem", ["Sphere", "Columns", "CERFA"]),
        room("Compression", ["CZlib"]),
        room("Images", ["Sphere", "Compression", "CCFITSIO", "CWCS", "CZlib"]),
        .target(
            name: "Alerts",
            dependencies: [
                "Sphere", "Association", "Catalog", "Images", "Postgres", "Schema", "Columns", "Compression", "CCrypto", "CZlib", "CZstd",
                "CRdKafka",
                .product(name: "Yams", package: "Yams"),
            ],
            exclude: ["README.md"]),
        room("Ingest", ["Catalog", "Association", "SolarSystem", "Alerts"]),
        .target(
            name: "Ppdb",
            dependencies: ["Catalog", "Postgres", "Schema", "Columns", "Sphere", "CCrypto", .product(name: "Yams", package: "Yams")],
            exclude: ["README.md"], resources: [.copy("sql")]),
        room("Simulation", ["Sphere", "Columns"]),
        room("Rehearsal", ["Catalog", "Simulation"]),
        .target(
            name: "Release",
            dependencies: [
                "Sphere", "Columns", "Association", "Schema", "Postgres", "Catalog", "Alerts", "Ppdb", "Sizing", "CCrypto",
                .product(name: "Yams", package: "Yams"),
            ],
            exclude: ["README.md"], resources: [.copy("plans"), .copy("pages"), .copy("sql")]),
        .executableTarget(
            name: "skyledger",
            dependencies: [
                "Ingest", "Simulation", "Sizing", "Alerts", "Images", "Ppdb", "Release",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            exclude: ["README.md"]),
        .executableTarget(
            name: "skyledger-bench",
            dependencies: ["Ingest", "Alerts", "CRdKafka", "Images", "Ppdb", "Rehearsal", "Release", "Simulation"], exclude: ["README.md"]),
        .executableTarget(
            name: "skyledger-trial",
            dependencies: ["Alerts", "CRdKafka", "Ingest", "Rehearsal", "Simulation"], exclude: ["README.md"]),

        support("TestSupport"),
        tests("Sphere", ["Sphere", "TestSupport"]),
        tests("Columns", ["Columns", "TestSupport"]),
        tests("Schema", ["Schema", "TestSupport"]),
        tests("Postgres", ["Postgres"]),
        tests("Association", ["Association", "Sphere", "TestSupport"]),
        tests("SolarSystem", ["SolarSystem", "Association", "Sphere", "TestSupport"]),
        tests("Alerts", ["Alerts", "Columns", "CRdKafka", "TestSupport"]),
        tests("Catalog", ["Catalog", "Ingest", "Simulation", "SolarSystem", "Alerts", "TestSupport"]),
        tests("Rooms", ["TestSupport"]),
        tests("Sizing", ["Sizing", "TestSupport"]),
        tests("Command", ["Alerts", "Ingest", "Sizing", "SolarSystem", "TestSupport"]),
        tests("Images", ["Images", "TestSupport"]),
        tests("Ppdb", ["Ppdb", "Ingest", "Simulation", "TestSupport"]),
        tests("Release", ["Release", "Association", "Catalog", "Ingest", "Simulation", "TestSupport"]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx20
)
