/// The syntax tree: what was written, with the place of every node. It knows no values and no cells.
///
/// Two trees are equal if they read the same, wherever they stand: places do not count.
public struct Expression: Sendable {
  public var form: Form
  public var place: Place

  public init(_ form: Form, _ place: Place) {
    self.form = form
    self.place = place
  }
}

extension Expression: Equatable {
  public static func == (left: Expression, right: Expression) -> Bool { left.form == right.form }
}

public indirect enum Form: Sendable, Equatable {
  /// A numeral as it was written: `3`, `0.5`, `1e-3`.
  case number(String)
  case text([TextPiece])
  case truth(Bool)
  case nothing
  /// A name in its one spelling: `h_1` for `h₁`, `h̃` for `h~`, `W_xi` for `W_{xi}`, `σ` as typed. `v_t` stays a name:
  /// whether it is `v[t]` depends on where it stands (`TimedName`).
  case name(String)
  /// `v_{t-1}`, `vₜ₋₁`, `v_{t}`: a name with its time, counted from now.
  case timed(String, offset: Int)
  /// `end` inside an index.
  case end
  /// `:` alone inside an index.
  case all
  /// Parentheses are kept: the printer needs none of its own, and `U · (r * h)` differs from `U · r * h`.
  case parentheses(Expression)
  case prefix(PrefixOperator, Expression)
  case infix(InfixOperator, Expression, Expression)
  /// `a < b <= c`: one more operand than operators.
  case comparison([Expression], [ComparisonOperator])
  /// `A'`, `Aᵀ`: the transpose, or the derivative of a function of one number.
  case primed(Expression)
  case call(Expression, [Argument])
  case index(Expression, [Expression])
  case field(Expression, String)
  /// `[a, b; c, d]`: rows of elements. One row for `[a, b]`; `[ ]` has none.
  case brackets([[Expression]])
  case tuple([Expression])
  case record([RecordField])
  /// `∂y/∂x` (numerator y, operand nil) or `∂/∂x (E)` (numerator nil, operand E).
  case derivative(of: Expression?, by: Expression, operand: Expression?)
  case holding(Expression, [Expression])
  /// `E in LSTM`.
  case within(Expression, Expression)
  /// `if a { b } else { c }` as a value.
  case conditional(Expression, then: Expression, otherwise: Expression)
}

public enum TextPiece: Sendable, Equatable {
  case literal(String)
  case expression(Expression)
}

public enum PrefixOperator: String, Sendable { case minus = "-", plus = "+", not }

/// `a * b`, `a ⊙ b`, `a ∘ b` are `times`; `W · v`, `W @ v` are `dot`.
public enum InfixOperator: String, Sendable, CaseIterable {
  case plus = "+", minus = "-", times = "*", dot = "·", divide = "/", power = "^", range = "..", and, or
}

public enum ComparisonOperator: String, Sendable, CaseIterable {
  case equal = "==", unequal = "≠", less = "<", lessOrEqual = "≤", greater = ">", greaterOrEqual = "≥"
}

/// An argument of a call: `0.5` or `lr: 0.5`.
public struct Argument: Sendable, Equatable {
  public var label: String?
  public var value: Expression
  /// The label with its value.
  public var place: Place

  public init(label: String? = nil, value: Expression, place: Place) {
    self.label = label
    self.value = value
    self.place = place
  }

  public static func == (left: Argument, right: Argument) -> Bool {
    left.label == right.label && left.value == right.value
  }
}

public struct RecordField: Sendable, Equatable {
  public var name: String
  public var value: Expression
  public var place: Place

  public init(name: String, value: Expression, place: Place) {
    self.name = name
    self.value = value
    self.place = place
  }

  public static func == (left: RecordField, right: RecordField) -> Bool {
    left.name == right.name && left.value == right.value
  }
}
