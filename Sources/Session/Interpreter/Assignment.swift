import Syntax

/// Where a plain name is written.
enum NameTarget {
  case slot(Int)
  case global(GlobalBinding, Place)

  func set(_ value: Value, _ frame: Frame) throws {
    switch self {
    case .slot(let slot): frame.slots[slot] = value
    case .global(let binding, _): frame.interpreter.assign(value, to: binding)
    }
  }
}

/// What stands left of `=`.
indirect enum Target {
  case name(NameTarget)
  /// `a.b[2]`: a name, and the way from its value to the part that is written.
  case part(PartTarget)
  case several([Target], Place)
}

/// `a = ...`, `a.b = ...`, `a[i] = ...`, `(a, b) = ...`. Nothing is written unless everything can be.
final class AssignmentStatement: StatementNode {
  private let target: Target
  private let node: Node

  init(_ target: Target, _ node: Node) {
    self.target = target
    self.node = node
  }

  override func run(_ frame: Frame) throws -> Flow {
    let value = try node.evaluate(frame)
    if case .name(let name) = target {
      try name.set(value, frame)
      return .next
    }
    var writes: [(Target, Value)] = []
    try flatten(target, value, into: &writes)
    if writes.count == 1 {
      try write(writes[0].0, writes[0].1, frame)
      return .next
    }
    // Several parts: if a later one fails, the earlier ones are put back.
    var written: [(NameTarget, Value?)] = []
    do {
      for (target, value) in writes {
        let root = target.root
        written.append((root, root.current(frame)))
        try write(target, value, frame)
      }
    } catch {
      for (root, old) in written.reversed() { root.restore(old, frame) }
      throw error
    }
    return .next
  }

  private func flatten(_ target: Target, _ value: Value, into writes: inout [(Target, Value)]) throws {
    guard case .several(let targets, let place) = target else {
      writes.append((target, value))
      return
    }
    let parts = try Destructuring.parts(of: value, count: targets.count, place)
    for (target, part) in zip(targets, parts) { try flatten(target, part, into: &writes) }
  }

  private func write(_ target: Target, _ value: Value, _ frame: Frame) throws {
    switch target {
    case .name(let name): try name.set(value, frame)
    case .part(let part): try part.write(value, from: node.place, frame)
    case .several: break
    }
  }
}

enum Destructuring {
  /// The items of a tuple or vector, as many as there are names.
  static func parts(of value: Value, count: Int, _ place: Place?) throws -> [Value] {
    switch value {
    case .list(let list) where list.count == count: return list.items
    case .tensor(let tensor) where tensor.isVector && tensor.count == count: return tensor.numbers.map { .number($0) }
    case .tensor(let tensor) where tensor.shape[0] == count:
      return try (0..<count).map { try tensor.part([.one($0)]) }
    default: throw SessionError.destructuring(value.described, count: count, place)
    }
  }
}

extension Target {
  fileprivate var root: NameTarget {
    switch self {
    case .name(let name): name
    case .part(let part): part.root
    case .several(let targets, _): targets.first?.root ?? .slot(0)
    }
  }
}

extension NameTarget {
  func current(_ frame: Frame) -> Value? {
    switch self {
    case .slot(let slot): frame.slots[slot]
    case .global(let binding, _): binding.value
    }
  }

  /// Writes without a note.
  func restore(_ value: Value?, _ frame: Frame) {
    switch self {
    case .slot(let slot): frame.slots[slot] = value
    case .global(let binding, _): binding.value = value
    }
  }
}

/// A part of a named value.
struct PartTarget {
  let root: NameTarget
  let rootName: String
  let rootPlace: Place
  let steps: [Step]
  let place: Place
  /// A function may change parts of its own names only.
  let isOutsideFunction: Bool

  enum Step {
    case field(String, Place)
    case index(IndexList, base: Node, [Expression], Place)
  }

  func write(_ value: Value, from valuePlace: Place?, _ frame: Frame) throws {
    guard var whole = root.current(frame) else {
      throw SessionError.partOfUnknown(rootName, isBuiltin: frame.interpreter.builtins[rootName] != nil, rootPlace)
    }
    if try writeNet(whole, value, valuePlace, frame) { return }
    guard !isOutsideFunction else { throw SessionError.outsideFunction(rootName, rootPlace) }
    // The steps' indices are evaluated while the name still has its value: a[a[1]] = 2.
    let path = try resolve(whole, frame)
    guard path.count + value.depth < Nesting.bound else { throw SessionError.value(.nestedTooDeeply, place) }
    // Taken out, so that the numbers are not shared and are changed in place; put back whatever happens.
    root.restore(nil, frame)
    defer { root.restore(whole, frame) }
    do {
      try Self.replace(in: &whole, path[...], value, self, valuePlace)
    } catch let found as ValueProblem { throw SessionError.assignedPart(found, value.described, valuePlace, place) }
  }

