/// A part as a two-dimensional writer spelled it, with what line breaking and parentheses need to know of it.
struct Typeset: Sendable {
  var text: String
  /// In points, of letters 10 points high; about.
  var width: Int
  /// Taller than a letter with its scripts, so that parentheses around it must grow.
  var isTall = false
}

/// A writer of formulas in two dimensions: LaTeX or MathML.
protocol TypesettingWriter {
  /// Spells a part whose own parts are spelled.
  func typeset(_ part: MathTree.Part, in tree: MathTree, _ known: (MathTree.ID) -> Typeset) -> Typeset
  /// The sign between two terms, or before the first.
  func sign(isNegative: Bool, isFirst: Bool) -> Typeset
  /// What stands between two factors.
  func joint(_ joint: MathTree.Joint, _ left: MathTree.ID, _ right: MathTree.ID, in tree: MathTree) -> Typeset
  /// The mark that a joint is written with where it must be.
  func mark(_ joint: MathTree.Joint) -> Typeset
  var comma: Typeset { get }
  /// A fraction bar within a line.
  var slash: Typeset { get }
  /// Brackets that stay the same size on both sides even if a line ends between them.
  func bracket(_ bracket: String, isOpening: Bool, isTall: Bool) -> Typeset
  /// What stands before the arguments of a function: `\operatorname{diag}`.
  func functionName(_ name: String, _ operation: Operator.ID?) -> Typeset
  /// `with j, k = 1, …, h`: what indices run over.
  func ranges(_ groups: [(letters: [String], widths: [Dimension])], _ shapes: ShapeSolution) -> String
  /// `∂/∂x` before what it is applied to.
  func derivativeOperator(by variable: Typeset) -> Typeset
  /// Words before a formula: `where`.
  func words(_ words: String) -> Typeset
}

/// A tree and the spellings of its parts.
struct Typesetter<Writer: TypesettingWriter> {
  let writer: Writer
  let tree: MathTree
  private var known: [Typeset] = []
  /// What is longer than this (by functions seen through many times) is cut.
  static var longest: Int { 1_000_000 }

  init(_ writer: Writer, _ tree: MathTree) {
    self.writer = writer
    self.tree = tree
    known.reserveCapacity(tree.parts.count)
    for part in tree.parts {
      var result = writer.typeset(part, in: tree) { known[$0.index] }
      if result.text.utf8.count > Self.longest { result = Typeset(text: "…", width: 10) }
      known.append(result)
    }
  }

  subscript(_ id: MathTree.ID) -> Typeset { known[id.index] }
}
