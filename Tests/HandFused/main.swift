import Glibc

/// Times the loop on request, as Tests/Bench does the plan: each line of standard input is
///
///     - LSTM forward STEPS BATCH X H SECONDS
///
/// and is answered by the median and the smallest time of a call in microseconds.
func now() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Between -0.1 and 0.1, the same at every start.
final class Chance {
  private var state: UInt64 = 7

  func next() -> Float {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (Float(state >> 40) / Float(1 << 24) - 0.5) * 0.2
  }
}

/// Seconds of calls, in order; nil if something else is asked for.
func times(_ question: String) -> [Double]? {
  let words = question.split(separator: " ").map(String.init)
  let sizes = words.dropFirst(3).prefix(4).compactMap { Int($0) }
  guard words.count >= 8, words[1] == "LSTM", words[2] == "forward", sizes.count == 4, let seconds = Double(words[7])
  else { return nil }
  let chance = Chance()
  let loop = LSTMLoop(steps: sizes[0], batch: sizes[1], x: sizes[2], h: sizes[3], chance: chance.next)
  let inputs = (0..<sizes[0] * sizes[1] * sizes[2]).map { _ in chance.next() }
  var answer = [Float](repeating: 0, count: sizes[0] * sizes[1] * sizes[3])
  loop.run(inputs, into: &answer)
  var times: [Double] = []
  let end = now() + seconds
  while times.count < 4 || now() < end {
    let start = now()
    loop.run(inputs, into: &answer)
    times.append(now() - start)
  }
  return times.sorted()
}

while let line = readLine() {
  if let times = times(line) { print(times[times.count / 2] * 1e6, times[0] * 1e6) } else { print("none") }
  fflush(nil)
}
