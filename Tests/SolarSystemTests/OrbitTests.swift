import SolarSystem
import Testing

@Suite("Orbits")
struct OrbitTests {
}
