import Algebra
import Runtime

/// How fast a cell runs here: in single precision, with one thread, at the widths that are set (64 where one is open).
/// Different each time, on each machine.
enum CellSpeed {
  private static let usualWidth = 64
  private static let steps = 64
  private static let sequences = 16
  private static let rounds = 5

  /// Steps of a sequence per second when it is fed alone, and of all sequences when a mini-batch is learned; the best of
  /// some rounds, which is what nothing else disturbed.
  static func measured(
    _ recurrence: Recurrence, isInterrupted: @escaping () -> Bool
  ) throws -> (fed: Double, trained: Double?) {
    let net = try Net(
      recurrence, widths: recurrence.shapes.openWidths.map { ($0, usualWidth) }, isInterrupted: isInterrupted)
    let numbers = (net.recurrence.inputs + net.recurrence.outputs).reduce(0.0) {
      max($0, Double(steps * sequences) * Double(net.count($1)))
    }
    guard numbers <= Double(Net.largest) else { throw NetError.tooLarge(numbers: numbers, bound: Net.largest) }
    var stream = RandomStream(seed: 1)
    var fields: [TrainingData.Field] = []
    var inputs: [SymbolID: [Double]] = [:]
    for symbol in net.recurrence.inputs {
      let width = net.count(symbol)
      let values = (0..<steps * sequences * width).map { _ in stream.uniform(-1, 1) }
      inputs[symbol] = Array(values.prefix(steps * width))
      fields.append(
        TrainingData.Field(name: net.recurrence.store[symbol].name, values: .numbers(values, width: width)))
    }
    var fed = 0.0
    for _ in 0..<rounds {
      net.reset()
      let clock = ContinuousClock()
      let start = clock.now
      _ = try net.feed(inputs, steps: steps, batch: 1, isInterrupted: isInterrupted)
      fed = max(fed, Double(steps) / seconds(clock.now - start))
    }
    net.reset()
    return (fed, try trained(net, fields, isInterrupted))
  }

  private static func trained(
    _ net: Net, _ inputs: [TrainingData.Field], _ isInterrupted: @escaping () -> Bool
  ) throws -> Double? {
    guard let output = net.recurrence.outputs.first else { return nil }
    let zeros = [Double](repeating: 0, count: steps * sequences * net.count(output))
    let data = TrainingData(
      count: sequences, time: steps, inputs: inputs,
      targets: [.init(name: net.recurrence.store[output].name, values: .numbers(zeros, width: net.count(output)))])
    var options = Fit.Options()
    options.epochs = rounds
    options.batch = sequences
    do {
      let history = try Fit(net, data: data, losses: [(output, .meanSquare)], options: options).run(
        isInterrupted: isInterrupted)
      guard history.end == .finished else { throw Interruption() }
      return history.epochs.map(\.stepsPerSecond).max()
    } catch is LossFailure { return nil } catch is AdjointFailure { return nil } catch is TrainingError { return nil }
  }

  private static func seconds(_ duration: Duration) -> Double {
    let (whole, parts) = duration.components
    return max(Double(whole) + Double(parts) * 1e-18, 1e-9)
  }
}
