import Formats

/// Where weights come from: one of these for each layout.
protocol WeightSource {
  /// The weights of a recurrent layer.
  /// - Parameters:
  ///   - layer: counted from 0 among the recurrent layers.
  ///   - direction: 0 ahead, 1 back.
  mutating func recurrent(layer: Int, direction: Int) throws -> StackedWeights
  /// A linear read-out `[y, x]` with its bias; nil if the file has none that fits.
  mutating func linear(rows: Int, columns: Int) throws -> (weight: WeightMatrix, bias: [Double]?)?
  /// Vectors of classes, `[classes, width]`; nil if the file has none that fit.
  mutating func embedding(classes: Int, width: Int) throws -> WeightMatrix?
  /// Arrays that nothing took.
  var leftOver: [String] { get }
}

/// A state dict: arrays by name, `lstm.weight_ih_l0` perhaps with the name of the module before it.
struct PyTorchSource: WeightSource {
  private let arrays: [NamedArray]
  private let module: String
  private var taken: Set<String> = []

  init(_ arrays: [NamedArray]) throws {
    self.arrays = arrays
    let suffix = "weight_ih_l0"
    let modules = arrays.map(\.name).filter { $0 == suffix || $0.hasSuffix("." + suffix) }
      .map { String($0.dropLast(suffix.count)) }
    guard let module = modules.first else {
      throw NetFile.Problem(
        "it has no weight_ih_l0, so it is no state dict of nn.LSTM, nn.GRU or nn.RNN",
        hint: "it has \(listed(arrays.prefix(8).map(\.name)))")
    }
    guard modules.count == 1 else {
      throw NetFile.Problem(
        "it has several recurrent modules: \(listed(modules))",
        hint: "save the state dict of one: torch.save, or safetensors' save_file(model.lstm.state_dict(), …)")
    }
    self.module = module
  }

  private mutating func take(_ name: String) -> NamedArray? {
    guard let array = arrays.first(where: { $0.name == name }), !taken.contains(name) else { return nil }
    taken.insert(name)
    return array
  }

  private mutating func matrix(_ name: String) throws -> WeightMatrix {
    guard let array = take(name) else {
      throw NetFile.Problem("it has no \(name)", hint: "it has \(listed(arrays.prefix(12).map(\.name)))")
    }
    return try WeightMatrix(array)
  }

  mutating func recurrent(layer: Int, direction: Int) throws -> StackedWeights {
    let end = "_l\(layer)" + (direction == 1 ? "_reverse" : "")
    if arrays.contains(where: { $0.name == module + "weight_hr" + end }) {
      throw NetFile.Problem("it has projections (weight_hr\(end)), which LSTM has not")
    }
    return StackedWeights(
      input: try matrix(module + "weight_ih" + end), recurrent: try matrix(module + "weight_hh" + end),
      inputBias: take(module + "bias_ih" + end)?.array.values,
      recurrentBias: take(module + "bias_hh" + end)?.array.values)
  }

  mutating func linear(rows: Int, columns: Int) throws -> (weight: WeightMatrix, bias: [Double]?)? {
    guard let found = other(shape: [rows, columns]) else { return nil }
    let bias = take(String(found.name.dropLast("weight".count)) + "bias")
    return (try WeightMatrix(found), bias?.array.values)
  }

  mutating func embedding(classes: Int, width: Int) throws -> WeightMatrix? {
    try other(shape: [classes, width]).map { try WeightMatrix($0) }
  }

  /// The first weight of another module that has this shape.
  private mutating func other(shape: [Int]) -> NamedArray? {
    let found = arrays.first {
      ($0.name == "weight" || $0.name.hasSuffix(".weight")) && !taken.contains($0.name) && $0.array.shape == shape
    }
    if let found { taken.insert(found.name) }
    return found
  }

  var leftOver: [String] { arrays.map(\.name).filter { !taken.contains($0) } }
}

/// `np.savez(path, *model.get_weights())`: arrays in the order of the layers, whatever their names.
struct KerasSource: WeightSource {
  private let arrays: [NamedArray]
  private var next = 0

  init(_ arrays: [NamedArray]) { self.arrays = arrays }

  private mutating func take(_ what: String) throws -> NamedArray {
    guard next < arrays.count else {
      throw NetFile.Problem("it ends with its array \(arrays.count), and \(what) should follow")
    }
    next += 1
    return arrays[next - 1]
  }

