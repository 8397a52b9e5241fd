import Typography

/// Equations below each other, to be written as text, LaTeX or MathML: a cell's, or a derivation with its `where`
/// lines, or its steps.
///
/// One tree is made of all their nodes, in the notation asked for, and each of the three outputs writes that tree.
public struct FormulaSheet {
  private struct Line {
    /// `where`, or nothing.
    var lead = ""
    /// Nil for a line that goes on from the one above: `= ...`.
    var left: MathTree.ID?
    /// ` holding h[t-1]` in a line of text.
    var heldText = ""
    var right: MathTree.ID
    /// On a line above it: the step by which it came, and what its rule was applied to.
    var remark: (number: Int, rule: String, subject: MathTree.ID?)?
  }

  /// A line of text before it is broken.
  public struct TextLine {
    /// The number of a step, and its rule with what that was applied to.
    public var remark: (number: Int, words: String)?
    /// `where`, or nothing.
    public var lead: String
    /// With what is held; nothing for a line that goes on from the one above.
    public var left: String
    public var right: String
  }

  /// Room for lines of LaTeX and MathML, in points: what `article` has on A4 at 10 points.
  static let points = 340

  private let recurrence: Recurrence
  private var builder: MathTreeBuilder
  /// Nil for the notations that are expressions.
  private var index: IndexNotation?
  private var lines: [Line] = []

  /// - Parameter notation: how derivatives are written; equations of cells look the same in all.
  public init(_ recurrence: Recurrence, notation: Notation = .elementwise) {
    self.recurrence = recurrence
    builder = MathTreeBuilder(recurrence, isMatrixNotation: notation == .matrix)
    index = notation == .index ? IndexNotation(recurrence) : nil
  }

  /// Adds `c[t] = ...` or `[u[t], v[t]] = ...`, `shift` steps from now.
  public mutating func addEquation(_ targets: [SymbolID], _ body: NodeID, shift: Int = 0) {
    let left = builder.targets(targets, shift: shift)
    add(left: left, right: builder.part(recurrence.store.shifted(body, by: shift)))
  }

  /// Adds `∂c[t]/∂c[t-1] = ...`, with `where` before it for a line that explains an earlier one.
  public mutating func addDerivative(_ atom: Atom, _ expression: NodeID, isWhere: Bool = false) {
    let heldText = isWhere || atom.cut.held.isEmpty ? "" : heldText(atom.cut.held)
    var cut = atom.cut
    if isWhere { cut.held = [] }
    let claim = Atom(symbol: atom.symbol, shift: atom.shift, cut: cut)
    if let (left, right) = index?.derivative(claim, expression, &builder) {
      lines.append(Line(lead: isWhere ? "where" : "", left: left, heldText: heldText, right: right))
      return
    }
    let left = builder.claim(claim)
    let right = builder.derivative(expression)
    lines.append(Line(lead: isWhere ? "where" : "", left: left, heldText: heldText, right: right))
  }

  /// Adds `∂/∂c[t-1] (f[t] * c[t-1]) = ...`.
  public mutating func addDerivative(of subject: NodeID, by cut: Cut, _ expression: NodeID) {
    let whole = recurrence.store.insert(.derivative(subject, by: cut))
    if let (left, right) = index?.name(whole, expression, &builder) {
      lines.append(Line(left: left, heldText: cut.held.isEmpty ? "" : self.heldText(cut.held), right: right))
      return
    }
    let left = builder.part(whole)
    let heldText = cut.held.isEmpty ? "" : heldText(cut.held)
    lines.append(Line(left: left, heldText: heldText, right: builder.derivative(expression)))
  }

  /// Adds `where q_h[t] = ...`: what is spoken of by a name that is none of the cell's (`Node.named`).
  public mutating func addName(_ id: NodeID) {
    guard case .named(let inner, _, _) = recurrence.store[id] else { return }
    if let (left, right) = index?.name(id, inner, &builder) {
      lines.append(Line(lead: "where", left: left, right: right))
      return
    }
    let left = builder.part(id)
    lines.append(Line(lead: "where", left: left, right: builder.part(inner)))
  }

  /// Adds `= ...`, another form of what the line above says.
  public mutating func addNext(_ expression: NodeID) {
    let right = builder.derivative(expression)
    lines.append(Line(left: nil, right: right))
  }

