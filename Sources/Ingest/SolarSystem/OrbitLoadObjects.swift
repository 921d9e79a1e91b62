import Columns
import SolarSystem

/// Which designations belong to one object, gathered over files. Pure.
struct OrbitLoadObjects {
    /// Designations of each object, the primary one first: those of orbits come first, in the order of their rows.
    private(set) var designations: [[String]] = []
    private var orbitCount = 0
    /// Object and file of each designation.
    private var places: [String: (object: Int, path: String)] = [:]

    mutating func addOrbits(_ orbits: Table, _ path: String) throws {
        guard let names = orbits["unpacked_primary_provisional_designation"]?.strings else { return }
        places.reserveCapacity(places.count + names.count)
        for row in 0..<names.count {
            let name = names[row]
            if let earlier = places[name] {
                throw IngestError.notAnInput(
                    path: path, reason: "orbit \(row + 1): the designation \(name) is that of an object of \(earlier.path) already")
            }
            places[name] = (designations.count, path)
            designations.append([name])
        }
        orbitCount = designations.count
    }

    /// Numbers and their primary designations are one object's.
    mutating func addNumbered(_ numbered: Table, _ path: String) throws {
        guard let primaries = numbered["unpacked_primary_provisional_designation"]?.strings, let numbers = numbered["permid"]?.strings
        else { return }
        for row in 0..<numbers.count { try join(primaries[row], numbers[row], path, row) }
    }

    mutating func addIdentifications(_ identifications: Table, _ path: String) throws {
        guard let primaries = identifications["unpacked_primary_provisional_designation"]?.strings,
            let others = identifications["unpacked_secondary_provisional_designation"]?.strings
        else { return }
        for row in 0..<others.count { try join(primaries[row], others[row], path, row) }
    }

    /// The second designation becomes one of the object of the first.
    private mutating func join(_ primary: String, _ other: String, _ path: String, _ row: Int) throws {
        switch (places[primary], places[other]) {
        case (let a?, let b?):
            if a.object == b.object { return }
            throw IngestError.notAnInput(
                path: path,
                reason: "row \(row + 1): \(other) is a designation of \(primary), and \(b.path) has it as another object's")
        case (let a?, nil):
            places[other] = (a.object, path)
            designations[a.object].append(other)
        case (nil, let b?):
            // The file of orbits knew the object by its number, or by an older designation.
            places[primary] = (b.object, path)
            designations[b.object].insert(primary, at: 0)
        case (nil, nil):
            places[primary] = (designations.count, path)
            places[other] = (designations.count, path)
            designations.append(primary == other ? [primary] : [primary, other])
        }
    }

    /// Orbits under the primary designations that other files gave them.
    func namePrimaries(of orbits: inout Table) {
        guard let names = orbits["unpacked_primary_provisional_designation"]?.strings else { return }
        let changed = (0..<orbitCount).filter { designations[$0][0] != names[$0] }
        guard !changed.isEmpty else { return }
        let unpacked = ByteStrings(designations.prefix(orbitCount).lazy.map { $0[0] })
        let packed = ByteStrings(designations.prefix(orbitCount).lazy.map { (try? Designation($0[0]).packed) ?? $0[0] })
        orbits.set(Column("designation", .string(unpacked)))
        orbits.set(Column("unpacked_primary_provisional_designation", .string(unpacked)))
        orbits.set(Column("packed_primary_provisional_designation", .string(packed)))
    }

    /// Identifications without those of objects under a number alone that have a better designation now.
    func known(_ identifications: Table) -> Table {
        guard let primaries = identifications["unpacked_primary_provisional_designation"]?.strings else { return identifications }
        let kept = (0..<primaries.count).filter { row in
            let name = primaries[row]
            guard name.utf8.allSatisfy({ (48...57).contains($0) }), let place = places[name] else { return true }
            return designations[place.object][0] == name
        }
        return kept.count == primaries.count ? identifications : identifications.gather(kept)
    }

    /// The identifiers that new objects get, by their primary designations.
    func newIds() throws -> [Int64] { try designations.map { try Designation($0[0]).newObjectId } }
}
