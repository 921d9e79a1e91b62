import Postgres

/// As what somebody works on a generation: what must hold of it in every transaction that changes its rows.
public enum GenerationUse: Sendable, Equatable {
    /// As the current one: the work of the nights.
    case current
    /// As the generation of an open release that is not current: its load in the order of time, its orbits.
    case release(String)
    /// As one of the two generations of an open release, whichever is current: it gets what the other has.
    case catchUp(String)

    /// Enters the gate as such.
    /// - Throws: `CatalogError.generationMoved` where it is not that, or no longer.
    @discardableResult
    func enter(_ generation: Int, on connection: Connection) throws -> GenerationGate {
        let gate = try GenerationGate.enter(generation, on: connection)
        let holds =
            switch self {
            case .current: gate.state == "current"
            case .release(let name): gate.release == name && gate.state != "current"
            case .catchUp(let name): gate.release == name
            }
        guard holds else { throw CatalogError.generationMoved(generation: generation, state: gate.state) }
        return gate
    }
}
