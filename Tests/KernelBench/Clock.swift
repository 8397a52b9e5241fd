import Glibc

/// Seconds that this thread has had the processor: others who want it too do not count.
func now() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// What some rounds of one piece of work took, in seconds.
struct Times {
  var seconds: [Double]

  var best: Double { seconds.min() ?? 0 }

  /// The middle of the quotients of two pieces of work measured in the same rounds.
  func median(over other: Times) -> Double {
    let quotients = zip(seconds, other.seconds).map { $0 / $1 }.sorted()
    return quotients.isEmpty ? 0 : quotients[quotients.count / 2]
  }
}

/// Measures several pieces of work in turn, over and over.
///
/// In turn, because the machine's speed changes from second to second: what is compared is measured together.
func interleave(rounds: Int, _ works: [() -> Void]) -> [Times] {
  var times = works.map { _ in Times(seconds: []) }
  var repeats = works.map { _ in 1 }
  for (index, work) in works.enumerated() {
    work()
    let begin = now()
    work()
    repeats[index] = max(1, Int(0.001 / max(now() - begin, 1e-8)))
  }
  for _ in 0..<rounds {
    for (index, work) in works.enumerated() {
      let begin = now()
      for _ in 0..<repeats[index] { work() }
      times[index].seconds.append((now() - begin) / Double(repeats[index]))
    }
  }
  return times
}
