import Algebra
import Formats
import Runtime

/// Takes weights of another program into a net: part by part, in the order of its layers, all or nothing.
struct WeightImport {
  private let net: Net
  private let layout: WeightLayout
  private var source: any WeightSource
  private var written: [SymbolID: [Double]] = [:]
  private var notes: [String] = []

  init(_ net: Net, _ arrays: [NamedArray], _ layout: WeightLayout) throws {
    self.net = net
    self.layout = layout
    switch layout {
    case .pytorch: source = try PyTorchSource(arrays)
    case .keras: source = KerasSource(arrays)
    case .onnx: source = ONNXSource(arrays)
    }
  }

  /// Writes the parameters; answers what the user should be told besides.
  mutating func run() throws -> [String] {
    var layer = 0
    var parts = parts[...]
    while let part = parts.popFirst() {
      switch part.parameters {
      case ["W", "b"]: try takeLinear(part)
      case ["E"]: try takeEmbedding(part)
      default:
        let cell = try cell(of: part)
        try take(cell, part, source.recurrent(layer: layer, direction: 0))
        if part.prefix.hasSuffix("ahead."), let back = parts.popFirst() {
          try take(cell, back, source.recurrent(layer: layer, direction: 1))
        }
        layer += 1
      }
    }
    guard layer > 0 else { throw NetFile.Problem("\(net.recurrence.name) has no recurrent layer to take weights") }
    let rest = source.leftOver
    if !rest.isEmpty {
      notes.append("\(listed(Array(rest.prefix(8)))) of the file \(rest.count == 1 ? "was" : "were") left out")
    }
    for (symbol, values) in written { net.setParameter(symbol, values) }
    return notes
  }

  // MARK: Parts

  /// The parameters whose names begin alike: those of `layer1.`.
  private struct Part {
    var prefix: String
    var parameters: Set<String>

    /// What errors call it.
    func title(_ cell: String) -> String { prefix.isEmpty ? cell : "\(prefix.dropLast()), \(cell)," }
  }

  /// In the order of the net.
  private var parts: [Part] {
    var result: [Part] = []
    for symbol in net.recurrence.parameters {
      let name = net.recurrence.store[symbol].name
      let end = name.lastIndex(of: ".").map { name.index(after: $0) } ?? name.startIndex
      let (prefix, own) = (String(name[..<end]), String(name[end...]))
      if let index = result.firstIndex(where: { $0.prefix == prefix }) {
        result[index].parameters.insert(own)
      } else {
        result.append(Part(prefix: prefix, parameters: [own]))
      }
    }
    return result
  }

  private func cell(of part: Part) throws -> PeerCell {
    guard let cell = PeerCell.table.first(where: { $0.parameters == part.parameters }) else {
      let name = part.prefix.isEmpty ? net.recurrence.name : String(part.prefix.dropLast())
      throw NetFile.Problem(
        "\(name) has the parameters \(listed(part.parameters.sorted())), which no layer of \(layout.title) has",
        hint: "weights go into \(listed(PeerCell.table.filter { $0.orders[layout] != nil }.map(\.name)))")
    }
    guard cell.orders[layout] != nil else {
      throw NetFile.Problem(
        "\(layout.title)'s GRU has its reset gate after the product, and \(part.title(cell.name)) before it",
        hint: "make a GRUAfter")
    }
    return cell
  }

  private func symbol(_ part: Part, _ name: String) throws -> SymbolID {
    guard let symbol = net.recurrence.store.symbol(named: part.prefix + name) else {
      throw NetFile.Problem("\(net.recurrence.name) has no \(part.prefix + name)")
    }
    return symbol
  }

  // MARK: Recurrent layers

  private mutating func take(_ cell: PeerCell, _ part: Part, _ weights: StackedWeights) throws {
    guard let gates = cell.gates(in: layout) else { return }
    let recurrent = try recurrentColumns(cell, part)
    let width = try inputWidth(cell, part, recurrent.count)
    try check(weights, cell, part, gates: gates.count, height: recurrent.count, width: width)
    for (position, gate) in gates.enumerated() {
      let rows = position * recurrent.count..<(position + 1) * recurrent.count
      let sign: Double = gate.isComplement ? -1 : 1
      try put(gate.input, part, weights.input, rows, sign, at: inputStart(gate, recurrent, width))
      try put(
        gate.recurrent, part, weights.recurrent, rows, sign, at: gate.input == gate.recurrent ? recurrent.lowerBound : 0
      )
      let zeros = [Double](repeating: 0, count: rows.count)
      let bias = weights.inputBias.map { Array($0[rows]) } ?? zeros
      let other = weights.recurrentBias.map { Array($0[rows]) } ?? zeros
      if let name = gate.recurrentBias {
        written[try symbol(part, gate.bias)] = bias
        written[try symbol(part, name)] = other
      } else {
        written[try symbol(part, gate.bias)] = zip(bias, other).map { sign * ($0 + $1) }
      }
    }
  }

