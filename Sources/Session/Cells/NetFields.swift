import Algebra
import Runtime
import Syntax

/// What stands after the point of a net: tracks of variables and inputs, parameters, the time, parts.
extension Interpreter {
  func field(_ name: String, of net: NetValue, prefix: String, _ place: Place?) throws -> Value {
    let store = net.recurrence.store
    if let symbol = store.symbol(named: prefix + name) {
      switch store[symbol].kind {
      case .input, .variable: return .track(TrackValue(net, symbol, name: name))
      default: return try parameter(symbol, net, place)
      }
    }
    if prefix.isEmpty, name == "t" { return .number(Double(net.net.time)) }
    if store.symbols.contains(where: { $0.name.hasPrefix(prefix + name + ".") }) {
      return .netPart(NetPart(net: net, prefix: prefix + name + "."))
    }
    throw SessionError.noField(name, of: "the net", has: Self.fieldNames(net, prefix: prefix), place)
  }

  /// The names after the point: `f`, `W_f`, `layer1`.
  static func fieldNames(_ net: NetValue, prefix: String) -> [String] {
    var names: [String] = []
    for symbol in net.recurrence.store.symbols where symbol.name.hasPrefix(prefix) {
      let rest = symbol.name.dropFirst(prefix.count)
      let name = String(rest.prefix { $0 != "." })
      if !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// A parameter as a number, vector or matrix.
  func parameter(_ symbol: SymbolID, _ net: NetValue, _ place: Place?) throws -> Value {
    let numbers = net.net.parameter(symbol)
    let sides = net.net.sides(symbol)
    do {
      if sides.isEmpty { return .number(numbers.first ?? .nan) }
      let shape = try Shape(sides)
      guard shape.count == numbers.count else { return .nothing }
      return .tensor(Tensor(shape, numbers))
    } catch let found { throw SessionError.value(found, place) }
  }

  // MARK: Tracks

  /// All of a track, `[time, width]` or `[time, batch, width]`.
  static func tensor(of track: TrackValue) throws(ValueProblem) -> Tensor {
    let net = track.net.net
    let time = net.time
    let numbers = time < 1 ? [] : (try? net.values(track.symbol, times: 1...time)) ?? []
    let shape = try trackShape(track.net, track.symbol, times: time)
    guard shape.count == numbers.count else { return Tensor(vector: []) }
    return Tensor(shape, numbers, isTimed: true)
  }

  private static func trackShape(_ net: NetValue, _ symbol: SymbolID, times: Int) throws(ValueProblem) -> Shape {
    let sides = net.net.sides(symbol)
    if net.isBatched { return try Shape([times, net.net.batch ?? 1] + (sides.isEmpty ? [1] : sides)) }
    return try Shape([times] + sides)
  }

  /// `net.f[3]`, `net.f[3, 1]`, `net.c[0]`, `net.f[2..4]`, `net.f[end]`.
  func part(
    of net: NetValue, _ symbol: SymbolID, name: String, _ indices: IndexList, _ frame: Frame, _ place: Place?
  ) throws -> Value {
    guard let times = try timeIndex(indices, net, name, frame) else {
      // A vector of times, or all of them: as of any tensor.
      let tensor = Value.track(TrackValue(net, symbol, name: name))
      return try indices.part(of: tensor, ConstantNode(tensor, place), frame, place)
    }
    do {
      let numbers = try net.net.values(symbol, times: times.range)
      let lead = times.isSingle ? [] : [times.range.count]
      let batch = net.isBatched ? [net.net.batch ?? 1] : []
      let sides = net.net.sides(symbol)
      let sizes = lead + batch + (sides.isEmpty && net.isBatched ? [1] : sides)
      guard !sizes.isEmpty else { return .number(numbers.first ?? .nan) }
      let tensor = Tensor(try Shape(sizes), numbers, isTimed: !times.isSingle)
      let rest = indices.withoutFirst
      guard !rest.nodes.isEmpty else { return .tensor(tensor) }
      var axes: [AxisIndex] = times.isSingle ? [] : [.span(0..<times.range.count)]
      axes += try rest.axes(
        Array(sizes.dropFirst(lead.count)), written: name, typeName: "vector", frame, place)
      return try tensor.part(axes)
    } catch let found as ValueProblem {
      throw SessionError.value(found, place)
    } catch let found as NetError { throw NetProblem.explained(found, net.recurrence, at: place) }
  }

  struct TimeIndex {
    let range: ClosedRange<Int>
    let isSingle: Bool
  }

  /// The times that the first index says; nil if it is no number and no range.
  func timeIndex(_ indices: IndexList, _ net: NetValue, _ name: String, _ frame: Frame) throws -> TimeIndex? {
    guard let node = indices.nodes.first, !indices.isAll[0] else { return nil }
    frame.ends.append(net.net.time)
    defer { frame.ends.removeLast() }
    let subject = IndexSubject(written: name, typeName: "track", axis: 0, size: net.net.time)
    switch try node.evaluate(frame) {
    case .number(let number):
      guard let time = Int(exactly: number) else { throw SessionError.indexNotWhole(number, subject, node.place) }
      return TimeIndex(range: time...time, isSingle: true)
    case .range(let range):
      guard let count = range.wholeCount, let first = Int(exactly: range.lower) else {
        throw SessionError.indexNotWhole(range.lower, subject, node.place)
      }
      guard count > 0 else { return nil }
      return TimeIndex(range: first...(first + count - 1), isSingle: false)
    default: return nil
    }
  }

  // MARK: Blocks

  /// `net.W_f[h]`: the columns that multiply h; `net.W[r * h]`: those that multiply r * h; `net.W[f, h]`: of these the
  /// rows that a split gives to f. Nil if the index speaks of no variable of the cell.
  func block(_ indices: [Expression], of symbol: SymbolID, _ net: NetValue, prefix: String, _ place: Place?) throws
    -> Algebra.Block?
  {
    guard let last = indices.last, indices.count <= 2, net.net.sides(symbol).count == 2,
      let name = blockName(last, net, prefix)
    else { return nil }
    var rows: SymbolID?
    if indices.count == 2 {
      guard case .variable(let target)? = blockName(indices[0], net, prefix) else { return nil }
      rows = target
    }
    do {
      return try net.recurrence.block(of: symbol, multiplying: name, rows: rows, shapes: net.net.shapes)
    } catch { throw NetProblem.explained(error, net.recurrence, at: last.place) }
  }

  private func blockName(_ index: Expression, _ net: NetValue, _ prefix: String) -> BlockName? {
    func variable(_ name: String) -> SymbolID? {
      let store = net.recurrence.store
      guard let symbol = store.symbol(named: prefix + name) ?? store.symbol(named: name) else { return nil }
      return store[symbol].kind == .variable || store[symbol].kind == .input ? symbol : nil
    }
    switch index.form {
    case .name(let name): return variable(name).map { .variable($0) }
    case .infix(_, let left, let right):
      guard blockName(left, net, prefix) != nil || blockName(right, net, prefix) != nil else { return nil }
      return .operand(TreePrinter().text(index))
    case .index(let base, _):
      guard case .name(let name) = base.form, variable(name) != nil else { return nil }
      return .operand(TreePrinter().text(index))
    case .call(_, let arguments):
      guard arguments.contains(where: { blockName($0.value, net, prefix) != nil }) else { return nil }
      return .operand(TreePrinter().text(index))
    default: return nil
    }
  }
}

extension IndexList {
  var withoutFirst: IndexList {
    IndexList(
      nodes: Array(nodes.dropFirst()), usesEnd: Array(usesEnd.dropFirst()), isAll: Array(isAll.dropFirst()),
      expressions: Array(expressions.dropFirst()))
  }
}
