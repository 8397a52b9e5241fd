/// A formula as the line breaker sees it: a sum of chains of factors, some of which can be opened.
///
/// Texts and widths are whoever's they are: columns of a terminal, or points of LaTeX and MathML.
struct Breakable: Sendable {
  struct Piece: Sendable {
    var text: String
    var width: Int
    var group: Group?
  }

  /// What a piece is if it is opened: `diag(`, content, `)`.
  final class Group: Sendable {
    let head: Piece
    /// Sums between commas.
    let content: [[Term]]
    let tail: Piece
    /// What belongs to it behind its brackets: a divisor.
    let after: [Factor]

    init(head: Piece, content: [[Term]], tail: Piece, after: [Factor] = []) {
      self.head = head
      self.content = content
      self.tail = tail
      self.after = after
    }
  }

  /// A chain of factors with the sign before it.
  struct Term: Sendable {
    /// The sign with its blanks where the term goes on a line, and where it begins one; nothing before a first one.
    var sign: Piece?
    var leadingSign: Piece?
    var factors: [Factor]

    /// Of the factors alone.
    var width: Int { factors.reduce(0) { $0 + ($1.joint?.width ?? 0) + $1.piece.width } }
    var text: String { factors.map { ($0.joint?.text ?? "") + $0.piece.text }.joined() }
  }

  struct Factor: Sendable {
    /// The mark before it, with its blanks, and as a line begins with it.
    var joint: Piece?
    var leadingJoint: Piece?
    var piece: Piece
  }
}

/// Breaks sums at the outermost + and -; a term that is too wide at the outermost + and - inside its brackets, and so
/// on inwards; a product that is too wide before its marks. The operator begins the new line.
struct LineBreaker {
  struct Line: Sendable {
    var indent: Int
    var text: String
    /// Indent included.
    var width: Int
  }

  struct Style: Sendable {
    /// Lines inside of brackets begin right of the opening one, else a step further in.
    var alignsToBrackets: Bool
    var step: Int
    /// What follows an opened bracket before a sum, so that the terms stand below each other, and what precedes its end.
    var afterOpening: Breakable.Piece
    var beforeClosing: Breakable.Piece
    /// At the end of a line, between the elements of a list.
    var comma: Breakable.Piece
    /// Before the first term, on the line of what stands left of it, and on a line of its own.
    var beforeFirst: Breakable.Piece
    var noSign: Breakable.Piece
  }

  let style: Style
  let width: Int
  private(set) var lines: [Line]

  /// - Parameter first: what stands before the sum on its first line.
  init(style: Style, width: Int, first: Breakable.Piece) {
    self.style = style
    self.width = width
    lines = [Line(indent: 0, text: first.text, width: first.width)]
  }

  /// Puts a sum, each term on the line before it if it fits there.
  mutating func put(_ terms: [Breakable.Term]) {
    for (position, term) in terms.enumerated() {
      let sign = position == 0 ? style.beforeFirst + term.sign : term.sign
      if column + (sign?.width ?? 0) + term.width <= width {
        append(sign)
        append(term)
        continue
      }
      newLine(style.step)
      append(position == 0 ? style.noSign + term.sign : term.leadingSign)
      put(term.factors, indent: column, reserve: 0)
    }
  }

  // MARK: Lines

  private var column: Int { lines[lines.count - 1].width }

  private mutating func append(_ piece: Breakable.Piece?) {
    guard let piece else { return }
    lines[lines.count - 1].text += piece.text
    lines[lines.count - 1].width += piece.width
  }

  private mutating func append(_ term: Breakable.Term) {
    append(Breakable.Piece(text: term.text, width: term.width))
  }

  private mutating func newLine(_ indent: Int) { lines.append(Line(indent: indent, text: "", width: indent)) }

  // MARK: Products

  /// Puts a chain of factors from the column where it stands; what begins a line inside of it stands at `indent`.
  /// - Parameter reserve: how much stands right of its end: brackets that close there.
  private mutating func put(_ factors: [Breakable.Factor], indent: Int, reserve: Int) {
    let whole = factors.reduce(0) { $0 + ($1.joint?.width ?? 0) + $1.piece.width }
    if column + whole + reserve <= width {
      for factor in factors {
        append(factor.joint)
        append(factor.piece)
      }
      return
    }
    for (position, factor) in factors.enumerated() {
      let room = width - (position == factors.count - 1 ? reserve : 0)
      let joint = factor.joint?.width ?? 0
      if column + joint + factor.piece.width <= room {
        append(factor.joint)
        append(factor.piece)
        continue
      }
      let group = factor.piece.group
      if let group, isWorthOpening(group, factor.piece, after: joint, room: room) {
        append(factor.joint)
        open(group, indent: indent, reserve: width - room)
        continue
      }
      if position > 0 || column > indent {
        newLine(indent)
        append(factor.leadingJoint)
      }
      if let group, column + factor.piece.width > room {
        open(group, indent: indent, reserve: width - room)
      } else {
        append(factor.piece)
      }
    }
  }

  /// Whether a bracket is opened where it stands: if it is long, a sum, and its terms fit right of it.
  private func isWorthOpening(
    _ group: Breakable.Group, _ piece: Breakable.Piece, after joint: Int, room: Int
  ) -> Bool {
    guard piece.width * 3 > width, group.content.contains(where: { $0.count > 1 }) else { return false }
    let first = column + joint + group.head.width + style.afterOpening.width
    let start = style.alignsToBrackets ? first : lines[lines.count - 1].indent + 2 * style.step
    guard start <= width / 2 else { return false }
    let terms = group.content.joined()
    let widest = terms.dropFirst().reduce(0) { max($0, ($1.leadingSign?.width ?? 0) + $1.width) }
    return first + (terms.first?.width ?? 0) <= room && start + widest + group.tail.width <= room
  }

  private mutating func open(_ group: Breakable.Group, indent outer: Int, reserve: Int) {
    append(group.head)
    var indent = style.alignsToBrackets ? column : lines[lines.count - 1].indent + style.step
    if indent > width / 2 {
      indent = min(lines[lines.count - 1].indent + style.step, width / 2)
      newLine(indent)
    }
    let reserveAfter = reserve
    let reserve = group.after.isEmpty ? reserve : 0
    for (position, terms) in group.content.enumerated() {
      let isLast = position == group.content.count - 1
      if position > 0 {
        append(style.comma)
        newLine(indent)
      }
      let isSum = terms.count > 1 && group.content.count == 1
      let end = isLast ? reserve + group.tail.width + (isSum ? style.beforeClosing.width : 0) : style.comma.width
      if isSum { append(style.afterOpening) }
      put(opened: terms, indent: indent, reserve: end)
      if isSum { append(style.beforeClosing) }
    }
    append(group.tail)
    if !group.after.isEmpty { put(group.after, indent: outer, reserve: reserveAfter) }
  }

  /// A sum inside of brackets: each term on a line of its own.
  private mutating func put(opened terms: [Breakable.Term], indent: Int, reserve: Int) {
    for (position, term) in terms.enumerated() {
      if position == 0 {
        append(term.sign)
      } else {
        newLine(indent)
        append(term.leadingSign)
      }
      let inner = style.alignsToBrackets ? column : min(column, indent + style.step)
      put(term.factors, indent: inner, reserve: position == terms.count - 1 ? reserve : 0)
    }
  }
}

extension Breakable.Piece {
  fileprivate static func + (left: Self, right: Self?) -> Self {
    Breakable.Piece(text: left.text + (right?.text ?? ""), width: left.width + (right?.width ?? 0))
  }
}
