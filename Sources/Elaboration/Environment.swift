import Algebra
import Syntax

/// What names mean outside the cell: functions that are seen through, and cells that are used inside.
public struct Environment {
  public enum Function {
    /// Defined by the user: its body is copied with its arguments put in.
    case defined(FunctionDefinition)
    /// A row of the operator table, perhaps under another name (`act = tanh`).
    case operation(String)
  }

  public var function: (String) -> Function?
  public var cell: (String) -> Recurrence?
  /// Whether a name is a function or cell of the session, for the suggestions of errors.
  public var knownNames: () -> [String]

  public init(
    function: @escaping (String) -> Function? = { _ in nil }, cell: @escaping (String) -> Recurrence? = { _ in nil },
    knownNames: @escaping () -> [String] = { [] }
  ) {
    self.function = function
    self.cell = cell
    self.knownNames = knownNames
  }
}
