/// The sign of the determinant of three vectors: +1 when they turn counter-clockwise as seen from outside the sphere, 0 when one
/// great circle holds all three, -1 otherwise. Exact for all finite components, subnormal ones too.
@inline(__always)
func orientation(_ a: UnitVector, _ b: UnitVector, _ c: UnitVector) -> Int {
    // det(a, b, c) = det(a - b, b, c - b): with near vectors the differences are exact or nearly so, hence the error is relative
    // to them and the filter decides all but the points that are within rounding of the edge.
    let d = a - b
    let e = c - b
    let normal = b.cross(e)
    let determinant = d.dot(normal)
    let size = (abs(d.x) + abs(d.y) + abs(d.z)) * (abs(e.x) + abs(e.y) + abs(e.z))
    // Each of the fewer than ten roundings is at most 2^-53 of a quantity at most `size`; 2^-48 is three times their sum.
    let bound = size * 0x1p-48 + 0x1p-900
    if determinant > bound { return 1 }
    if determinant < -bound { return -1 }
    return exactOrientation(a, b, c)
}

/// The same by expansion arithmetic (J. R. Shewchuk, Discrete & Computational Geometry 18, 305, 1997): sums and products without
/// rounding, as lists of doubles that do not overlap.
@inline(never)
func exactOrientation(_ a: UnitVector, _ b: UnitVector, _ c: UnitVector) -> Int {
    // Each argument by a power of two of its own is exact for these sizes and keeps every partial product above underflow.
    let (p, q, r) = (scaledUp(a), scaledUp(b), scaledUp(c))
    var sum: [Double] = []
    addTriple(p.x, q.y, r.z, to: &sum)
    addTriple(-p.x, q.z, r.y, to: &sum)
    addTriple(p.y, q.z, r.x, to: &sum)
    addTriple(-p.y, q.x, r.z, to: &sum)
    addTriple(p.z, q.x, r.y, to: &sum)
    addTriple(-p.z, q.y, r.x, to: &sum)
    // The last part that is not zero is larger than the sum of all below it.
    let leading = sum.last { $0 != 0 } ?? 0
    return leading > 0 ? 1 : leading < 0 ? -1 : 0
}

/// One argument that has subnormal components is scaled by 2^500; the other two of a trixel test never have any.
private func scaledUp(_ vector: UnitVector) -> UnitVector {
    let tiny = [vector.x, vector.y, vector.z].contains { $0 != 0 && abs($0) < 0x1p-200 }
    return tiny ? vector * 0x1p500 : vector
}

private func addTriple(_ a: Double, _ b: Double, _ c: Double, to sum: inout [Double]) {
    guard a != 0, b != 0, c != 0 else { return }
    let (high, low) = exactProduct(b, c)
    for part in [low, high] where part != 0 {
        let (productHigh, productLow) = exactProduct(a, part)
        grow(&sum, by: productLow)
        grow(&sum, by: productHigh)
    }
}

private func exactProduct(_ a: Double, _ b: Double) -> (high: Double, low: Double) {
    let product = a * b
    return (product, (-product).addingProduct(a, b))
}

/// Adds one number to an expansion (Shewchuk's Grow-Expansion).
private func grow(_ expansion: inout [Double], by addend: Double) {
    var carried = addend
    for index in expansion.indices {
        let sum = carried + expansion[index]
        let virtual = sum - carried
        let error = (carried - (sum - virtual)) + (expansion[index] - virtual)
        expansion[index] = error
        carried = sum
    }
    expansion.append(carried)
    expansion.removeAll { $0 == 0 }
}
