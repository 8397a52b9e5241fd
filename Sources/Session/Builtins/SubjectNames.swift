import Syntax
import Typography

/// What the cells and nets of a comparison are called: by their names; where two have the same, as they were written
/// (`clamp(LSTM, f: 1)`), or by numbers.
enum SubjectNames {
  /// The longest text that stands for a name.
  private static let longest = 24

  /// - Parameter subjects: with the names that they have themselves.
  static func unique(_ subjects: [(name: String, place: Place?)]) -> [String] {
    func isTwice(_ name: String, in names: [String]) -> Bool { names.filter { $0 == name }.count > 1 }
    let names = subjects.map(\.name)
    let written = subjects.map { subject -> String in
      guard isTwice(subject.name, in: names), let text = subject.place?.text, text.displayWidth <= longest,
        !text.contains(where: \.isNewline)
      else { return subject.name }
      return text
    }
    return written.enumerated().map { position, name in
      guard isTwice(name, in: written) else { return name }
      return "\(name) \(written[...position].filter { $0 == name }.count)"
    }
  }
}
