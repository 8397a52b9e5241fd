import Syntax

/// A row of the table of built-in functions and constants. Help, completion, the reference page and a test of every
/// example are made from it.
struct Builtin: Sendable {
  enum Theme: String, Sendable, CaseIterable {
    case mathematics = "Mathematics"
    case tensors = "Vectors, matrices and sequences"
    case statistics = "Sums and statistics"
    case linear = "Linear algebra"
    case random = "Random numbers"
    case text = "Text"
    case lists = "Lists and functions"
    case files = "Files"
    case general = "Printing, values, errors"
    case cells = "Cells and nets"
    case seeing = "Seeing"
    case training = "Training"
    case lessons = "Lessons"
  }

  enum Implementation: Sendable {
    case constant(Double)
    case word(String)
    /// Of a number, and of every number of a tensor.
    case elementwise(@Sendable (Double) -> Double)
    /// Everything else.
    case general(@Sendable (inout Call) throws -> Value)
    /// With labels that a cell's own names decide.
    case netCall(@Sendable ([GivenArgument], Interpreter, Place?) throws -> Value)
  }

  /// Its name and its other spellings.
  let names: [String]
  let theme: Theme
  /// `mean(X, over: axes)`: how it is called. From this the arguments are checked: `name?` may be left out, `...`
  /// takes any number, `label: word` is named and may be left out.
  let signature: String
  /// One line, without a full stop.
  let summary: String
  /// A statement, and what the prompt prints for it.
  let example: String
  let result: String
  /// `σ(z) = 1 / (1 + e^(-z))`.
  var equation: String?
  /// `σ' = σ * (1 - σ)`.
  var derivative: String?
  /// The derivative as a function of the argument.
  var slope: (@Sendable (Double) -> Double)?
  let implementation: Implementation
  let parameters: Parameters

  init(
    _ names: String..., theme: Theme, _ signature: String, _ summary: String, example: String, _ result: String,
    equation: String? = nil, derivative: String? = nil, slope: (@Sendable (Double) -> Double)? = nil,
    _ implementation: Implementation
  ) {
    self.init(
      names: names, theme: theme, signature, summary, example: example, result, equation: equation,
      derivative: derivative, slope: slope, implementation)
  }

  init(
    names: [String], theme: Theme, _ signature: String, _ summary: String, example: String, _ result: String,
    equation: String? = nil, derivative: String? = nil, slope: (@Sendable (Double) -> Double)? = nil,
    _ implementation: Implementation
  ) {
    self.names = names
    self.theme = theme
    self.signature = signature
    self.summary = summary
    self.example = example
    self.result = result
    self.equation = equation
    self.derivative = derivative
    self.slope = slope
    self.implementation = implementation
    parameters = Parameters(signature)
  }

  var name: String { names.first ?? "" }

  /// What a signature says about arguments.
  struct Parameters: Sendable {
    var positional: [String] = []
    /// How many of them must be given.
    var required = 0
    /// More than the named ones may follow.
    var isOpen = false
    var labels: [String] = []

    init(_ signature: String) {
      guard let open = signature.firstIndex(of: "("), let close = signature.lastIndex(of: ")") else { return }
      for part in signature[signature.index(after: open)..<close].split(separator: ",") {
        var word = String(part.filter { $0 != " " })
        if word == "..." {
          isOpen = true
        } else if let colon = word.firstIndex(of: ":") {
          labels.append(String(word[..<colon]))
        } else {
          if word.hasSuffix("?") { word.removeLast() } else { required += 1 }
          positional.append(word)
        }
      }
    }
  }
}

enum BuiltinTable {
  static let rows: [Builtin] =
    mathematics + operators + activations + tensors + statistics + linear + randomNumbers + texts + lists + files
    + general + nets + diagrams + flows + comparisons + rewriting + heatmaps + plots + watching + plans + formulas
    + backpropagation + grading + training + experiments + data + saving + lessons

  static let byName: [String: Builtin] = {
    var table: [String: Builtin] = [:]
    for row in rows { for name in row.names { table[name] = row } }
    return table
  }()

  /// All names, in the order of the table.
  static let names: [String] = rows.flatMap(\.names)

  static func value(of name: String) -> Value? {
    guard let row = byName[name] else { return nil }
    if case .constant(let number) = row.implementation { return .number(number) }
    if case .word(let word) = row.implementation { return .text(word) }
    return .function(Function(.builtin(row)))
  }
}
