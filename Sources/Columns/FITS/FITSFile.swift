import CCFITSIO
import Foundation

/// An open FITS file. The name is taken literally: CFITSIO's extended syntax of file names is not used.
final class FITSFile {
    let path: String
    private(set) var handle: UnsafeMutablePointer<fitsfile>?

    /// - Throws: `ColumnsError`
    init(reading path: String) throws {
        self.path = path
        try FileProbe.requireReadableFile(path)
        var status: Int32 = 0
        ffdkopn(&handle, path, READONLY, &status)
        if status != 0 { throw ColumnsError.malformed(path: path, reason: Self.message(status)) }
    }

    /// A new file, which must not exist.
    init(creating path: String) throws {
        self.path = path
        var status: Int32 = 0
        ffdkinit(&handle, path, &status)
        if status != 0 { throw ColumnsError.unwritable(path: path, reason: Self.message(status)) }
    }

    /// Runs a call of the library and throws what it reports.
    func check(_ call: (UnsafeMutablePointer<fitsfile>?, inout Int32) -> Void) throws {
        var status: Int32 = 0
        call(handle, &status)
        if status != 0 { throw ColumnsError.malformed(path: path, reason: Self.message(status)) }
    }

    /// Flushes and closes; a full disk shows itself here.
    func close() throws {
        var status: Int32 = 0
        ffclos(handle, &status)
        handle = nil
        if status != 0 { throw ColumnsError.unwritable(path: path, reason: Self.message(status)) }
    }

    deinit {
        var status: Int32 = 0
        if handle != nil { ffclos(handle, &status) }
        ffcmsg()
    }

    /// The library's words for a status, with the first of its own stack of messages; the stack is emptied.
    static func message(_ status: Int32) -> String {
        var short = [CChar](repeating: 0, count: 31)
        ffgerr(status, &short)
        var long = [CChar](repeating: 0, count: 81)
        let first = ffgmsg(&long) != 0 ? ": " + String(cString: long) : ""
        ffcmsg()
        return String(cString: short) + first
    }

    /// A keyword's text, nil where it is absent.
    func text(_ key: String) -> String? {
        var status: Int32 = 0
        var value = [CChar](repeating: 0, count: 81)
        ffgkys(handle, key, &value, nil, &status)
        if status != 0 {
            ffcmsg()
            return nil
        }
        return String(cString: value)
    }

    func integer(_ key: String) -> Int64? {
        var status: Int32 = 0
        var value: Int64 = 0
        ffgkyjj(handle, key, &value, nil, &status)
        if status != 0 {
            ffcmsg()
            return nil
        }
        return value
    }

    func real(_ key: String) -> Double? {
        var status: Int32 = 0
        var value: Double = 0
        ffgkyd(handle, key, &value, nil, &status)
        if status != 0 {
            ffcmsg()
            return nil
        }
        return value
    }
}
