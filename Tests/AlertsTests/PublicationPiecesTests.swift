import Foundation
import Testing

@testable import Alerts

@Suite("Pieces, marks, latencies and settings of publication") struct PublicationPiecesTests {
    @Test("pieces cover all places in order, none is larger than it may be unless it is one alert, and none could take the next")
    func pieces() {
        var generator = SeededGenerator(state: 5)
        for _ in 0..<300 {
            let sizes = (0..<Int.random(in: 0...60, using: &generator)).map { _ in Int32.random(in: 1...900, using: &generator) }
            let first = Int.random(in: 0...sizes.count, using: &generator)
            let (bytesMax, countMax) = (Int.random(in: 1...3000, using: &generator), Int.random(in: 1...20, using: &generator))
            let plan = PublicationPieces.plan(sizesBytes: sizes, from: first, bytesMax: bytesMax, countMax: countMax)
            #expect(plan.flatMap { Array($0) } == Array(first..<sizes.count))
            func bytes(_ places: Range<Int>) -> Int { places.reduce(0) { $0 + Int(sizes[$1]) } }
            #expect(plan.allSatisfy { $0.count == 1 || bytes($0) <= bytesMax && $0.count <= countMax })
            for (piece, next) in zip(plan, plan.dropFirst()) {
                #expect(piece.count == countMax || bytes(piece.lowerBound..<next.lowerBound + 1) > bytesMax)
            }
        }
    }

    @Test("a mark is read back from its text, and no other text is a mark")
    func marks() {
        for mark in [InFlightMark(0..<1, reason: "x may have arrived: y"), InFlightMark(7..<500, reason: "why")] {
            #expect(InFlightMark(mark.text) == mark)
        }
        #expect(InFlightMark(InFlightMark(3..<9).text)?.places == 3..<9)
        for text in ["", "places", "places 3 to 1 may have arrived: x", "places a to b may have arrived: x", "the broker is away"] {
            #expect(InFlightMark(text) == nil)
        }
    }

    @Test("percentiles are those of the sorted times, at most 2 percent longer")
    func latencies() {
        var generator = SeededGenerator(state: 11)
        var histogram = LatencyHistogram()
        let times = (0..<5000).map { _ in exp(Double.random(in: -8...8, using: &generator)) }.sorted()
        for time in times.shuffled(using: &generator) { histogram.add(time) }
        for fraction in [0.001, 0.1, 0.5, 0.9, 0.99, 1] {
            let expected = times[Int((fraction * 5000).rounded(.up)) - 1]
            let found = histogram.percentileSeconds(fraction)
            #expect(found >= expected * (1 - 1e-9) && found <= expected * 1.0201, "\(fraction): \(found), \(expected)")
        }
        #expect(histogram.maxSeconds == times.last)
        #expect(LatencyHistogram().percentileSeconds(0.5) == 0)
    }

    @Test("settings come from YAML, and what is not said stays at its default")
    func settings() throws {
        let path = "/tmp/skyledger-publication-\(UInt32.random(in: 0 ... .max)).yaml"
        defer { unlink(path) }
        try "bootstrapServers: a:1,b:2\nkinds: [visit]\nproperties: {client.rack: r1}\n".write(
            toFile: path, atomically: true, encoding: .utf8)
        var expected = PublicationSettings()
        (expected.bootstrapServers, expected.kinds, expected.properties) = ("a:1,b:2", ["visit"], ["client.rack": "r1"])
        #expect(try PublicationSettings(file: path) == expected)
        #expect(expected.topic(schemaId: 1001) == "skyledger-alerts-v10.1")
        #expect(expected.subject(schemaId: 704) == "skyledger-alerts-v7.4-value")
    }

    @Test(
        "a setting that cannot be is named with its file",
        arguments: [
            ("topc: x", "there is no setting topc: known are bootstrapServers,"), ("topic: a b", "the setting topic is a b: it must be"),
            ("registryURL: ftp://x", "the setting registryURL is ftp://x: it must be http"),
            ("kinds: 3", "the setting kinds has a value of the wrong kind"),
            ("messageTimeoutSeconds: 0", "the setting messageTimeoutSeconds is 0.0: it must be from 1 to 3600"),
            ("properties: {acks: '0'}", "the setting properties.acks is not free"), ("- x", "it must hold settings, one a line"),
            ("compression: zip", "the setting compression is zip: it must be one of none, gzip, snappy, lz4, zstd"),
        ])
    func wrongSettings(_ yaml: String, sentence: String) throws {
        let path = "/tmp/skyledger-publication-\(UInt32.random(in: 0 ... .max)).yaml"
        defer { unlink(path) }
        try yaml.write(toFile: path, atomically: true, encoding: .utf8)
        let error = #expect(throws: PublicationError.self) { try PublicationSettings(file: path) }
        #expect(error?.description.hasPrefix("publication: \(path): \(sentence)") == true, "\(error?.description ?? "")")
    }

    @Test("a file of settings that is not there is named")
    func noFile() {
        #expect(throws: PublicationError.settings("/nowhere/p.yaml: it cannot be read: name a file of settings that is there")) {
            try PublicationSettings(file: "/nowhere/p.yaml")
        }
    }

    @Test("a property that librdkafka does not know, or a value that it does not take, is named")
    func properties() {
        for (name, value) in [("no.such.property", "1"), ("socket.timeout.ms", "soon")] {
            var settings = PublicationSettings()
            settings.properties = [name: value]
            let error = #expect(throws: PublicationError.self) { _ = try KafkaProducer(settings) }
            #expect(error?.description.hasPrefix("publication: librdkafka does not take \(name): ") == true, "\(error?.description ?? "")")
        }
    }
}
