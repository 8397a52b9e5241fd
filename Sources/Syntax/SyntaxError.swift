/// What can be wrong with a text as such, before any name has a value: the facts. `SyntaxError+Text` makes the prose.
public indirect enum SyntaxFact: Sendable {
  // Characters and words.
  case unknownCharacter(Unicode.Scalar)
  case unknownGlyph(String)
  case accentAlone(String)
  case badSubscript
  case badSuperscript
  case timeNotLast
  case ellipsis
  case reservedWord(String)

  // Numbers and texts.
  case numberPoint(String)
  case numberPoints
  case numberGroups
  case numberBase(String)
  case textUnclosed
  case rawTextUnclosed
  case unknownEscape(String)
  case textBraceUnclosed
  case textsTooDeep
  case emptyInterpolation

  // Structure.
  case tooDeep(limit: Int)
  case unclosed(String)
  case mismatched(opener: String, closer: String)
  case unopened(String)
  case incomplete(expecting: String)
  case operandMissing(before: String?, after: String?)
  case unexpected(String, expecting: String?)
  case lineBeginsWithOperator(String)
  case elseAlone
  case notUnderOperator(String)
  case minusInBrackets(left: String, right: String)
  case endOutsideIndex
  case labelOutside(String)
  case emptyIndex
  case commaOutside
  case statementsTogether
  case rowsInIndex

  // Statements.
  case notAssignable(String)
  case callAssigned(String)
  case tupleNeedsParentheses(String)
  case timeAssigned
  case returnOutside
  case loopWordOutside(String)
  case duplicateName(String, what: String)
  case derivativeRedefined
  case emptyBlockValue
  /// A name with something behind it that is no operator, near words that begin a statement.
  case misspelt(String, near: [String])

  // Cells and derivatives.
  case notAnEquation(String)
  case comparisonAsEquation
  case badEquationTarget(String)
  case purposeWithoutEquation
  case secondPurpose
  case cellAssigned(String)
  case timeInHeader(String)
  case timeMinusNumber(name: String, sign: String, number: String)
  case derivativeUnfinished
  case derivativeOrder
  case derivativePostfix(String)
  case ambiguousProduct(String, readings: [String])

  /// Notation of another language, with pieces of what was typed.
  case foreign(ForeignHabit.Name, [String?])
}

/// Something wrong with a text, and where.
public struct SyntaxError: Explained, Sendable {
  public var fact: SyntaxFact
  public var place: Place
  /// Other places that matter, each with a few words.
  public var marks: [(place: Place, label: String)]

  public init(_ fact: SyntaxFact, at place: Place, marks: [(place: Place, label: String)] = []) {
    self.fact = fact
    self.place = place
    self.marks = marks
  }
}