  /// The columns of the first recurrent matrix that multiply the state.
  private func recurrentColumns(_ cell: PeerCell, _ part: Part) throws -> Range<Int> {
    guard let gate = cell.gates.first else { return 0..<0 }
    let matrix = try symbol(part, gate.recurrent)
    guard gate.input == gate.recurrent else { return 0..<(net.sides(matrix).last ?? 0) }
    let state = try symbol(part, "h")
    return try net.recurrence.block(of: matrix, multiplying: .variable(state), shapes: net.shapes).columns
  }

  private func inputWidth(_ cell: PeerCell, _ part: Part, _ height: Int) throws -> Int {
    guard let gate = cell.gates.first else { return 0 }
    let columns = net.sides(try symbol(part, gate.input)).last ?? 0
    return gate.input == gate.recurrent ? columns - height : columns
  }

  /// Where the columns of the input begin: beside those of the state, or at the first.
  private func inputStart(_ gate: PeerCell.Gate, _ recurrent: Range<Int>, _ width: Int) -> Int {
    gate.input == gate.recurrent && recurrent.lowerBound == 0 ? recurrent.upperBound : 0
  }

  private mutating func put(
    _ name: String, _ part: Part, _ matrix: WeightMatrix, _ rows: Range<Int>, _ sign: Double, at first: Int
  ) throws {
    let target = try symbol(part, name)
    let columns = net.sides(target).last ?? 0
    var values = written[target] ?? net.parameter(target)
    for (row, source) in rows.enumerated() {
      for column in 0..<matrix.columns {
        values[row * columns + first + column] = sign * matrix.values[source * matrix.columns + column]
      }
    }
    written[target] = values
  }

  // MARK: Shapes

  private func check(
    _ weights: StackedWeights, _ cell: PeerCell, _ part: Part, gates: Int, height: Int, width: Int
  ) throws {
    let (input, recurrent) = (weights.input, weights.recurrent)
    let theirs = recurrent.columns
    guard theirs > 0, input.rows == recurrent.rows, input.rows % theirs == 0 else {
      throw NetFile.Problem(
        "\(input.name) and \(recurrent.name) are no pair: \(input.rows) and \(recurrent.rows) rows of gates, for \(theirs) units"
      )
    }
    let count = input.rows / theirs
    guard count == gates else {
      let like = [1: "an RNN", 3: "a GRU", 4: "an LSTM"][count].map { ", as \($0) has them" } ?? ""
      throw NetFile.Problem(
        "\(input.name) has \(counted(count, "gate"))\(like), and \(part.title(cell.name)) has \(gates)")
    }
    guard theirs == height, input.columns == width else {
      throw NetFile.Problem(
        "its layer reads \(input.columns) and is \(theirs) wide, and \(part.title(cell.name)) reads \(width) and is \(height) wide",
        hint: "\(cell.name)(x: \(input.columns), h: \(theirs))")
    }
    for bias in [weights.inputBias, weights.recurrentBias] {
      guard let bias, bias.count != input.rows else { continue }
      throw NetFile.Problem("a bias beside \(input.name) has \(bias.count) numbers, and \(input.rows) were expected")
    }
    if layout == .keras, weights.inputBias != nil, gates == 3 {
      let isAfter = weights.recurrentBias != nil
      guard isAfter == (cell.name == "GRUAfter") else {
        throw NetFile.Problem(
          "its bias is that of a GRU with reset_after=\(isAfter ? "True" : "False")",
          hint: "make a \(isAfter ? "GRUAfter" : "GRU")")
      }
    }
  }

  // MARK: Read-outs

  private mutating func takeLinear(_ part: Part) throws {
    let (matrix, bias) = (try symbol(part, "W"), try symbol(part, "b"))
    let sides = net.sides(matrix)
    guard sides.count == 2, let found = try source.linear(rows: sides[0], columns: sides[1]) else {
      return kept(part)
    }
    written[matrix] = found.weight.values
    let zeros = [Double](repeating: 0, count: sides[0])
    guard (found.bias ?? zeros).count == sides[0] else {
      throw NetFile.Problem("the bias beside \(found.weight.name) is not \(sides[0]) long")
    }
    written[bias] = found.bias ?? zeros
  }

  private mutating func takeEmbedding(_ part: Part) throws {
    let matrix = try symbol(part, "E")
    let sides = net.sides(matrix)
    guard sides.count == 2, let found = try source.embedding(classes: sides[1], width: sides[0]) else {
      return kept(part)
    }
    written[matrix] = found.transposed.values
  }

  private mutating func kept(_ part: Part) {
    notes.append(
      "\(part.prefix.isEmpty ? net.recurrence.name : String(part.prefix.dropLast())) keeps its own numbers: the file has none for it"
    )
  }
}
