import Alerts
import Foundation
import Glibc
import Synchronization

/// A small schema registry on a free port, with the faults of a real one. One request a connection.
final class PublicationRegistry: Sendable {
    enum Manner: Sendable {
        case sound
        /// Answers come later than anybody waits.
        case slow
        /// Every answer has this status.
        case status(Int)
        /// As many answers have status 500 as said, then it is sound.
        case ailing(Int)
        case nonsense
        /// Talks, but not HTTP.
        case noHTTP
        /// Gives numbers of its own.
        case ownNumbers
        /// Takes numbers only in mode IMPORT.
        case needsImport
    }

    struct State {
        var manner: Manner
        var schemas: [Int: String] = [:]
        var subjects: [String: [Int]] = [:]
        var modes: [String: String] = [:]
        var requests: [String] = []
    }

    private let listener: Int32
    let port: UInt16
    let state: Mutex<State>

    var url: String { "http://127.0.0.1:\(port)" }
    var schemas: [Int: String] { state.withLock { $0.schemas } }
    var requests: [String] { state.withLock { $0.requests } }

    init(_ manner: Manner = .sound, schemas: [Int: String] = [:]) throws {
        state = Mutex(State(manner: manner, schemas: schemas))
        (listener, port) = try Self.listen()
        let listener = listener
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                guard let self else {
                    close(connection)
                    return
                }
                Thread.detachNewThread { [self] in serve(connection) }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    /// A port that nothing listens on.
    static func freePort() throws -> UInt16 {
        let (descriptor, port) = try listen()
        close(descriptor)
        return port
    }

    private static func listen() throws -> (Int32, UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && Glibc.listen(descriptor, 16) == 0 && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard descriptor >= 0, isBound else { throw POSIXError(.EADDRNOTAVAIL) }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 65536)
        while !Self.isWhole(text) {
            let count = read(connection, &buffer, buffer.count)
            guard count > 0 else { return }
            text += String(decoding: buffer.prefix(count), as: UTF8.self)
        }
        let words = text.prefix { $0 != "\r\n" }.split(separator: " ").map(String.init)
        let body = text.range(of: "\r\n\r\n").map { String(text[$0.upperBound...]) } ?? ""
        let manner = state.withLock { state in
            state.requests.append("\(words[0]) \(words[1])")
            return state.manner
        }
        if case .slow = manner { Thread.sleep(forTimeInterval: 4) }
        let answer = if case .noHTTP = manner { "+OK ready\r\n" } else { Self.http(answer(words[0], words[1], body, manner)) }
        _ = answer.withCString { send(connection, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
    }

    private static func isWhole(_ text: String) -> Bool {
        guard let end = text.range(of: "\r\n\r\n") else { return false }
        let length = text[..<end.lowerBound].lowercased().firstMatch(of: /content-length: *(\d+)/).flatMap { Int($0.1) } ?? 0
        return text[end.upperBound...].utf8.count >= length
    }

    private static func http(_ answer: (status: Int, body: String)) -> String {
        "HTTP/1.1 \(answer.status) X\r\nContent-Type: application/json\r\nContent-Length: \(answer.body.utf8.count)\r\nConnection: close\r\n\r\n"
            + answer.body
    }

    private func answer(_ method: String, _ path: String, _ body: String, _ manner: Manner) -> (Int, String) {
        state.withLock { state in
            switch manner {
            case .status(let status): return (status, "{\"error_code\": \(status), \"message\": \"out of order\"}")
            case .ailing(let times) where times > 0:
                state.manner = .ailing(times - 1)
                return (500, "oops")
            case .nonsense: return (200, "<html>welcome</html>")
            default: break
            }
            let json = try? OrderedJSON(reading: body)
            let parts = path.split(separator: "?")[0].split(separator: "/").map(String.init)
            switch (method, parts.first) {
            case ("GET", "schemas"):
                guard let text = Int(parts[2]).flatMap({ state.schemas[$0] }) else {
                    return (404, "{\"error_code\": 40403, \"message\": \"Schema not found\"}")
                }
                return (200, OrderedJSON.object([.init("schema", .string(text))]).compact)
            case ("PUT", "mode"):
                state.modes[parts[1]] = json?["mode"]?.text
                return (200, body)
            case ("POST", "subjects"):
                if case .needsImport = manner, state.modes[parts[1]] != "IMPORT" {
                    return (422, "{\"error_code\": 42205, \"message\": \"Subject is not in import mode\"}")
                }
                var id = json?["id"]?.integer ?? 1
                if case .ownNumbers = manner { id = 1 }
                state.schemas[id] = json?["schema"]?.text
                state.subjects[parts[1], default: []].append(id)
                return (200, "{\"id\": \(id)}")
            default: return (404, "{\"message\": \"HTTP 404 Not Found\"}")
            }
        }
    }
}
