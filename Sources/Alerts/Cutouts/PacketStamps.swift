/// The image stamps in a packet, as the files that its makers put in: LSST's are FITS, ZTF's are FITS compressed with gzip.
public struct PacketStamps: Sendable, Equatable {
    public struct Stamp: Sendable, Equatable {
        /// "difference", "science" or "template".
        public var name: String
        public var bytes: [UInt8]

        public var isGzip: Bool { bytes.starts(with: [0x1F, 0x8B]) }
        /// What a file with these bytes is called after its stem.
        public var fileSuffix: String { isGzip ? "\(name).fits.gz" : "\(name).fits" }
    }

    /// Those that the packet has.
    public let stamps: [Stamp]

    /// - Parameter packet: a decoded alert; its fields `cutoutDifference`, `cutoutScience` and `cutoutTemplate` are bytes (LSST) or records
    ///   with the bytes in `stampData` (ZTF).
    public init(_ packet: AvroValue) {
        stamps = ["difference", "science", "template"].compactMap { name in
            let field = packet["cutout" + name.prefix(1).uppercased() + name.dropFirst()]
            guard let bytes = field?.data ?? field?["stampData"]?.data, !bytes.isEmpty else { return nil }
            return Stamp(name: name, bytes: bytes)
        }
    }
}
