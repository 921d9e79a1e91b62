import TestSupport
import Foundation

@testable import Sphere

/// A point uniform on the sphere.
func randomDirection(_ generator: inout SeededGenerator) -> UnitVector {
    while true {
        let parts = (0..<3).map { _ in Double.random(in: -1...1, using: &generator) }
        let vector = UnitVector(x: parts[0], y: parts[1], z: parts[2])
        if (0.1...1).contains(vector.length) { return vector.normalised }
    }
}

/// The point at an angle (radians) from another, in the direction `turn` (radians).
func point(at angle: Double, from center: UnitVector, turn: Double) -> UnitVector {
    let axis = abs(center.z) < 0.9 ? UnitVector(x: 0, y: 0, z: 1) : UnitVector(x: 1, y: 0, z: 0)
    let east = axis.cross(center).normalised
    let north = center.cross(east)
    let side = east * cos(turn) + north * sin(turn)
    return (center * cos(angle) + side * sin(angle)).normalised
}

/// A convex polygon with its vertices on a circle (radius in radians) around a random point, or nil where rounding makes it none.
func randomPolygon(radius: Double, _ generator: inout SeededGenerator) -> (polygon: ConvexPolygon, center: UnitVector)? {
    let center = randomDirection(&generator)
    let turns = (0..<Int.random(in: 3...7, using: &generator)).map { _ in Double.random(in: 0..<2 * .pi, using: &generator) }.sorted()
    let vertices = turns.map { point(at: radius, from: center, turn: $0) }
    return (try? ConvexPolygon(vertices: vertices)).map { ($0, center) }
}

/// A box of random extent, some over RA 0 and some to a pole.
func randomBox(_ generator: inout SeededGenerator) throws -> Box {
    let first = Double.random(in: 0..<360, using: &generator)
    let width = pow(10, Double.random(in: -3...2.5, using: &generator))
    let dec = [Double.random(in: -90...90, using: &generator), Double.random(in: -90...90, using: &generator)].sorted()
    let pole = Int.random(in: 0..<6, using: &generator)
    return try Box(ra1: first, dec1: pole == 0 ? -90 : dec[0], ra2: first + width, dec2: pole == 1 ? 90 : dec[1])
}

/// A point inside a box.
func randomPoint(in box: Box, _ generator: inout SeededGenerator) throws -> UnitVector {
    let ra = box.ra1 + Double.random(in: 0...1, using: &generator) * box.raWidth
    return try UnitVector(ra: ra, dec: Double.random(in: box.dec1...box.dec2, using: &generator))
}
