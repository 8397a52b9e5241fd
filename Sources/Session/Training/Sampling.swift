import Algebra
import Glibc
import Runtime
import Syntax

/// `sample(net, "To be", 200)`: a text that goes on, character by character, each drawn by the probabilities that the
/// net gives.
struct Sampling {
  private let call: Call
  private let net: Net
  private let temperature: Double

  init(_ call: Call) throws {
    self.call = call
    guard case .net(let value) = call.values[0] else { throw call.wrong(0, needs: "a net that was trained") }
    net = value.net.copy()
    net.reset()
    guard net.recurrence.inputs.count == 1, net.recurrence.outputs.count == 1 else {
      throw call.problem(at: 0, "a net that is sampled has one input and one output")
    }
    temperature = try Sampling.temperature(call)
  }

  private static func temperature(_ call: Call) throws -> Double {
    guard let (value, place) = call.label("temperature") else { return 1 }
    guard case .number(let number) = value, number >= 0, number.isFinite else {
      throw SessionError.badSetting(
        "temperature", allowed: "a number from 0 (always the likeliest) on", value.described, place)
    }
    return number
  }

  private static let longest = 1 << 20

  func run() throws -> Value {
    let count = try call.integer(2, needs: "how many are drawn")
    guard count <= Sampling.longest else {
      throw call.problem(at: 2, "sample draws at most \(Sampling.longest) at once")
    }
    let classes = net.count(net.recurrence.outputs[0])
    let start = try start(classes: classes)
    var drawn: [Int] = []
    var probabilities = try feed(start)
    for _ in 0..<count {
      try call.poll()
      let next = draw(probabilities)
      drawn.append(next)
      probabilities = try feed([next])
    }
    if case .text = call.values[1], let alphabet = net.alphabet {
      return .text(drawn.map { alphabet.indices.contains($0) ? alphabet[$0] : "" }.joined())
    }
    return .tensor(Tensor(vector: drawn.map { Double($0 + 1) }))
  }

  // MARK: The start

  /// Classes from 0.
  private func start(classes: Int) throws -> [Int] {
    if case .text(let text) = call.values[1] {
      guard let alphabet = net.alphabet else {
        throw call.problem(
          at: 1, "this net was not trained on characters", hint: "start with numbers of classes: [1, 4]")
      }
      var place: [String: Int] = [:]
      for (index, character) in alphabet.enumerated() { place[character] = index }
      guard !text.isEmpty else { throw call.problem(at: 1, "sample goes on from a text, at least one character") }
      return try text.map { character in
        guard let index = place[String(character)] else {
          throw call.problem(
            at: 1,
            "\(LiteralWriter.quoted(String(character))) is not among the \(alphabet.count) characters of the text")
        }
        return index
      }
    }
    let numbers = try call.vector(1).numbers
    guard !numbers.isEmpty else { throw call.problem(at: 1, "sample goes on from at least one class") }
    return try numbers.map { number in
      guard let whole = Int(exactly: number), whole >= 1, whole <= classes else {
        throw call.problem(at: 1, "classes are whole numbers from 1 to \(classes)")
      }
      return whole - 1
    }
  }

  // MARK: Steps

  /// The output after some steps, as probabilities.
  private func feed(_ classes: [Int]) throws -> [Double] {
    let (input, output) = (net.recurrence.inputs[0], net.recurrence.outputs[0])
    let width = net.count(input)
    var values: [Double] = []
    for index in classes {
      guard width == 1 || index < width else {
        throw call.problem(at: 0, "the input is \(width) wide, and the output has the class \(index + 1)")
      }
      values += width == 1 ? [Double(index + 1)] : (0..<width).map { $0 == index ? 1 : 0 }
    }
    do {
      let answers = try net.feed(
        [input: values], steps: classes.count, batch: 1, isInterrupted: call.interpreter.isInterrupted)
      return probabilities((answers[output] ?? []).suffix(net.count(output)))
    } catch { throw NetProblem.explained(error, net.recurrence, at: call.place) }
  }

  /// softmax(y / temperature); of an output that is probabilities already, p^(1 / temperature) made to add to 1.
  private func probabilities(_ output: ArraySlice<Double>) -> [Double] {
    let logits = isProbabilities ? output.map { log($0) } : Array(output)
    guard let largest = logits.max() else { return [] }
    if temperature == 0 { return logits.map { $0 == largest ? 1 : 0 } }
    return logits.map { exp(($0 - largest) / temperature) }
  }

  private var isProbabilities: Bool {
    let recurrence = net.recurrence
    guard let body = recurrence.equation(of: recurrence.outputs[0])?.body,
      case .apply(let operation, _) = recurrence.store[body]
    else { return false }
    return OperatorTable[operation].name == "softmax"
  }

  private func draw(_ weights: [Double]) -> Int {
    let total = weights.reduce(0, +)
    var rest = call.interpreter.random.uniform() * total
    for (index, weight) in weights.enumerated() {
      rest -= weight
      if rest < 0 { return index }
    }
    return weights.lastIndex { $0 > 0 } ?? 0
  }
}
