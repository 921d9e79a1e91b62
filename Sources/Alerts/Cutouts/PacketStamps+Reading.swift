extension PacketStamps {
    /// The names of stamps in the order in which people look at them.
    public static let names = ["difference", "science", "template"]

    /// The stamp of a name; nil where the packet has none.
    public subscript(name: String) -> [UInt8]? { stamps.first { $0.name == name }?.bytes }

    /// From a packet as it is stored or sent: a Confluent frame, a bare body, or a container file.
    ///
    /// - Parameters:
    ///   - schema: of a frame or body; containers carry theirs.
    ///   - number: which alert of a container, from 1; a frame or body is one alert.
    /// - Throws: `AvroError`
    public init(packet: [UInt8], schema: AvroSchema?, number: Int = 1) throws {
        let kind = AvroFileKind(packet)
        guard kind != .container else {
            let values = try AvroContainer(reading: packet).values()
            guard values.indices.contains(number - 1) else {
                throw AvroError.container(offset: 0, reason: "it holds \(values.count) alerts, and number \(number) is asked for")
            }
            self.init(values[number - 1])
            return
        }
        guard number == 1 else { throw AvroError.frame(reason: "it holds one alert, and number \(number) is asked for") }
        guard let schema else { throw AvroError.frame(reason: "it is no container, and no schema is given for it") }
        let decoder = AvroDecoder(schema)
        if case .confluent = kind {
            // A bare body may begin as a frame does.
            do { self.init(try decoder.decode(packet, from: ConfluentFrame.headerSizeBytes)) } catch {
                guard let body = try? decoder.decode(packet) else { throw error }
                self.init(body)
            }
        } else {
            self.init(try decoder.decode(packet))
        }
    }
}