  /// Writes into the net that the steps lead to; false if there is none on the way.
  private func writeNet(_ whole: Value, _ value: Value, _ valuePlace: Place?, _ frame: Frame) throws -> Bool {
    var current = whole
    for (number, step) in steps.enumerated() {
      let rest = steps[number...]
      switch current {
      case .net(let net):
        let write = NetWrite(
          net: net, interpreter: frame.interpreter, value: value, valuePlace: valuePlace, place: place)
        try write.write(rest, prefix: "", frame)
        return true
      case .netPart(let part):
        let write = NetWrite(
          net: part.net, interpreter: frame.interpreter, value: value, valuePlace: valuePlace, place: place)
        try write.write(rest, prefix: part.prefix, frame)
        return true
      default: break
      }
      switch (step, current) {
      case (.field(let name, _), .record(let record)):
        guard let next = record[name] else { return false }
        current = next
      case (.index(let indices, let base, _, let place), .list(let list)):
        guard case .one(let position) = try indices.axes([list.count], base, current, frame, place)[0] else {
          return false
        }
        current = list.items[position]
      default: return false
      }
    }
    return false
  }

  /// A step with its position, checked.
  enum ResolvedStep {
    case axes([AxisIndex])
    case item(Int)
    case recordField(String)
    case column(String)
  }

  /// Walks down to the part, so that an error comes before anything is touched.
  private func resolve(_ whole: Value, _ frame: Frame) throws -> [ResolvedStep] {
    var value = whole
    var path: [ResolvedStep] = []
    for (number, step) in steps.enumerated() {
      let isLast = number == steps.count - 1
      switch (step, value) {
      case (.field(let name, let place), .record(let record)):
        path.append(.recordField(name))
        if isLast { break }
        guard let next = record[name] else {
          throw SessionError.noField(name, of: "the record", has: record.names, place)
        }
        value = next
      case (.field(let name, _), .table) where isLast: path.append(.column(name))
      case (.field(let name, let place), _):
        throw SessionError.noFields(value.described, name, written: rootName, isFunction: false, place)
      case (.index(let indices, let base, _, let place), .tensor(let tensor)):
        guard isLast else { throw SessionError.notIndexable(Value.number(0).described, written: base.text, place) }
        path.append(.axes(try indices.axes(tensor.shape.sizes, base, value, frame, place)))
      case (.index(let indices, let base, _, let place), .list(let list)):
        guard case .one(let position) = try indices.axes([list.count], base, value, frame, place)[0] else {
          throw SessionError.listSliceAssigned(place)
        }
        path.append(.item(position))
        value = list.items[position]
      case (.index(let indices, let base, _, let place), .record(let record)):
        guard indices.nodes.count == 1, case .text(let name) = try indices.nodes[0].evaluate(frame) else {
          throw SessionError.notIndexable(value.described, written: base.text, place)
        }
        path.append(.recordField(name))
        if !isLast, let next = record[name] { value = next }
      case (.index(_, let base, _, let place), _):
        throw SessionError.partNotWritable(value.described, written: base.text, place)
      }
    }
    return path
  }

  private static func replace(
    in whole: inout Value, _ path: ArraySlice<ResolvedStep>, _ value: Value, _ target: PartTarget, _ valuePlace: Place?
  ) throws {
    guard let step = path.first else {
      whole = value
      return
    }
    let rest = path.dropFirst()
    // Each case takes the value out before it changes it: a second reference would make the change a copy.
    switch step {
    case .axes(let axes):
      guard var tensor = whole.takeTensor() else { return }
      defer { whole = .tensor(tensor) }
      try tensor.setPart(axes, to: value)
    case .item(let position):
      guard var list = whole.takeList() else { return }
      var item = list.take(position)
      defer {
        list.put(item, at: position)
        whole = .list(list)
      }
      try replace(in: &item, rest, value, target, valuePlace)
    case .recordField(let name):
      guard var record = whole.takeRecord() else { return }
      defer { whole = .record(record) }
      guard let position = record.position(of: name) else {
        if rest.isEmpty { record.append(name, value) }
        return
      }
      var item = record.take(position)
      defer { record.put(item, at: position) }
      try replace(in: &item, rest, value, target, valuePlace)
    case .column(let name):
      guard case .table(let table) = whole else { return }
      whole = .table(try table.setting(name, to: value, valuePlace))
    }
  }
}

extension Value {
  /// The tensor that this is, of which nobody else knows any more; nothing is left here.
  fileprivate mutating func takeTensor() -> Tensor? {
    guard case .tensor(let tensor) = self else { return nil }
    self = .nothing
    return tensor
  }

  fileprivate mutating func takeList() -> List? {
    guard case .list(let list) = self else { return nil }
    self = .nothing
    return list
  }

  fileprivate mutating func takeRecord() -> Record? {
    guard case .record(let record) = self else { return nil }
    self = .nothing
    return record
  }
}

extension Table {
  /// The table with a column replaced or added.
  func setting(_ name: String, to value: Value, _ valuePlace: Place?) throws -> Table {
    let column: Column
    switch value {
    case .number(let number): column = .numbers([Double](repeating: number, count: rowCount))
    case .list(let list):
      column = .texts(
        try list.items.map {
          guard case .text(let text) = $0 else {
            throw SessionError.columnValue(value.described, rows: rowCount, valuePlace)
          }
          return text
        })
    default:
      guard let tensor = try value.tensorOrProblem(), tensor.isVector else {
        throw SessionError.columnValue(value.described, rows: rowCount, valuePlace)
      }
      column = .numbers(tensor.numbers)
    }
    guard column.count == rowCount || columns.isEmpty else {
      throw SessionError.columnValue(value.described, rows: rowCount, valuePlace)
    }
    var headings = headings
    var columns = columns
    if let position = headings.firstIndex(of: name) {
      columns[position] = column
    } else {
      headings.append(name)
      columns.append(column)
    }
    return Table(headings: headings, columns: columns)
  }
}
