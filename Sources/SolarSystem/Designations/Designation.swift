/// The designation of a minor planet or comet, in the forms of the Minor Planet Center.
///
/// ```swift
/// try Designation("2020 AV2").packed          // "K20A02V"
/// try Designation(packed: "CJ95O010").unpacked  // "C/1995 O1"
/// ```
/// Every value can be written packed and unpacked and read back; names are ignored. Source: the MPC's documents "Packed Provisional and
/// Permanent Designations" and "Extended Packed Provisional Designations" (base 62, from the 15,500th object of a half-month on).
/// Natural satellites are refused.
public enum Designation: Sendable, Hashable {
    /// A numbered minor planet, 1 to 15,396,335.
    case number(Int)
    /// A provisional designation of a minor planet.
    case provisional(ProvisionalDesignation)
    /// A minor planet of the Palomar-Leiden or Trojan surveys.
    case survey(number: Int, SurveyName)
    /// A numbered comet or interstellar object, with a fragment of "" or one or two capital letters: 73P-C.
    case numberedComet(Int, CometKind, fragment: String)
    /// A comet that has no number.
    case comet(CometKind, CometDiscovery)

    /// The four surveys with designations of their own.
    public enum SurveyName: String, Sendable, CaseIterable {
        case palomarLeiden = "P-L"
        case trojan1 = "T-1"
        case trojan2 = "T-2"
        case trojan3 = "T-3"

        var packed: String {
            switch self {
            case .palomarLeiden: "PLS"
            case .trojan1: "T1S"
            case .trojan2: "T2S"
            case .trojan3: "T3S"
            }
        }
    }

    /// What stands before the slash: periodic, not periodic, lost, without orbit, asteroid-like, interstellar.
    public enum CometKind: Character, Sendable, CaseIterable {
        case periodic = "P"
        case longPeriod = "C"
        case defunct = "D"
        case withoutOrbit = "X"
        case asteroidal = "A"
        case interstellar = "I"
    }

    /// What stands after the slash.
    public enum CometDiscovery: Sendable, Hashable {
        /// The `order`-th comet of a half-month, 1 to 619; the fragment is "" or one capital letter.
        case order(year: Int, halfMonth: Character, order: Int, fragment: String)
        /// Named as a minor planet before it was seen to be a comet: C/2014 UN271.
        case provisional(ProvisionalDesignation)
    }

    /// The largest number that "~" and four digits of base 62 hold.
    public static let largestNumber = 620_000 + 62 * 62 * 62 * 62 - 1
}

/// A text that is no designation, or one that cannot be used here.
public struct DesignationError: Error, Equatable, CustomStringConvertible {
    public var text: String
    public var reason: String

    public var description: String { "'\(text)' is no designation of a minor planet or comet: \(reason)" }
}
