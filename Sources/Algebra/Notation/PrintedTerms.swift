import Typography

/// Reads a printed expression for the line breaker: its terms, their factors, and what stands in brackets. It knows
/// only brackets, commas and the marks between blanks.
struct PrintedTerms {
  /// Brackets nested deeper than this are left to be broken at blanks.
  private static let deepest = 200

  /// A bracket that is open: what was read inside of it so far.
  private struct Frame {
    /// Of the factor that the bracket belongs to, up to and with the bracket.
    var head = ""
    var content: [[Breakable.Term]] = []
    var terms: [Breakable.Term] = []
    var term = Breakable.Term(factors: [])
    /// The factor that is read, and the last bracket in it that can be opened.
    var factor = ""
    var group: Breakable.Group?
    var groupEnd = 0
    var joint: Breakable.Piece?
    var leadingJoint: Breakable.Piece?
  }

  private var frames = [Frame()]

  /// The terms of a text; nil if its brackets are nested too deeply or do not fit.
  static func read(_ text: String) -> [Breakable.Term]? {
    var reader = PrintedTerms()
    return reader.terms(of: text)
  }

  private mutating func terms(of text: String) -> [Breakable.Term]? {
    let characters = Array(text)
    var index = 0
    while index < characters.count {
      let character = characters[index]
      switch character {
      case "(", "[":
        guard frames.count < PrintedTerms.deepest else { return nil }
        var inner = Frame()
        inner.head = frames[frames.count - 1].factor + String(character)
        frames.append(inner)
      case ")", "]":
        guard frames.count > 1 else { return nil }
        close(character)
      case "," where frames.count > 1 && index + 1 < characters.count && characters[index + 1] == " ":
        endTerm()
        frames[frames.count - 1].content.append(frames[frames.count - 1].terms)
        frames[frames.count - 1].terms = []
        index += 1
      case " " where index + 2 < characters.count && characters[index + 2] == " ":
        mark(characters[index + 1])
        index += 2
      default: frames[frames.count - 1].factor.append(character)
      }
      index += 1
    }
    guard frames.count == 1 else { return nil }
    endTerm()
    return frames[0].terms
  }

  private static func piece(_ text: String) -> Breakable.Piece {
    Breakable.Piece(text: text, width: text.displayWidth)
  }

  /// + and - between terms, * · / between factors; other words stay in the factor.
  private mutating func mark(_ mark: Character) {
    switch mark {
    case "+", "-":
      endTerm()
      frames[frames.count - 1].term.sign = PrintedTerms.piece(" \(mark) ")
      frames[frames.count - 1].term.leadingSign = PrintedTerms.piece("\(mark) ")
    // @ is how · is spelled in ASCII.
    case "*", "·", "@", "/":
      endFactor()
      frames[frames.count - 1].joint = PrintedTerms.piece(" \(mark) ")
      frames[frames.count - 1].leadingJoint = PrintedTerms.piece("\(mark) ")
    default: frames[frames.count - 1].factor += " \(mark) "
    }
  }

  private mutating func endFactor() {
    let frame = frames[frames.count - 1]
    var piece = PrintedTerms.piece(frame.factor)
    if let group = frame.group {
      let tail = String(frame.factor.dropFirst(frame.groupEnd))
      piece.group = Breakable.Group(
        head: group.head, content: group.content, tail: PrintedTerms.piece(group.tail.text + tail))
    }
    frames[frames.count - 1].term.factors.append(
      Breakable.Factor(joint: frame.joint, leadingJoint: frame.leadingJoint, piece: piece))
    frames[frames.count - 1].factor = ""
    frames[frames.count - 1].group = nil
    frames[frames.count - 1].joint = nil
    frames[frames.count - 1].leadingJoint = nil
  }

  private mutating func endTerm() {
    endFactor()
    frames[frames.count - 1].terms.append(frames[frames.count - 1].term)
    frames[frames.count - 1].term = Breakable.Term(factors: [])
  }

  /// Ends the innermost bracket: it is one factor of what is around it, opened if that is too wide.
  private mutating func close(_ bracket: Character) {
    endTerm()
    guard let inner = frames.popLast() else { return }
    let content = inner.content + [inner.terms]
    let text = content.map { terms in
      terms.map { ($0.sign?.text ?? "") + $0.text }.joined()
    }.joined(separator: ", ")
    let whole = inner.head + text + String(bracket)
    let group = Breakable.Group(
      head: PrintedTerms.piece(inner.head), content: content, tail: PrintedTerms.piece(String(bracket)))
    let isLonger = text.count > 12 && text.contains(" ")
    frames[frames.count - 1].factor = whole
    if isLonger || frames[frames.count - 1].group == nil {
      frames[frames.count - 1].group = isLonger ? group : nil
      frames[frames.count - 1].groupEnd = whole.count
    }
  }
}
