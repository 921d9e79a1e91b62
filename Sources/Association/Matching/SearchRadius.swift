import Foundation

/// The radius of a search as a chord, with room for the rounding of unit vectors, so that a pair exactly at the radius counts.
/// The room is that of `NearestNeighbour.pairs`.
struct SearchRadius {
    /// Largest square of a chord between partners.
    let chordSquaredMax: Double
    /// No coordinate of partners differs by more than this.
    let reach: Double

    init(arcsec: Double) {
        let chord = 2 * sin(arcsec / 3600 * .pi / 180 / 2)
        chordSquaredMax = chord * chord * (1 + 1e-12) + 1e-31
        reach = chord * (1 + 1e-11) + 1e-15
    }
}