  /// Adds the steps of a derivation: each rule, what it is applied to, and the right side after it. The first of a
  /// derivative's steps has it on the left; the others go on, `= ...`.
  public mutating func addSteps(_ steps: some Sequence<DerivationStep>, of derivation: Derivation) {
    var current: Atom?
    var wholes: [NodeID] = []
    for (position, step) in steps.enumerated() {
      let isFirst = step.line != current
      current = step.line
      wholes.append(step.whole)
      if let subject = derivation.subject, step.line == derivation.target {
        addDerivative(of: subject, by: step.line.cut, step.whole)
      } else {
        addDerivative(step.line, step.whole)
      }
      // The subject of an equation's own step is its right side, which follows.
      let subject = isFirst ? nil : step.subject.map { builder.part($0) }
      lines[lines.count - 1].remark = (position + 1, step.rule, subject)
      guard !isFirst else { continue }
      lines[lines.count - 1].left = nil
      lines[lines.count - 1].heldText = ""
    }
    for id in recurrence.store.abbreviations(in: wholes) { addName(id) }
  }

  private mutating func add(left: MathTree.ID?, right: MathTree.ID) {
    lines.append(Line(left: left, right: right))
  }

  private func heldText(_ held: [Held]) -> String {
    let texts = held.map { item -> String in
      item.shift.map { TextNotation.read(recurrence.store[item.symbol], shift: $0) }
        ?? recurrence.store[item.symbol].name
    }
    return " holding " + (texts.count == 1 ? texts[0] : "(" + texts.joined(separator: ", ") + ")")
  }

  // MARK: Text

  /// Lines for a terminal; `where` lines are indented.
  /// - Parameter isInterrupted: asked at each equation; what there is by then is the answer.
  public func text(width: Int, isInterrupted: () -> Bool = { false }) -> [String] {
    var writer = TextWriter()
    var result: [String] = []
    for line in lines {
      if isInterrupted() { break }
      result += FormulaSheet.broken(text(of: line, &writer), width: width)
    }
    return result + (rangesText.map { ["  " + $0] } ?? [])
  }

  /// Its lines as text, for who lays them out by himself.
  public func textLines() -> [TextLine] {
    var writer = TextWriter()
    return lines.map { text(of: $0, &writer) }
  }

  private func text(of line: Line, _ writer: inout TextWriter) -> TextLine {
    func written(_ part: MathTree.ID?) -> String? { part.map { writer.text($0, in: builder.tree) } }
    let remark = line.remark.map { (number: $0.number, words: $0.rule + (written($0.subject).map { ": " + $0 } ?? "")) }
    return TextLine(
      remark: remark, lead: line.lead, left: (written(line.left) ?? "") + line.heldText,
      right: written(line.right) ?? "")
  }

  /// `where` lines are indented.
  public static func broken(_ line: TextLine, width: Int) -> [String] {
    let indent = line.lead.isEmpty ? 0 : 2
    let left = line.lead.isEmpty ? line.left : line.lead + " " + line.left
    let remark = line.remark.map { "\($0.number). \($0.words)" }
    return (remark.map { [$0] } ?? [])
      + EquationLayout.lines(left, line.right, width: width - indent).map { String(repeating: " ", count: indent) + $0 }
  }

  /// `j, k = 1..h`: what the indices run over.
  public var rangesText: String? {
    let ranges = (index?.ranges ?? []).map { group in
      group.letters.joined(separator: ", ") + " = 1.."
        + group.widths.map(recurrence.shapes.text).joined(separator: " or ")
    }
    return ranges.isEmpty ? nil : ranges.joined(separator: "; ")
  }

  // MARK: LaTeX

  /// For mathematics mode with amsmath: `aligned` if it takes more than one line.
  public func latex() -> String {
    let typesetter = Typesetter(LaTeXWriter(), builder.tree)
    var rows = rows(typesetter, style: FormulaSheet.latexStyle)
    if let ranges = ranges(LaTeXWriter()) { rows.append(ranges) }
    guard rows.count > 1 else { return rows.first.map { $0.left + " = " + $0.right } ?? "" }
    let body = rows.map { row -> String in
      let indent = row.indent == 0 ? "" : "\\hspace{\(row.indent)pt} "
      return "\(row.left.isEmpty ? "" : row.left + " ")&\(row.isContinued ? indent : "= ")\(row.right)"
    }
    return "\\begin{aligned}\n" + body.joined(separator: " \\\\\n") + "\n\\end{aligned}"
  }

  // MARK: MathML

