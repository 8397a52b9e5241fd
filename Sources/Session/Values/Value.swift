/// What an expression can be worth.
///
/// Everything is a value, copied when it is assigned, except nets, which change in place.
enum Value {
  case nothing
  case number(Double)
  case truth(Bool)
  case text(String)
  case tensor(Tensor)
  case range(NumberRange)
  case list(List)
  case record(Record)
  case function(Function)
  case table(Table)
  case cell(Cell)
  case net(NetValue)
  case netPart(NetPart)
  case track(TrackValue)
  case formula(Formula)
  case derivation(DerivationValue)
  case figure(Figure)
}

/// `1..5`, `0..0.9`: both ends belong to it.
struct NumberRange: Equatable {
  var lower: Double
  var upper: Double

  /// How many whole numbers it has if its ends are whole: what a loop runs over and an index takes.
  var wholeCount: Int? {
    guard let first = Int(exactly: lower), let last = Int(exactly: upper) else { return nil }
    let (difference, overflows) = last.subtractingReportingOverflow(first)
    guard !overflows, difference < Int.max else { return nil }
    return max(0, difference + 1)
  }
}

extension Value {
  /// What sort of thing it is, for errors and headers: `a number`, `a vector of 3`, `a 2 × 3 matrix`.
  var kind: String {
    switch self {
    case .nothing: "nothing"
    case .number: "a number"
    case .truth: "a truth"
    case .text: "a text"
    case .tensor(let tensor): tensor.isMatrix ? "a \(tensor.shape.text) matrix" : tensor.shape.kind
    case .range: "a range"
    case .list(let list): "a list of \(list.items.count)"
    case .record: "a record"
    case .function: "a function"
    case .table: "a table"
    case .cell: "a cell"
    case .net: "a net"
    case .netPart: "a part of a net"
    case .track(let track):
      if let tensor = try? Interpreter.tensor(of: track) {
        "a track of \(TensorSummary.header(tensor))"
      } else {
        "a track"
      }
    case .derivation: "a derivative"
    case .formula: "an equation"
    case .figure: "a figure"
    }
  }

  /// The kind in one word, as `type(x)` answers it.
  var typeName: String {
    switch self {
    case .nothing: "nothing"
    case .number: "number"
    case .truth: "truth"
    case .text: "text"
    case .tensor(let tensor): ["vector", "matrix", "batch"][min(max(tensor.rank, 1), 3) - 1]
    case .range: "range"
    case .list: "list"
    case .record: "record"
    case .function: "function"
    case .table: "table"
    case .cell: "cell"
    case .net: "net"
    case .netPart: "part"
    case .track: "track"
    case .derivation: "derivation"
    case .formula: "expression"
    case .figure: "figure"
    }
  }

  /// How many lists and records are nested in it.
  var depth: Int {
    switch self {
    case .list(let list): list.depth
    case .record(let record): record.depth
    case .function(let function): function.depth
    default: 0
    }
  }
}

extension Shape {
  fileprivate var kind: String { rank == 1 ? "a vector of \(self[0])" : "a \(text) batch" }
}

/// The deepest that values may be nested: taking one apart must not exhaust the stack.
enum Nesting {
  static let bound = 500

  static func depth(of values: some Sequence<Value>) throws(ValueProblem) -> Int {
    var deepest = 0
    for value in values { deepest = max(deepest, value.depth) }
    guard deepest < bound else { throw .nestedTooDeeply }
    return deepest + 1
  }
}

/// A tuple, which is also the list: `(a, b)`.
struct List {
  /// The most values that one list may hold.
  static let bound = 1 << 22

  private final class Storage {
    var items: [Value]
    var depth: Int
    init(_ items: [Value], _ depth: Int) {
      self.items = items
      self.depth = depth
    }
  }

  private var storage: Storage

  init(_ items: [Value]) throws(ValueProblem) {
    guard items.count <= List.bound else { throw .listTooLong(items.count) }
    storage = Storage(items, try Nesting.depth(of: items))
  }

  var items: [Value] { storage.items }
  var depth: Int { storage.depth }
  var count: Int { storage.items.count }

  /// Takes an item out, to change it in place; it must be put back.
  mutating func take(_ position: Int) -> Value {
    if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage.items, storage.depth) }
    let item = storage.items[position]
    storage.items[position] = .nothing
    return item
  }

  mutating func put(_ item: Value, at position: Int) {
    if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage.items, storage.depth) }
    storage.items[position] = item
    storage.depth = max(storage.depth, item.depth + 1)
  }
}

/// `{lr: 0.1, steps: 20}`: values by name, in the order written.
struct Record {
  private final class Storage {
    var names: [String]
    var values: [Value]
    var depth: Int
    init(_ names: [String], _ values: [Value], _ depth: Int) {
      self.names = names
      self.values = values
      self.depth = depth
    }
  }

  private var storage: Storage

  init(_ names: [String], _ values: [Value]) throws(ValueProblem) {
    storage = Storage(names, values, try Nesting.depth(of: values))
  }

  var names: [String] { storage.names }
  var values: [Value] { storage.values }
  var depth: Int { storage.depth }

  /// Records are short: a look through the names beats a table.
  func position(of name: String) -> Int? { storage.names.firstIndex(of: name) }

  subscript(name: String) -> Value? { position(of: name).map { storage.values[$0] } }

  mutating func take(_ position: Int) -> Value {
    makeUnique()
    let value = storage.values[position]
    storage.values[position] = .nothing
    return value
  }

  mutating func put(_ value: Value, at position: Int) {
    makeUnique()
    storage.values[position] = value
    storage.depth = max(storage.depth, value.depth + 1)
  }

  mutating func append(_ name: String, _ value: Value) {
    makeUnique()
    storage.names.append(name)
    storage.values.append(value)
    storage.depth = max(storage.depth, value.depth + 1)
  }

  private mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage.names, storage.values, storage.depth) }
  }
}