  mutating func recurrent(layer: Int, direction: Int) throws -> StackedWeights {
    let input = try WeightMatrix(try take("a kernel")).transposed
    let recurrent = try WeightMatrix(try take("a recurrent kernel")).transposed
    var weights = StackedWeights(input: input, recurrent: recurrent)
    // Layers with use_bias=False have none.
    guard next < arrays.count else { return weights }
    let bias = arrays[next].array
    if bias.shape == [input.rows] {
      weights.inputBias = bias.values
    } else if bias.shape == [2, input.rows] {
      weights.inputBias = Array(bias.values.prefix(input.rows))
      weights.recurrentBias = Array(bias.values.suffix(input.rows))
    } else {
      return weights
    }
    next += 1
    return weights
  }

  mutating func linear(rows: Int, columns: Int) throws -> (weight: WeightMatrix, bias: [Double]?)? {
    guard next < arrays.count, arrays[next].array.shape == [columns, rows] else { return nil }
    let weight = try WeightMatrix(try take("a kernel")).transposed
    guard next < arrays.count, arrays[next].array.shape == [rows] else { return (weight, nil) }
    return (weight, try take("a bias").array.values)
  }

  mutating func embedding(classes: Int, width: Int) throws -> WeightMatrix? {
    guard next < arrays.count, arrays[next].array.shape == [classes, width] else { return nil }
    return try WeightMatrix(try take("an embedding"))
  }

  var leftOver: [String] { arrays.dropFirst(next).map(\.name) }
}

/// `W`, `R` and `B` of a node, of further ones `W_l1`, `R_l1`, `B_l1`.
struct ONNXSource: WeightSource {
  private let arrays: [NamedArray]
  private var taken: Set<String> = []

  init(_ arrays: [NamedArray]) { self.arrays = arrays }

  /// The first of some names that the file has.
  private mutating func take(_ letter: String, layer: Int) -> NamedArray? {
    let names = ["\(letter)_l\(layer)"] + (layer == 0 ? [letter] : [])
    guard let found = arrays.first(where: { names.contains($0.name) }) else { return nil }
    taken.insert(found.name)
    return found
  }

  mutating func recurrent(layer: Int, direction: Int) throws -> StackedWeights {
    if let peepholes = take("P", layer: layer), peepholes.array.values.contains(where: { $0 != 0 }) {
      throw NetFile.Problem("\(peepholes.name) has peepholes, which LSTM has not")
    }
    let input = try slice("W", layer: layer, direction: direction, axes: 3)
    let recurrent = try slice("R", layer: layer, direction: direction, axes: 3)
    func matrix(_ part: Slice) -> WeightMatrix {
      WeightMatrix(name: part.name, rows: part.shape[0], columns: part.shape[1], values: part.values)
    }
    var weights = StackedWeights(input: matrix(input), recurrent: matrix(recurrent))
    if arrays.contains(where: { $0.name == "B_l\(layer)" || layer == 0 && $0.name == "B" }) {
      let bias = try slice("B", layer: layer, direction: direction, axes: 2)
      guard bias.values.count == 2 * input.shape[0] else {
        throw NetFile.Problem(
          "\(bias.name) has \(bias.values.count) numbers for a direction, and \(input.name) needs \(2 * input.shape[0])"
        )
      }
      weights.inputBias = Array(bias.values.prefix(input.shape[0]))
      weights.recurrentBias = Array(bias.values.suffix(input.shape[0]))
    }
    return weights
  }

  private struct Slice {
    var name: String
    var shape: [Int]
    var values: [Double]
  }

  /// What an array has for one direction.
  private mutating func slice(_ letter: String, layer: Int, direction: Int, axes: Int) throws -> Slice {
    guard let array = take(letter, layer: layer) else {
      let name = layer == 0 ? letter : "\(letter)_l\(layer)"
      throw NetFile.Problem("it has no \(name)", hint: "it has \(listed(arrays.prefix(12).map(\.name)))")
    }
    let shape = array.array.shape
    guard shape.count == axes, direction < shape[0] else {
      throw NetFile.Problem(
        "\(array.name) is \(WeightMatrix.text(shape)), and [directions, gates·h\(axes == 3 ? ", width" : "")] was expected"
      )
    }
    let size = shape.dropFirst().reduce(1, *)
    let values = array.array.values[direction * size..<(direction + 1) * size]
    return Slice(name: array.name, shape: Array(shape.dropFirst()), values: Array(values))
  }

  // A graph's other weights have names of their own.
  mutating func linear(rows: Int, columns: Int) throws -> (weight: WeightMatrix, bias: [Double]?)? { nil }
  mutating func embedding(classes: Int, width: Int) throws -> WeightMatrix? { nil }

  var leftOver: [String] { arrays.map(\.name).filter { !taken.contains($0) } }
}
