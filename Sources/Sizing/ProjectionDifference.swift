/// What another policy changes: two projections of one survey, at their ends.
public struct ProjectionDifference: Codable, Sendable, Equatable {
    public struct Change: Codable, Sendable, Equatable {
        public var component: String
        public var bytesBefore: Double
        public var bytesAfter: Double
    }

    public var policyBefore: String
    public var policyAfter: String
    public var time: String
    /// Components whose expected bytes differ.
    public var changes: [Change]

    public init(from before: Projection, to after: Projection) {
        policyBefore = before.policy
        policyAfter = after.policy
        let (first, second) = (before.moments[before.moments.count - 1], after.moments[after.moments.count - 1])
        time = second.time
        changes = first.components.compactMap { component in
            let other = second[component.component]?.bytes.expected ?? 0
            return other == component.bytes.expected
                ? nil : Change(component: component.component, bytesBefore: component.bytes.expected, bytesAfter: other)
        }
    }
}
