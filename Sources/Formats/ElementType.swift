/// How a file stores a number. In memory all are `Double`.
public enum ElementType: String, Sendable, Equatable, CaseIterable {
  case float16 = "f2"
  /// The upper half of a Float32; NumPy has no such type.
  case bfloat16 = "bf16"
  case float32 = "f4"
  case float64 = "f8"
  case int8 = "i1"
  case int16 = "i2"
  case int32 = "i4"
  case int64 = "i8"
  case uint8 = "u1"
  case uint16 = "u2"
  case uint32 = "u4"
  case uint64 = "u8"
  case truth = "b1"

  /// Bytes a number takes.
  public var size: Int {
    switch self {
    case .int8, .uint8, .truth: return 1
    case .float16, .bfloat16, .int16, .uint16: return 2
    case .float32, .int32, .uint32: return 4
    case .float64, .int64, .uint64: return 8
    }
  }
}
