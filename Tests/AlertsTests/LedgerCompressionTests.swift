import Alerts
import Foundation
import Testing

@Suite("Compression of packets") struct LedgerCompressionTests {
    /// Packets that have much in common and differ in numbers, as those of one schema do.
    static func packets(_ count: Int) -> [[UInt8]] {
        var generator = SeededGenerator(state: 11)
        let common = (0..<60).map { _ in (0..<20).map { _ in UInt8.random(in: 0...255, using: &generator) } }
        return (0..<count).map { _ in
            common.flatMap { piece in piece + withUnsafeBytes(of: generator.next()) { Array($0.prefix(3)) } }
        }
    }

    static func dictionary() throws -> PacketDictionary { try PacketDictionary.train(packets(500), sizeBytes: 4096) }

    @Test("every packet comes back as it was, with a dictionary and without", arguments: [0, 1, 100, 70_000, 1_000_000], [true, false])
    func roundTrip(size: Int, hasDictionary: Bool) throws {
        let dictionary = hasDictionary ? try Self.dictionary() : nil
        var generator = SeededGenerator(state: 3)
        let packet = (0..<size).map { _ in UInt8.random(in: 0..<16, using: &generator) }
        let frame = PacketCompressor(dictionary: dictionary).compress(packet)
        let decompressor = PacketDecompressor()
        if let dictionary { decompressor.add(dictionary) }
        #expect(try decompressor.decompress(frame, dictionaryId: dictionary?.id, alertId: 1) == packet)
    }

    @Test("one context serves packet after packet, and gives what a new one gives")
    func reuse() throws {
        let dictionary = try Self.dictionary()
        let compressor = PacketCompressor(dictionary: dictionary)
        for packet in Self.packets(50) { #expect(compressor.compress(packet) == PacketCompressor(dictionary: dictionary).compress(packet)) }
    }

    @Test("a dictionary halves small packets that it was not trained with")
    func gain() throws {
        let dictionary = try Self.dictionary()
        let unseen = Self.packets(600).suffix(100)
        func size(_ dictionary: PacketDictionary?) -> Int {
            let compressor = PacketCompressor(dictionary: dictionary)
            return unseen.reduce(0) { $0 + compressor.compress($1).count }
        }
        #expect(2 * size(dictionary) < size(nil))
    }

    @Test("a damaged frame, one without its dictionary or one that promises too much is refused")
    func refusals() throws {
        let dictionary = try Self.dictionary()
        let frame = PacketCompressor(dictionary: dictionary).compress(Self.packets(1)[0])
        let decompressor = PacketDecompressor()
        #expect(throws: LedgerError.self) { try decompressor.decompress(frame, dictionaryId: dictionary.id, alertId: 1) }
        #expect(throws: LedgerError.self) { try decompressor.decompress(frame, dictionaryId: nil, alertId: 1) }
        decompressor.add(dictionary)
        #expect(throws: LedgerError.self) { try decompressor.decompress(frame.dropLast(), dictionaryId: dictionary.id, alertId: 1) }
        #expect(throws: LedgerError.self) { try decompressor.decompress([1, 2, 3], dictionaryId: nil, alertId: 1) }
        // A frame header with a content size of 2^40 bytes (RFC 8878, section 3.1.1.1).
        let promise: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0xE0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0]
        let refusal = #expect(throws: LedgerError.self) { try decompressor.decompress(promise, dictionaryId: nil, alertId: 1) }
        #expect(refusal?.description.contains("1099511627776 bytes") == true)
    }

    @Test("a dictionary is not made of nothing, nor of bytes that are none")
    func untrainable() {
        #expect(throws: LedgerError.self) { try PacketDictionary.train([[1, 2, 3]]) }
        #expect(throws: LedgerError.self) { try PacketDictionary([UInt8](repeating: 0, count: 100)) }
    }
}
