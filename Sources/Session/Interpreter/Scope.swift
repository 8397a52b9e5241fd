import Syntax

/// Which names are whose, while statements are made ready: a function's own names and every loop's variables have
/// slots; all else are names of the session.
final class Scope {
  /// The function whose body this is; nil at the session's level.
  let code: FunctionCode?
  let parent: Scope?
  /// A function's parameters and what it assigns.
  private var own: [String: Int] = [:]
  /// The variables of the loops around, innermost last.
  private var loops: [(name: String, slot: Int)] = []
  /// What a function takes from the one around it: its slot there and here.
  private(set) var captures: [(outer: Int, inner: Int)] = []
  private(set) var slotCount = 0
  var loopDepth = 0

  init(code: FunctionCode?, parent: Scope?) {
    self.code = code
    self.parent = parent
  }

  var isFunction: Bool { code != nil }

  func declare(_ name: String) {
    if own[name] == nil { own[name] = newSlot() }
  }

  func newSlot() -> Int {
    slotCount += 1
    return slotCount - 1
  }

  func enterLoop(_ names: [(name: String, slot: Int)]) {
    loops += names
    loopDepth += 1
  }

  func leaveLoop(_ count: Int) {
    loops.removeLast(count)
    loopDepth -= 1
  }

  /// The slot of a name, if it is this function's or a loop's, or was taken from the function around.
  func slot(of name: String) -> Int? {
    if let loop = loops.last(where: { $0.name == name }) { return loop.slot }
    if let slot = own[name] { return slot }
    guard let parent, let outer = parent.slot(of: name) else { return nil }
    // A nested function that calls itself finds itself, not what its name was before it was defined.
    if let code, name == code.name, !parent.isLoopVariable(name) {
      if code.selfSlot == nil { code.selfSlot = newSlot() }
      return code.selfSlot
    }
    if let known = captures.first(where: { $0.outer == outer }) { return known.inner }
    let inner = newSlot()
    captures.append((outer, inner))
    return inner
  }

  func isLoopVariable(_ name: String) -> Bool { loops.contains { $0.name == name } }

  /// Whether this function may write the name: its own or a loop's.
  func owns(_ name: String) -> Bool { own[name] != nil || isLoopVariable(name) }
}

/// The names that statements assign, those of inner functions and loops' variables aside.
enum AssignedNames {
  static func of(_ statements: [Statement]) -> [String] {
    var names: [String] = []
    for statement in statements { collect(statement, &names) }
    return names
  }

  private static func collect(_ statement: Statement, _ names: inout [String]) {
    switch statement.form {
    case .assignment(let target, _): collect(target, &names)
    case .function(let function): names.append(function.name)
    case .conditional(let branches, let otherwise):
      for branch in branches { names += of(branch.body) }
      names += of(otherwise ?? [])
    case .forLoop(let target, _, let body):
      var variables: [String] = []
      collect(target, &variables)
      names += of(body).filter { !variables.contains($0) }
    case .whileLoop(_, let body): names += of(body)
    default: break
    }
  }

  private static func collect(_ target: Expression, _ names: inout [String]) {
    switch target.form {
    case .name(let name): names.append(name)
    case .parentheses(let inner): collect(inner, &names)
    case .tuple(let parts): for part in parts { collect(part, &names) }
    default: break
    }
  }
}
