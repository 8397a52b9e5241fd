/// How a letter is set. It does not make another name; a calligraphic letter before parentheses is a function's.
enum LaTeXStyle: Equatable {
  case plain, bold, calligraphic, blackboard, upright
}

/// A part of a formula with its scripts, before anything is known of names and times.
struct LaTeXAtom {
  indirect enum Nucleus {
    /// One letter with its accents: `W`, `σ`, `h̃`.
    case letter(String)
    /// Several letters that are one: `\mathrm{foo}`, `\tanh`.
    case word(String)
    /// Prose inside a formula.
    case text(String)
    case number(String)
    /// An operator, a relation or punctuation, by its Unicode character: `⊙` for `\odot`.
    case sign(String)
    /// What stands in parentheses, by the opening one: `(`, `[` or `{` (written `\{`).
    case fenced(String, [LaTeXAtom])
    case fraction([LaTeXAtom], [LaTeXAtom])
    case root([LaTeXAtom], degree: [LaTeXAtom]?)
    /// `\begin{bmatrix}` and its kind: rows of cells.
    case grid(String, [[[LaTeXAtom]]])
    /// `\quad`: may stand between two equations.
    case wideSpace
    /// `\\`, and the edges of `aligned` and its kind.
    case rowBreak
    case newline
    /// A command that no table knows.
    case unknown(String)
  }

  var nucleus: Nucleus
  var range: Range<Int>
  var style = LaTeXStyle.plain
  var primes = 0
  /// In the order written; `{h_t}_j` has two.
  var subscripts: [[LaTeXAtom]] = []
  var superscripts: [[LaTeXAtom]] = []

  init(_ nucleus: Nucleus, _ range: Range<Int>) {
    self.nucleus = nucleus
    self.range = range
  }

  var hasScripts: Bool { primes > 0 || !subscripts.isEmpty || !superscripts.isEmpty }

  /// A letter that bears nothing.
  var bareLetter: String? {
    if case .letter(let letter) = nucleus, !hasScripts { return letter }
    return nil
  }

  var sign: String? {
    if case .sign(let sign) = nucleus { return sign }
    return nil
  }

  func isSign(_ text: String) -> Bool { sign == text }

  /// Space that only the eye needs.
  var isSpacing: Bool {
    switch nucleus {
    case .wideSpace, .rowBreak, .newline: return true
    default: return false
    }
  }

  /// The contents of an only fence around everything: `(t-1)`.
  static func unfenced(_ atoms: [LaTeXAtom]) -> [LaTeXAtom]? {
    let visible = atoms.filter { !$0.isSpacing }
    guard visible.count == 1, let only = visible.first, !only.hasScripts, case .fenced(_, let inner) = only.nucleus
    else { return nil }
    return inner
  }

  static func range(of atoms: [LaTeXAtom]) -> Range<Int>? {
    guard let first = atoms.first, let last = atoms.last else { return nil }
    return first.range.through(last.range)
  }
}

extension Array where Element == LaTeXAtom {
  /// Without the space at both ends and between.
  var visible: [LaTeXAtom] { filter { !$0.isSpacing } }

  /// Parts between top-level signs of the given kinds; the signs themselves are left out.
  func split(atSigns signs: Set<String>) -> [[LaTeXAtom]] {
    split(omittingEmptySubsequences: false) { atom in
      guard let sign = atom.sign else { return false }
      return signs.contains(sign)
    }.map { Array($0) }
  }
}

/// Ranges that cannot fail: what a macro writes may stand before what it is given.
extension Range where Bound == Int {
  init(from one: Int, to other: Int) { self = Swift.min(one, other)..<Swift.max(one, other) }

  func through(_ other: Range<Int>) -> Range<Int> {
    Swift.min(lowerBound, other.lowerBound)..<Swift.max(upperBound, other.upperBound)
  }
}