  /// A `math` element of MathML Core, complete in itself.
  public func mathml() -> String {
    let typesetter = Typesetter(MathMLWriter(), builder.tree)
    var rows = rows(typesetter, style: FormulaSheet.mathmlStyle)
    if let ranges = ranges(MathMLWriter()) { rows.append(ranges) }
    let open = "<math xmlns=\"http://www.w3.org/1998/Math/MathML\" display=\"block\">"
    guard rows.count > 1 else {
      let inner = rows.first.map { "<mrow>\($0.left)<mo>=</mo>\($0.right)</mrow>" } ?? ""
      return open + inner + "</math>"
    }
    let body = rows.map { row -> String in
      let space = row.indent == 0 ? "" : "<mspace width=\"\(row.indent / 10).\(row.indent % 10)em\"/>"
      return "<mtr><mtd style=\"text-align: right\">\(row.left)</mtd>"
        + "<mtd>\(row.isContinued ? "" : "<mo>=</mo>")</mtd>"
        + "<mtd style=\"text-align: left\"><mrow>\(space)\(row.right)</mrow></mtd></mtr>"
    }
    return open + "\n<mtable displaystyle=\"true\">\n" + body.joined(separator: "\n") + "\n</mtable>\n</math>"
  }

  // MARK: Rows of either

  private struct Row {
    var left: String
    var isContinued: Bool
    var indent: Int
    var right: String
  }

  private func rows<Writer: TypesettingWriter>(
    _ typesetter: Typesetter<Writer>, style: LineBreaker.Style
  ) -> [Row] {
    let lefts = lines.map { line -> Typeset in
      guard let left = line.left else { return Typeset(text: "", width: 0) }
      let inner = typesetter[left]
      guard !line.lead.isEmpty else { return inner }
      let lead = typesetter.writer.words(line.lead)
      return Typeset(text: lead.text + inner.text, width: lead.width + inner.width, isTall: inner.isTall)
    }
    let widest = lefts.reduce(0) { max($0, $1.width) }
    let room = max(FormulaSheet.points - widest - 14, FormulaSheet.points / 2)
    var result: [Row] = []
    for (line, left) in zip(lines, lefts) {
      if let remark = line.remark { result += rows(remark, typesetter, room) }
      var breaker = LineBreaker(style: style, width: room, first: Breakable.Piece(text: "", width: 0))
      breaker.put(typesetter.terms(line.right))
      var pieces = breaker.lines
      if pieces.count > 1, pieces[0].text.isEmpty { pieces.removeFirst() }
      for (position, piece) in pieces.enumerated() {
        result.append(
          Row(
            left: position == 0 ? left.text : "", isContinued: position > 0,
            indent: position == 0 ? 0 : FormulaSheet.indent(piece, room: room), right: piece.text))
      }
    }
    return result
  }

  /// Deep inside brackets a line stands further left, where it would stick out.
  private static func indent(_ line: LineBreaker.Line, room: Int) -> Int {
    min(line.indent, max(0, room - (line.width - line.indent)))
  }

  /// Lines of words; what they speak of is left out if it would not fit.
  private func rows<Writer: TypesettingWriter>(
    _ remark: (number: Int, rule: String, subject: MathTree.ID?), _ typesetter: Typesetter<Writer>, _ room: Int
  ) -> [Row] {
    let said = "\(remark.number). \(remark.rule)"
    func row(_ text: String) -> Row { Row(left: "", isContinued: true, indent: 0, right: text) }
    if let subject = remark.subject {
      let words = typesetter.writer.words(said + ":")
      let spoken = typesetter[subject]
      if words.width + spoken.width <= room { return [row(words.text + spoken.text)] }
    }
    var lines: [String] = []
    for word in said.split(separator: " ") {
      if let last = lines.last, typesetter.writer.words(last + " " + word).width <= room {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines.map { row(typesetter.writer.words($0).text) }
  }

  /// `with j, k = 1, …, h`: what indices run over.
  private func ranges(_ writer: some TypesettingWriter) -> Row? {
    guard let index, !index.ranges.isEmpty else { return nil }
    return Row(left: "", isContinued: true, indent: 0, right: writer.ranges(index.ranges, recurrence.shapes))
  }

  private static let latexStyle = LineBreaker.Style(
    alignsToBrackets: false, step: 12, afterOpening: Breakable.Piece(text: "", width: 0),
    beforeClosing: Breakable.Piece(text: "", width: 0), comma: Breakable.Piece(text: ",", width: 3),
    beforeFirst: Breakable.Piece(text: "", width: 0), noSign: Breakable.Piece(text: "", width: 0))

  private static let mathmlStyle = LineBreaker.Style(
    alignsToBrackets: false, step: 12, afterOpening: Breakable.Piece(text: "", width: 0),
    beforeClosing: Breakable.Piece(text: "", width: 0), comma: Breakable.Piece(text: "<mo>,</mo>", width: 3),
    beforeFirst: Breakable.Piece(text: "", width: 0), noSign: Breakable.Piece(text: "", width: 0))
}
