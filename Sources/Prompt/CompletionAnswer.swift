import Session
import Typography

/// What Tab does: the text is replaced as far as all completions agree, and if they do not agree they are listed.
struct CompletionAnswer: Equatable {
  var start: Int
  var replacement: String?
  var listing: String?

  static let mostListed = 200

  init(start: Int, replacement: String?, listing: String?) {
    self.start = start
    self.replacement = replacement
    self.listing = listing
  }

  /// `typed` up to `point` is what stands before the cursor.
  init(_ completions: Completions, typed: String, point: Int, width: Int, showsAll: Bool) {
    let bytes = Array(typed.utf8)
    start = min(max(completions.start, 0), min(point, bytes.count))
    let items = completions.items
    guard let first = items.first else { return }
    if items.count == 1 {
      replacement = first.replacement
      return
    }
    let present = String(decoding: bytes[start..<min(point, bytes.count)], as: UTF8.self)
    let agreed = items.dropFirst().reduce(first.replacement) { commonPrefix($0, $1.replacement) }
    // Completions may rewrite what was typed (`\sig` becomes σ): only what keeps it goes on.
    if agreed.unicodeScalars.count > present.unicodeScalars.count, agreed.hasPrefix(present) { replacement = agreed }
    if replacement == nil || showsAll { listing = CompletionAnswer.table(items.map(\.display), width: width) }
  }

  /// Texts in columns, down and then across.
  static func table(_ texts: [String], width: Int) -> String {
    let shown = texts.prefix(mostListed)
    let column = (shown.map(\.displayWidth).max() ?? 0) + 2
    let columns = max(1, (width - 1) / column)
    let rows = (shown.count + columns - 1) / columns
    var table = ""
    for row in 0..<rows {
      var line = ""
      for index in stride(from: row, to: shown.count, by: max(rows, 1)) {
        let text = shown[index]
        let isLast = index + rows >= shown.count
        line += isLast ? text : text + String(repeating: " ", count: column - text.displayWidth)
      }
      table += line + "\n"
    }
    if texts.count > shown.count { table += "(\(texts.count - shown.count) more)\n" }
    return table
  }
}

private func commonPrefix(_ left: String, _ right: String) -> String {
  var prefix = String.UnicodeScalarView()
  for (a, b) in zip(left.unicodeScalars, right.unicodeScalars) {
    guard a == b else { break }
    prefix.append(a)
  }
  return String(prefix)
}
