import Algebra
import Runtime

/// A net that is fed on and on, made ready to be timed.
final class FedSubject {
  private let net: Net
  private let batch: Int
  private let steps: Int
  private let inputs: [Double]
  private static let longest = 1000

  init(net: Net, steps: Int, batch: Int, threads: Int) {
    self.net = net
    self.steps = steps
    self.batch = batch
    net.threads = threads
    let count = min(steps, FedSubject.longest) * batch * net.count(net.recurrence.inputs[0])
    inputs = (0..<count).map { Double($0 % 17) * 0.01 - 0.08 }
  }

  /// Seconds of calls within a budget of seconds; each begins at time 0.
  func times(budget: Double) throws -> [Double] {
    var problem: Error?
    let result = Subject.times(budget: budget) { do { try run() } catch { problem = error } }
    if let problem { throw problem }
    return result
  }

  private func run() throws {
    net.reset()
    let width = batch * net.count(net.recurrence.inputs[0])
    var left = steps
    while left > 0 {
      let some = min(left, FedSubject.longest)
      _ = try net.run(
        [some * width == inputs.count ? inputs : Array(inputs[..<(some * width)])], steps: some, batch: batch)
      left -= some
    }
  }
}
