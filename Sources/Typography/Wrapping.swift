/// Breaks lines at their blanks, so that no word is cut where a terminal ends.
public enum Wrapping {
  /// A line that is too long as several; what follows the first is indented, by four blanks more than the first unless
  /// `indent` says otherwise. A word that is wider than a line stands alone on one.
  public static func wrap(_ line: String, width: Int, indent: Int? = nil) -> [String] {
    guard line.displayWidth > width else { return [line] }
    let lead = String(line.prefix { $0 == " " })
    let blank = String(repeating: " ", count: indent ?? lead.count + 4)
    let found = pieces(
      String(line.dropFirst(lead.count)), first: width - lead.count, others: width - blank.count)
    return found.enumerated().map { ($0.offset == 0 ? lead : blank) + $0.element }
  }

  /// A text in pieces: the first at most `first` columns wide, the others `others`. If not even a word fits into the
  /// first, and more would fit into the others, it is empty.
  public static func pieces(_ text: String, first: Int, others: Int) -> [String] {
    var pieces: [String] = []
    var piece: String?
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      let room = pieces.isEmpty ? first : others
      guard let started = piece else {
        if pieces.isEmpty, String(word).displayWidth > first, first < others {
          pieces.append("")
        }
        piece = String(word)
        continue
      }
      let longer = started + " " + word
      if longer.displayWidth > room, started.contains(where: { $0 != " " }) {
        pieces.append(started)
        piece = String(word)
      } else {
        piece = longer
      }
    }
    return pieces + [piece ?? ""]
  }
}
