/// Reads LaTeX as it stands in a paper: its equations become the equations of a cell.
///
/// The way: tokens (`LaTeXLexer`), without macros (`LaTeXMacros`); the formulas among prose (`LaTeXFormulas`); atoms with
/// their scripts (`LaTeXStructure`); lines with their left sides (`LaTeXLines`); which letter is time, which names are
/// variables (`LaTeXSurvey`); trees (`LaTeXTranslation`). No shapes are known here: a name is an input, a variable (it
/// stands on a left side) or else a parameter, and a parameter with a capital letter is a matrix.
public enum LaTeXReader {
  /// Formulas nested deeper are refused, so that no stack is too small for them; papers nest ten deep.
  static let deepest = 100
  /// Longer texts are refused, in bytes: no paper has as much of formulas.
  static let longest = 250_000
  /// Trees higher than this are refused for the sake of later passes: the parser's own limit.
  static let highest = Parser.limit

  /// Reads the bytes `range` of a source, so that every place points into the user's own text.
  ///
  /// - Parameter knownFunctions: the names of the language's operators and of the user's functions.
  public static func read(
    _ source: Source, range: Range<Int>, inputs: [String], outputs: [String], knownFunctions: Set<String>
  ) throws(Diagnostic) -> LaTeXOutcome {
    do {
      return try outcome(source, range, inputs, outputs, knownFunctions)
    } catch {
      throw error.diagnostic
    }
  }

  private static func outcome(
    _ source: Source, _ range: Range<Int>, _ inputs: [String], _ outputs: [String], _ knownFunctions: Set<String>
  ) throws(LaTeXFault) -> LaTeXOutcome {
    let decisions = LaTeXDecisions(source)
    if range.count > longest { throw LaTeXFault(.tooManyBytes, Place(source, range.lowerBound..<range.lowerBound + 1)) }
    let tokens = try LaTeXMacros.expanded(LaTeXLexer.tokens(of: source, in: range), source)
    let formulas = try LaTeXFormulas.find(in: tokens, source, decisions)
    var lines = LaTeXLines(source, decisions)
    for formula in formulas {
      try lines.add(LaTeXStructure.atoms(of: formula, source))
    }
    let (derivatives, equations) = try lines.sorted()
    let survey = try LaTeXSurvey(
      equations, source: source, inputs: inputs, outputs: outputs, functions: LaTeXFunctions(known: knownFunctions),
      decisions: decisions)
    let translation = LaTeXTranslation(survey, decisions)
    let items = try translation.items()
    let skipped = derivatives.map { LaTeXTranslation(survey, LaTeXDecisions(source)).skipped($0) }
    if items.isEmpty {
      let start = min(max(range.lowerBound, 0), source.bytes.count)
      let whole = Place(source, start..<min(max(range.upperBound, start), source.bytes.count))
      throw LaTeXFault(derivatives.isEmpty ? .empty : .onlyDerivatives, derivatives.first.map(\.place) ?? whole)
    }
    return LaTeXOutcome(items: items, decisions: decisions.merged(), skipped: skipped)
  }
}
