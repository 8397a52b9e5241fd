import Syntax

/// `record.lr`, `table.SUNACTIVITY`, `net.f`.
final class FieldNode: Node {
  let base: Node
  let name: String

  init(_ base: Node, _ name: String, _ place: Place) {
    self.base = base
    self.name = name
    super.init(place)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    let value = try base.evaluate(frame)
    return try frame.interpreter.field(name, of: value, base: base, place)
  }
}

extension Interpreter {
  func field(_ name: String, of value: Value, base: Node, _ place: Place?) throws -> Value {
    switch value {
    case .record(let record):
      if let found = record[name] { return found }
      throw SessionError.noField(name, of: "the record", has: record.names, place)
    case .net(let net): return try field(name, of: net, prefix: "", place)
    case .netPart(let part): return try field(name, of: part.net, prefix: part.prefix, place)
    case .table(let table):
      if let column = table.column(named: name) {
        do { return try column.value() } catch let found { throw SessionError.value(found, place) }
      }
      throw SessionError.noField(name, of: "the table", has: table.headings, place)
    case .figure(let figure) where !figure.fieldNames.isEmpty:
      do { if let found = try figure.field(name) { return found } } catch let found {
        throw SessionError.value(found, place)
      }
      throw SessionError.noField(name, of: "the figure", has: figure.fieldNames, place)
    default:
      throw SessionError.noFields(value.described, name, written: base.text, isFunction: builtins[name] != nil, place)
    }
  }
}

/// `a[2]`, `M[1, :]`, `a[2..4]`, `a[end]`.
final class IndexNode: Node {
  let base: Node
  let indices: IndexList

  init(_ base: Node, _ indices: IndexList, _ place: Place) {
    self.base = base
    self.indices = indices
    super.init(place)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    if let field = base as? FieldNode, let part = try partOfNet(field, frame) { return part }
    let value = try base.evaluate(frame)
    if case .tensor(let tensor) = value, let number = try indices.singleNumber(tensor, frame) { return .number(number) }
    if case .track(let track) = value {
      return try frame.interpreter.part(of: track.net, track.symbol, name: track.name, indices, frame, place)
    }
    return try indices.part(of: value, base, frame, place)
  }

  /// `net.f[3]`, `net.W_f[h]`: looked up in the net itself, without a copy of the whole. Nil for anything else.
  private func partOfNet(_ field: FieldNode, _ frame: Frame) throws -> Value? {
    let owner = try field.base.evaluate(frame)
    let net: NetValue
    let prefix: String
    switch owner {
    case .net(let value): (net, prefix) = (value, "")
    case .netPart(let part): (net, prefix) = (part.net, part.prefix)
    default:
      let value = try frame.interpreter.field(field.name, of: owner, base: field.base, field.place)
      return try indices.part(of: value, field, frame, place)
    }
    guard let symbol = net.recurrence.store.symbol(named: prefix + field.name) else { return nil }
    switch net.recurrence.store[symbol].kind {
    case .input, .variable:
      return try frame.interpreter.part(of: net, symbol, name: field.text, indices, frame, place)
    default:
      let whole = try frame.interpreter.parameter(symbol, net, field.place)
      guard case .tensor(let tensor) = whole,
        let block = try frame.interpreter.block(indices.expressions, of: symbol, net, prefix: prefix, place)
      else { return try indices.part(of: whole, field, frame, place) }
      do { return try tensor.part([.span(block.rows), .span(block.columns)]) } catch let found { throw problem(found) }
    }
  }
}

/// The indices between the brackets of `a[...]`.
struct IndexList {
  let nodes: [Node]
  /// Which of them use `end` or are `:`.
  let usesEnd: [Bool]
  let isAll: [Bool]
  /// As written: inside of a net's parameter a name may be the cell's.
  let expressions: [Expression]

  /// The quickest way to `a[i]` of a vector with an index inside; nil leaves it to the careful way.
  @inline(__always)
  func singleNumber(_ tensor: Tensor, _ frame: Frame) throws -> Double? {
    guard nodes.count == 1, tensor.isVector, !usesEnd[0], !isAll[0], let node = nodes[0] as? SlotNode else {
      return nil
    }
    guard case .number(let number) = try node.evaluate(frame), let position = Int(exactly: number),
      position >= 1, position <= tensor.count
    else { return nil }
    return tensor[position - 1]
  }

