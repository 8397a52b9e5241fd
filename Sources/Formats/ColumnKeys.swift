/// Names of columns as names that can follow a point: `table.SUNACTIVITY`.
///
/// The rule: letters of any script, accents, digits, `_` and `′` stay; subscript digits become `_` and the digit (`h₁`
/// is `h_1`); every other run of characters becomes one `_`, and none at the ends; a name that would begin with a
/// digit gets `column` before it; a name that is taken already gets `_2`, `_3`, ... behind it.
public enum ColumnKeys {
  /// `"Sun spots (mean)"` gives `Sun_spots_mean`.
  public static func cleaned(_ name: String) -> String {
    var key = String.UnicodeScalarView()
    var hasGap = false
    for scalar in name.unicodeScalars {
      if let digit = subscriptDigit(scalar) {
        if !key.isEmpty, key.last != "_", key.last.flatMap(asciiDigit) == nil { key.append("_") }
        key.append(digit)
        hasGap = false
      } else if isPart(scalar) {
        if hasGap, !key.isEmpty, key.last != "_" { key.append("_") }
        key.append(scalar)
        hasGap = false
      } else {
        hasGap = true
      }
    }
    while key.first == "_" { key.removeFirst() }
    while key.last == "_" { key.removeLast() }
    guard let first = key.first else { return "column" }
    let canBegin = asciiDigit(first) == nil && !isMark(first) && first != "′"
    return canBegin ? String(key) : "column" + String(key)
  }

  /// The keys of a table's columns, no two alike.
  static func keys(for names: [String]) -> [String] {
    // A name that is clean as it stands keeps it, whatever stands before it.
    var taken = Set(names.filter { cleaned($0) == $0 })
    var kept: Set<String> = []
    return names.map { name in
      let base = cleaned(name)
      if base == name, kept.insert(name).inserted { return name }
      var key = base
      var number = 2
      while !taken.insert(key).inserted {
        key = "\(base)_\(number)"
        number += 1
      }
      return key
    }
  }

  private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.properties.isAlphabetic || asciiDigit(scalar) != nil || scalar == "_" }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
    default: return isMark(scalar) || scalar == "′"
    }
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .nonspacingMark
  }

  private static func asciiDigit(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    ("0"..."9").contains(scalar) ? scalar : nil
  }

  private static func subscriptDigit(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    guard (0x2080...0x2089).contains(scalar.value) else { return nil }
    return Unicode.Scalar(scalar.value - 0x2080 + 0x30)
  }
}
