import Algebra
import Formats
import Runtime

/// A net as a safetensors file.
///
/// | tensor | what it is |
/// |---|---|
/// | `W_f` | a parameter or constant, in the net's own type |
/// | `h[0]` | a start that is learned |
/// | `optimizer/first/W_f`, `optimizer/second/W_f` | what the optimizer remembers of it, in Float64 |
/// | `best/W_f` | the parameter at the end of the best epoch, if training is to end with it |
/// | `past/h` | what comes before the next step of a mini-batch that was left in its middle |
///
/// | text of the metadata | what it says |
/// |---|---|
/// | `format` | `carousel 1` |
/// | `cell` | the cell, as it can be typed |
/// | `symbols` | its names in their order |
/// | `widths` | the widths that were set, `[["x", 2], ["h", 3]]` |
/// | `type`, `seed` | `f32` or `f64`, and the number that the first values came from |
/// | `training` | how far training has come, and the optimizer's settings (`SavedTraining`) |
/// | `alphabet` | the characters that classes stand for |
///
/// The state and the track are not in it: a net that was loaded is at time 0.
enum NetFile {
  static let format = "carousel 1"

  /// The symbols with numbers of their own, and the names of their tensors.
  static func stored(_ net: Net) -> [(symbol: SymbolID, name: String)] {
    let recurrence = net.recurrence
    let store = recurrence.store
    return (recurrence.parameters + recurrence.constants.keys.sorted()).map { ($0, store[$0].name) }
      + recurrence.learnedStarts.map { ($0, store[$0].name + "[0]") }
  }

  // MARK: Writing

  static func file(of net: Net) throws -> SafeTensors {
    let type: ElementType = net.type == .float32 ? .float32 : .float64
    var file = SafeTensors(tensors: [])
    for (symbol, name) in stored(net) {
      let array = NumericArray(shape: net.sides(symbol), values: net.parameter(symbol), elementType: type)
      file.tensors.append(NamedArray(name: name, array: array))
    }
    let widths = net.recurrence.widths.map { JSONValue.list([.text($0.name), .number(Double($0.value))]) }
    file.metadata = [
      .init("format", format), .init("cell", try CellFile.text(of: net.recurrence)),
      .init("symbols", JSONValue.list(CellFile.symbols(of: net.recurrence).map { .text($0) }).written),
      .init("widths", JSONValue.list(widths).written), .init("type", net.type.rawValue),
      .init("seed", "\(net.seed)"),
    ]
    if let alphabet = net.alphabet {
      file.metadata.append(.init("alphabet", JSONValue.list(alphabet.map { .text($0) }).written))
    }
    if let training = net.training { SavedTraining.write(training, of: net, to: &file) }
    return file
  }

  // MARK: Reading

  /// What a file lacks or has wrong, in a few words.
  struct Problem: Error {
    var message: String
    var hint: String?

    init(_ message: String, hint: String? = nil) {
      self.message = message
      self.hint = hint
    }
  }

  /// - Throws: `Problem`, or what reading the cell and making the net throw.
  static func net(from file: SafeTensors, isInterrupted: @escaping () -> Bool) throws -> Net {
    guard let format = file.text("format"), format.hasPrefix("carousel ") else {
      throw Problem("it holds tensors, and no net", hint: "load(net, \"…\", layout: pytorch) takes weights into a net")
    }
    guard format == Self.format else { throw Problem("it is \(format), and this is a program for \(Self.format)") }
    let names = try JSONValue(try text("symbols", file)).asList?.compactMap(\.asText) ?? []
    let recurrence = try CellFile.ordered(try CellFile.read(try text("cell", file)), by: names)
    guard let type = NumberType(rawValue: try text("type", file)), let seed = UInt64(try text("seed", file)) else {
      throw Problem("its type or seed is none")
    }
    let net = try Net(
      recurrence, widths: try widths(file), seed: seed, type: type, isInterrupted: isInterrupted)
    try setParameters(of: net, from: file)
    net.alphabet = try alphabet(file)
    net.training = try SavedTraining.read(from: file, for: net)
    return net
  }

  /// Gives a net the parameters of a file, which are those that it has and no more.
  static func setParameters(of net: Net, from file: SafeTensors) throws {
    let stored = stored(net)
    let values = try stored.map { (symbol: $0.symbol, numbers: try numbers($0.name, like: $0.symbol, net, file)) }
    let known = Set(stored.map(\.name))
    if let other = file.tensors.first(where: { !known.contains($0.name) && !SavedTraining.owns($0.name) }) {
      throw Problem("it has \(other.name), and \(net.recurrence.name) has not")
    }
    for (symbol, numbers) in values { net.setParameter(symbol, numbers) }
  }

  /// The numbers of a tensor that is shaped as a symbol of the net.
  static func numbers(_ name: String, like symbol: SymbolID, _ net: Net, _ file: SafeTensors) throws -> [Double] {
    guard let array = file.tensor(name) else {
      throw Problem("it has no \(name)", hint: "it has \(listed(file.tensors.prefix(12).map(\.name)))")
    }
    let sides = net.sides(symbol)
    guard array.shape == sides else { throw Problem("\(name) is \(text(array.shape)) in it, and \(text(sides)) here") }
    return array.values
  }

  private static func text(_ shape: [Int]) -> String {
    shape.isEmpty ? "one number" : shape.map(String.init).joined(separator: " × ")
  }

  private static func text(_ name: String, _ file: SafeTensors) throws -> String {
    guard let text = file.text(name) else { throw Problem("its metadata has no \(name)") }
    return text
  }

  private static func widths(_ file: SafeTensors) throws -> [(name: String, value: Int)] {
    guard let items = try JSONValue(try text("widths", file)).asList else { throw Problem("its widths are no list") }
    return try items.map { item in
      guard let pair = item.asList, pair.count == 2, let name = pair[0].asText, let value = pair[1].asInteger,
        value >= 1, value <= Net.largest
      else { throw Problem("its widths are not names with numbers") }
      return (name, value)
    }
  }

  private static func alphabet(_ file: SafeTensors) throws -> [String]? {
    guard let text = file.text("alphabet") else { return nil }
    return try JSONValue(text).asList?.map { item in
      guard let character = item.asText else { throw Problem("its alphabet has something that is no character") }
      return character
    }
  }
}
