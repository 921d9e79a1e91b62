import Foundation

/// Wall time of a piece of work, in seconds.
func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = DispatchTime.now().uptimeNanoseconds
    try body()
    return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
}

/// One line of JSON on standard output.
func report(_ name: String, _ values: [String: Double]) {
    let fields = values.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }
    FileHandle.standardOutput.write(Data("{\"name\": \"\(name)\", \(fields.joined(separator: ", "))}\n".utf8))
}
