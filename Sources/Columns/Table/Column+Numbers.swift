/// Numbers whatever the column's own type, with NaN for null: for arithmetic that has no use for a bitmap.
extension Column {
    /// Nil where the column holds no numbers. 64-bit integers beyond 2^53 are rounded.
    /// - Complexity: O(rows)
    public var numbers: [Double]? {
        var out: [Double]
        switch values {
        case .double(let v): out = v
        case .float(let v): out = v.map(Double.init)
        case .int16(let v): out = v.map(Double.init)
        case .int32(let v): out = v.map(Double.init)
        case .int64(let v): out = v.map(Double.init)
        default: return nil
        }
        if let validity { for row in out.indices where !validity[row] { out[row] = .nan } }
        return out
    }

    /// As `numbers`, in single precision.
    public var singles: [Float]? {
        guard case .float(var out) = values else { return numbers?.map(Float.init) }
        if let validity { for row in out.indices where !validity[row] { out[row] = .nan } }
        return out
    }
}
