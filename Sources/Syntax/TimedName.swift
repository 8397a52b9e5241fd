/// Names that end in their time: `h_t` is `h[t]` inside cells and behind `∂`, `check` and `expand`, and an ordinary
/// name elsewhere, so the tree keeps it as a name.
public enum TimedName {
  /// The variable of a name such as `h_t`: `h`. Nil for every other name.
  public static func split(_ name: String) -> String? {
    guard name.utf8.count > 2, name.hasSuffix("_t") else { return nil }
    return String(name.dropLast(2))
  }

  /// The time, counted from now, that a subscript such as `t`, `t-1` or `t+2` says; nil if it says none.
  static func offset(of subscripted: String) -> Int? {
    let bytes = Array(subscripted.utf8)
    guard bytes.first == UInt8(ascii: "t") else { return nil }
    if bytes.count == 1 { return 0 }
    let digits = bytes[2...]
    guard bytes[1] == UInt8(ascii: "-") || bytes[1] == UInt8(ascii: "+"), digits.allSatisfy(Characters.isDigit),
      let size = Int(String(decoding: digits, as: UTF8.self)), size <= 1_000_000_000
    else { return nil }
    return bytes[1] == UInt8(ascii: "-") ? -size : size
  }
}
