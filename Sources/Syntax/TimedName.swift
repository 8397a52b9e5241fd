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
    guard subscripted.hasPrefix("t") else { return nil }
    let rest = subscripted.dropFirst()
    guard let sign = rest.first else { return 0 }
    guard sign == "-" || sign == "+", let size = Int(rest.dropFirst()), rest.dropFirst().first != "-",
      rest.dropFirst().first != "+", size <= 1_000_000_000
    else { return nil }
    return sign == "-" ? -size : size
  }
}
