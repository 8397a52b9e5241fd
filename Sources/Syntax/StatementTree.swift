/// Statements and cell definitions of the syntax tree. As for expressions, places do not count in comparisons.
public struct Statement: Sendable {
  public var form: StatementForm
  public var place: Place
  /// Ended by `;`: its value is not printed.
  public var isQuiet: Bool

  public init(_ form: StatementForm, _ place: Place, isQuiet: Bool = false) {
    self.form = form
    self.place = place
    self.isQuiet = isQuiet
  }
}

extension Statement: Equatable {
  public static func == (left: Statement, right: Statement) -> Bool {
    left.form == right.form && left.isQuiet == right.isQuiet
  }
}

public indirect enum StatementForm: Sendable, Equatable {
  case expression(Expression)
  /// The target is a name, a field, an index of one of them, or a tuple of targets.
  case assignment(Expression, Expression)
  case function(FunctionDefinition)
  /// Conditions with their blocks, and the block of `else`.
  case conditional([ConditionalBranch], otherwise: [Statement]?)
  /// The target is a name or a tuple of names.
  case forLoop(Expression, over: Expression, [Statement])
  case whileLoop(Expression, [Statement])
  case `break`
  case `continue`
  case `return`(Expression?)
  case `import`(Expression)
  case assertion(Expression, message: Expression?)
  case use(Expression)
  /// `set seed 7`, `set notation matrix`, `set engine reference`.
  case set(String, Expression)
  /// `check claim = answer = answer`: the claim may be `holding` and `in` a cell.
  case check(Expression, [Expression])
  case cell(CellDefinition)
  /// `expand`, `expand 2`, `expand all`, `expand ∂h[t-1]/∂c[t-1]`, `collapse`, `forget name`, `help name`, `lesson name`:
  /// words that are commands only at the start of a statement, and only if no `=` , `(`, `.` or `[` follows.
  case command(String, Expression?)
}

public struct ConditionalBranch: Sendable, Equatable {
  public var condition: Expression
  public var body: [Statement]

  public init(condition: Expression, body: [Statement]) {
    self.condition = condition
    self.body = body
  }
}

public struct FunctionDefinition: Sendable, Equatable {
  public var name: String
  public var namePlace: Place
  public var parameters: [String]
  public var body: FunctionBody

  public init(name: String, namePlace: Place, parameters: [String], body: FunctionBody) {
    self.name = name
    self.namePlace = namePlace
    self.parameters = parameters
    self.body = body
  }

  public static func == (left: FunctionDefinition, right: FunctionDefinition) -> Bool {
    left.name == right.name && left.parameters == right.parameters && left.body == right.body
  }
}

public enum FunctionBody: Sendable, Equatable {
  case expression(Expression)
  case block([Statement])
}

/// A name with its place.
public struct Identifier: Sendable, Equatable {
  public var name: String
  public var place: Place

  public init(_ name: String, _ place: Place) {
    self.name = name
    self.place = place
  }

  public static func == (left: Identifier, right: Identifier) -> Bool { left.name == right.name }
}

/// `cell Name(inputs) -> outputs { items }`, `reversed cell ...`, `cell Name(x) -> h = latex """..."""`.
public struct CellDefinition: Sendable, Equatable {
  public var isReversed: Bool
  public var name: Identifier
  public var inputs: [Identifier]
  /// Empty if left out: then the last equation's variable.
  public var outputs: [Identifier]
  public var body: CellBody

  public init(isReversed: Bool, name: Identifier, inputs: [Identifier], outputs: [Identifier], body: CellBody) {
    self.isReversed = isReversed
    self.name = name
    self.inputs = inputs
    self.outputs = outputs
    self.body = body
  }
}

public enum CellBody: Sendable, Equatable {
  case items([CellItem])
  /// `= latex E`: the text that E answers.
  case latex(Expression)
}

public struct CellItem: Sendable {
  public var form: CellItemForm
  public var place: Place

  public init(_ form: CellItemForm, _ place: Place) {
    self.form = form
    self.place = place
  }
}

extension CellItem: Equatable {
  public static func == (left: CellItem, right: CellItem) -> Bool { left.form == right.form }
}

public indirect enum CellItemForm: Sendable, Equatable {
  /// The text first in the body: what the cell is.
  case purpose(String)
  /// `target = body "purpose"`. The target is `v[t]`, `v_t`, `v_{t}`, a name without a time (a parameter made of
  /// parameters), or brackets of variables (a split).
  case equation(target: Expression, body: Expression, purpose: String?)
  /// `param α: 1`, `param U: h × h`: the dimensions; `×` (or `x` where an operator must stand) separates them.
  case parameter(Identifier, dimensions: [Expression])
  /// `input C: h × h`: the shape of an input of a reversed cell, if it is no vector of its own width.
  case input(Identifier, dimensions: [Expression])
  /// `const β = 1`.
  case constant(Identifier, Expression)
  /// `init b_f = 1`, `init W_f[h] = orthogonal`, `init c[0] = 0.5`.
  case initial(Expression, Expression)
  /// `learn h[0]`.
  case learn(Expression)
}
