import Foundation

/// skyledger-trial INSTANCE VISITS SEED COUNT [loads-only] | broker FILE
///
/// Prints a line an operation once it has committed, or was refused as it must be; `end` when all were done.
let arguments = Array(CommandLine.arguments.dropFirst())
if arguments.count == 2, arguments[0] == "broker" {
    do { try Broker.run(into: arguments[1]) } catch {
        FileHandle.standardError.write(Data("skyledger-trial: \(error)\n".utf8))
        exit(1)
    }
}
guard arguments.count >= 4, let seed = UInt64(arguments[2]), let count = Int(arguments[3]) else {
    FileHandle.standardError.write(Data("usage: skyledger-trial INSTANCE VISITS SEED COUNT [loads-only] | broker FILE\n".utf8))
    exit(2)
}
do {
    var trial = try Trial(instance: arguments[0], visits: arguments[1], seed: seed)
    if arguments.dropFirst(4).first == "loads-only" { try trial.loadEverything() } else { try trial.run(count) }
    say("end")
} catch {
    FileHandle.standardError.write(Data("skyledger-trial: \(error)\n".utf8))
    exit(1)
}

/// A line at once: whoever kills this program wants to know what it had done.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
