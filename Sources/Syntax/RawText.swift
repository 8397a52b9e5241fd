/// Texts between `"""`, where nothing is escaped.
public enum RawText {
  /// Where the content stands, for a reader with places of its own; nil if the place holds no `"""..."""`.
  public static func content(of place: Place) -> Range<Int>? {
    let range = place.range
    let text = place.text.utf8
    let quotes: [UInt8] = [0x22, 0x22, 0x22]
    guard text.count >= 6, text.starts(with: quotes), text.suffix(3).elementsEqual(quotes) else { return nil }
    return range.lowerBound + 3..<range.upperBound - 3
  }

  /// The text without its first newline and without the indentation that all its lines share.
  static func value(of content: String) -> String {
    var bytes = Array(content.utf8)[...]
    let beginsLine = bytes.starts(with: [0x0D, 0x0A]) || bytes.first == 0x0A
    if beginsLine { bytes = bytes.dropFirst(bytes.first == 0x0A ? 1 : 2) }
    return bytes.contains(0x0A) || beginsLine ? dedent(bytes, keepsFirst: !beginsLine) : content
  }

  /// The first line counts only if a newline stood before it: otherwise its indentation is behind the quotes.
  private static func dedent(_ bytes: ArraySlice<UInt8>, keepsFirst: Bool) -> String {
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
      line.last == 0x0D ? line.dropLast() : line
    }
    let first = keepsFirst ? 1 : 0
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    let indents = lines.dropFirst(first).filter { !$0.allSatisfy(isBlank) }.map { $0.prefix(while: isBlank) }
    var shared = indents.first ?? []
    for indent in indents {
      shared = shared.prefix(zip(shared, indent).prefix(while: { $0 == $1 }).count)
    }
    for index in lines.indices.dropFirst(first) {
      lines[index] = lines[index].allSatisfy(isBlank) ? [] : lines[index].dropFirst(shared.count)
    }
    return String(decoding: Array(lines.joined(separator: [0x0A])), as: UTF8.self)
  }
}
