import Algebra
import Syntax
import Typography

/// What can go wrong while values are computed: facts and places. The words are in `SessionError+Text.swift`.
enum SessionError: Error {
  // Names and fields.
  case unknownName(String, near: [String], Place?)
  case unsetName(String, isOutside: Bool, Place?)
  case noField(String, of: String, has: [String], Place?)
  case noFields(Described, String, written: String, isFunction: Bool, Place?)

  // Values of the wrong kind.
  case value(ValueProblem, Place?)
  case operands(ValueProblem, InfixOperator, Operand, Operand, Place?)
  case comparison(ValueProblem, ComparisonOperator, Operand, Operand, Place?)
  case operand(ValueProblem, String, Operand)
  case twoReadings(String, String, String, Place?)
  case notTruth(Described, written: String, Place?)
  case notNumber(Described, Place?)
  case notInBrackets(Described, Place?)
  case bracketShapes(Operand, Operand, isBeside: Bool, Place?)
  case notFunction(Described, written: String, argument: String, Place?)
  case notSequence(Described, Place?)
  case rangeNotWhole(NumberRange, Place?)
  case badNumeral(String, Place?)
  case numeralTooLarge(String, Place?)

  // Indices.
  case notIndexable(Described, written: String, Place?)
  case tooManyIndices(Int, Described, written: String, Place?)
  case indexNotWhole(Double, IndexSubject, Place?)
  case badIndex(Described, IndexSubject, Place?)
  case indexOutside(Int, IndexSubject, Place?)
  case endOutside(Place?)
  case colonOutside(Place?)

  // Calls.
  case unknownLabel(String, function: String, has: [String], Place?)
  case argumentTwice(String, Place?)
  case argumentCount(String, expected: Int, given: Int, Place?)
  case argumentMissing(String, function: String, Place?)
  case tooDeep(String, Int, Place?)
  /// An argument of a built-in that is not what it takes.
  case argument(of: String, needs: String, Described, hint: String?, Place?)
  /// What a built-in finds wrong with values of the right kind.
  case builtin(String, hint: String?, Place?)
  case noDerivative(String, Place?)

  // Assignments.
  case destructuring(Described, count: Int, Place?)
  case partOfUnknown(String, isBuiltin: Bool, Place?)
  case outsideFunction(String, Place?)
  case listSliceAssigned(Place?)
  case partNotWritable(Described, written: String, Place?)
  case assignedPart(ValueProblem, Described, Place?, Place?)
  case columnValue(Described, rows: Int, Place?)
  case derivativeAssigned(Place?)
  case timedAssigned(Place?)
  case underscoreAssigned(Place?)
  case timeAssigned(Place?)
  case notAssignable(Place?)
  case fieldTwice(String, Place?)
  case parameterTwice(String, [String], Place?)

  // Statements.
  case outsideLoop(String, Place?)
  case returnOutside(Place?)
  case notInFunction(Place?)
  case assertionFailed(String?, written: String, Place?)
  case unknownSetting(String, near: [String], Place?)
  case badSetting(String, allowed: String, Described, Place?)
  case nothingToForget(String, near: [String], isBuiltin: Bool, Place?)
  case noHelp(String, near: [String], Place?)
  case importPath(Described, Place?)
  case importCycle([String], Place?)
  case file(String, hint: String?, Place?)
  case noCellInUse(String, Place?)
  case notCell(Described, Place?)
  case notSymbol(String, Place?)
  case notVariable(String, cell: String, has: [String], Place?)
  /// An error inside a function, and where the function was called.
  indirect case within(any Explained, function: String, call: Place)
}

/// What a value is, without the value: errors outlive what they are about.
struct Described: Sendable {
  let kind: String
  let typeName: String
  let shape: Shape?
  /// A number as it is, and the kind of everything else.
  let shown: String

  init(_ value: Value) {
    kind = value.kind
    shown =
      switch value {
      case .number(let number): NumberText.significant(number)
      case .text(let text) where text.utf8.count <= 40: LiteralWriter.quoted(text)
      default: value.kind
      }
    typeName = value.typeName
    shape =
      switch value {
      case .tensor, .track: value.asTensor?.shape
      default: nil
      }
  }
}

/// One side of an operator, with its place: both are underlined with their shapes.
struct Operand: Sendable {
  let value: Described
  let place: Place?

  init(_ value: Value, _ place: Place?) {
    self.value = Described(value)
    self.place = place
  }
}

/// Ends an evaluation because the user asked for it.
typealias Interrupted = Interruption

extension Value {
  var described: Described { Described(self) }
}