  /// The part of a value that the indices pick.
  func part(of value: Value, _ base: Node, _ frame: Frame, _ place: Place?) throws -> Value {
    do {
      switch value {
      case .tensor(let tensor):
        return try tensor.part(try axes(tensor.shape.sizes, base, value, frame, place))
      case .range(let range):
        guard let count = range.wholeCount else {
          throw SessionError.notIndexable(value.described, written: base.text, place)
        }
        let picked = try axes([count], base, value, frame, place)[0]
        if case .one(let position) = picked { return .number(range.lower + Double(position)) }
        return .tensor(Tensor(vector: (0..<picked.count).map { range.lower + Double(picked.position($0)) }))
      case .list(let list):
        let picked = try axes([list.count], base, value, frame, place)[0]
        if case .one(let position) = picked { return list.items[position] }
        return .list(try List((0..<picked.count).map { list.items[picked.position($0)] }))
      case .track(let track): return try part(of: .tensor(try Interpreter.tensor(of: track)), base, frame, place)
      case .text(let text):
        let characters = Array(text)
        let picked = try axes([characters.count], base, value, frame, place)[0]
        return .text(String((0..<picked.count).map { characters[picked.position($0)] }))
      case .table(let table):
        let picked = try axes([table.rowCount], base, value, frame, place)[0]
        if case .one(let position) = picked { return .record(try table.row(position)) }
        return .table(table.rows((0..<picked.count).map { picked.position($0) }))
      case .record(let record):
        guard nodes.count == 1, case .text(let name) = try nodes[0].evaluate(frame) else {
          throw SessionError.notIndexable(value.described, written: base.text, place)
        }
        return try frame.interpreter.field(name, of: .record(record), base: base, place)
      default: throw SessionError.notIndexable(value.described, written: base.text, place)
      }
    } catch let found as ValueProblem { throw SessionError.value(found, place) }
  }

  /// Each index as positions from 0, checked against the sizes.
  func axes(
    _ sizes: [Int], _ base: Node, _ value: Value, _ frame: Frame, _ place: Place?
  ) throws -> [AxisIndex] {
    guard nodes.count <= sizes.count, !nodes.isEmpty else {
      throw SessionError.tooManyIndices(nodes.count, value.described, written: base.text, place)
    }
    return try axes(sizes, written: base.text, typeName: value.typeName, frame, place)
  }

  func axes(
    _ sizes: [Int], written: String, typeName: String, _ frame: Frame, _ place: Place?
  ) throws -> [AxisIndex] {
    guard nodes.count <= sizes.count else {
      throw SessionError.builtin(
        "\(written) takes \(counted(sizes.count, "index", "indices")) here, not \(nodes.count)", hint: nil, place)
    }
    var axes: [AxisIndex] = []
    for (axis, node) in nodes.enumerated() {
      let size = sizes[axis]
      if isAll[axis] {
        axes.append(.span(0..<size))
        continue
      }
      if usesEnd[axis] { frame.ends.append(size) }
      defer { if usesEnd[axis] { frame.ends.removeLast() } }
      let subject = IndexSubject(written: written, typeName: typeName, axis: axis, size: size)
      axes.append(try Self.axisIndex(try node.evaluate(frame), subject, node.place))
    }
    return axes
  }

  private static func axisIndex(_ index: Value, _ subject: IndexSubject, _ place: Place?) throws -> AxisIndex {
    switch index {
    case .number(let number): return .one(try position(number, subject, place))
    case .range(let range):
      guard let count = range.wholeCount else { throw SessionError.indexNotWhole(range.lower, subject, place) }
      // a[n + 1..n] is empty: a loop that takes the rest may come to its end.
      if count == 0 { return .span(0..<0) }
      let first = try position(range.lower, subject, place)
      let last = try position(range.upper, subject, place)
      return .span(first..<(last + 1))
    case .tensor(let tensor) where tensor.isVector:
      return .some(try tensor.numbers.map { try position($0, subject, place) })
    default: throw SessionError.badIndex(index.described, subject, place)
    }
  }

  private static func position(_ number: Double, _ subject: IndexSubject, _ place: Place?) throws -> Int {
    guard let position = Int(exactly: number) else { throw SessionError.indexNotWhole(number, subject, place) }
    guard position >= 1, position <= subject.size else { throw SessionError.indexOutside(position, subject, place) }
    return position - 1
  }
}

/// What was indexed, for errors.
struct IndexSubject: Sendable {
  let written: String
  let typeName: String
  let axis: Int
  let size: Int
}

/// `end` inside an index.
final class EndNode: Node {
  override func evaluate(_ frame: Frame) throws -> Value {
    guard let size = frame.ends.last else { throw SessionError.endOutside(place) }
    return .number(Double(size))
  }
}
