import Glibc

/// Seconds of the monotonic clock.
func now() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Measures several pieces of work in turn, over and over, and answers the best seconds of each, and the median.
///
/// In turn, because the machine's speed changes from second to second: what is compared is measured together.
func interleave(rounds: Int, _ works: [() -> Void]) -> [(best: Double, median: Double)] {
  var seconds = works.map { _ in [Double]() }
  var repeats = works.map { _ in 1 }
  for (index, work) in works.enumerated() {
    work()
    let begin = now()
    work()
    repeats[index] = max(1, Int(0.004 / max(now() - begin, 1e-8)))
  }
  for _ in 0..<rounds {
    for (index, work) in works.enumerated() {
      let begin = now()
      for _ in 0..<repeats[index] { work() }
      seconds[index].append((now() - begin) / Double(repeats[index]))
    }
  }
  return seconds.map { all in
    let sorted = all.sorted()
    return (sorted[0], sorted[sorted.count / 2])
  }
}
