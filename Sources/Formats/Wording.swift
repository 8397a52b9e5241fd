// Small pieces of the texts that errors and notes are made of.

/// `1 line`, `3 lines`.
func counted(_ count: Int, _ noun: String) -> String {
  "\(count) \(noun)\(count == 1 ? "" : "s")"
}

/// A text of a file, short and without control characters, in quotes.
func quoted(_ text: String) -> String {
  var shown = ""
  for scalar in text.unicodeScalars.prefix(40) {
    let isPrintable = scalar.value >= 0x20 && !(0x7f...0x9f).contains(scalar.value)
    shown.unicodeScalars.append(isPrintable ? scalar : "�")
  }
  return "\"\(shown)\(text.unicodeScalars.count > 40 ? "…" : "")\""
}

/// `1 GiB`, `12.4 MiB`, `17 bytes`.
func amount(ofBytes count: Int) -> String {
  for (unit, shift) in [("GiB", 30), ("MiB", 20), ("KiB", 10)] where count >> shift >= 1 {
    let tenths = (count >> (shift - 4)) &* 10 / 16
    return tenths % 10 == 0 ? "\(tenths / 10) \(unit)" : "\(tenths / 10).\(tenths % 10) \(unit)"
  }
  return counted(count, "byte")
}

/// `3 × 4`; a rank of 0 is `one number`.
func extent(_ shape: [Int]) -> String {
  shape.isEmpty ? "one number" : shape.map { "\($0)" }.joined(separator: " × ")
}
