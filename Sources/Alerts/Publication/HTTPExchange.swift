import Foundation
import FoundationNetworking
import Synchronization

/// One request and its answer over HTTP. Blocks, at most for the timeout.
struct HTTPExchange {
    struct Answer {
        var status: Int
        var body: [UInt8]
    }

    /// Why there is no answer, as the end of a sentence that begins with the address.
    struct Failed: Error { let reason: String }

    private final class Outcome: Sendable {
        let value = Mutex<Result<Answer, Failed>?>(nil)
    }

    let timeoutSeconds: Double

    /// - Throws: `Failed`
    func send(_ method: String, _ url: URL, body: String? = nil) throws -> Answer {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = timeoutSeconds
        // A server that sends a byte now and then does not keep us longer.
        configuration.timeoutIntervalForResource = timeoutSeconds
        let session = URLSession(configuration: configuration)
        defer { session.invalidateAndCancel() }
        var request = URLRequest(url: url, timeoutInterval: timeoutSeconds)
        request.httpMethod = method
        request.setValue("application/vnd.schemaregistry.v1+json, application/json", forHTTPHeaderField: "Accept")
        if let body {
            request.httpBody = Data(body.utf8)
            request.setValue("application/vnd.schemaregistry.v1+json", forHTTPHeaderField: "Content-Type")
        }
        let outcome = Outcome()
        let done = DispatchSemaphore(value: 0)
        session.dataTask(with: request) { data, response, error in
            outcome.value.withLock { value in
                if let response = response as? HTTPURLResponse, error == nil {
                    value = .success(Answer(status: response.statusCode, body: [UInt8](data ?? Data())))
                } else {
                    value = .failure(Failed(reason: sentence(error)))
                }
            }
            done.signal()
        }.resume()
        guard done.wait(timeout: .now() + timeoutSeconds + 1) == .success, let result = outcome.value.withLock({ $0 }) else {
            throw Failed(reason: "did not answer within \(timeoutSeconds) s")
        }
        return try result.get()
    }

    private func sentence(_ error: (any Error)?) -> String {
        guard let error = error as? URLError else { return "does not speak HTTP" }
        return switch error.code {
        case .timedOut: "did not answer within \(timeoutSeconds) s"
        case .cannotConnectToHost: "cannot be reached: the connection is refused"
        case .cannotFindHost, .dnsLookupFailed: "cannot be found"
        case .networkConnectionLost, .cannotParseResponse, .badServerResponse: "broke off its answer or does not speak HTTP"
        default: "cannot be used: \(error.localizedDescription.prefix(1).lowercased())\(error.localizedDescription.dropFirst())"
        }
    }
}
