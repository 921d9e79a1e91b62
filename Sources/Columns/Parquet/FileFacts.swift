import CArrow
import Foundation

/// Why the file cannot be opened for reading, from the system; nil where it can.
func reasonAgainstReading(_ path: String) -> ColumnsError? {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return .unreadable(path: path, reason: systemMessage(errno)) }
    if facts.st_mode & S_IFMT == S_IFDIR { return .unreadable(path: path, reason: "it is a directory; name a file in it") }
    guard access(path, R_OK) == 0 else { return .unreadable(path: path, reason: systemMessage(errno)) }
    if facts.st_mode & S_IFMT == S_IFREG, facts.st_size == 0 { return .malformed(path: path, reason: "it is empty") }
    return nil
}

/// The system's words for an error number.
func systemMessage(_ number: Int32) -> String {
    number == ENOENT ? "there is no such file or directory" : String(cString: strerror(number)).lowercasedFirst
}

/// Arrow's message as part of a sentence, and frees it; nil where there was no error.
func arrowMessage(_ text: UnsafeMutablePointer<CChar>?) -> String? {
    guard let text else { return nil }
    defer { carrow_text_free(text) }
    let line = String(cString: text).split(separator: "\n").first.map(String.init) ?? "an error without a message"
    return line.trimmingCharacters(in: CharacterSet(charactersIn: " .")).lowercasedFirst
}

extension String {
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
