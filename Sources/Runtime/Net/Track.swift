import Algebra

/// What a net did: for every stretch of time its inputs, how it began, and, as long as there is room, values of
/// variables. What was not kept, or was dropped, is computed again when it is looked at.
struct Track {
  /// Consecutive times that ran with the same parameters.
  struct Segment {
    var firstTime: Int
    var count = 0
    /// `[count][batch][width]` of each input, in their order.
    var inputs: [Stretch]
    /// What came before: `[past][batch][width]` of each symbol of the net's history.
    var before: [[Double]]
    var parameters: [SymbolID: [Double]]
    /// `[count][batch][width]` of each variable, in their order; nil for what is not kept.
    var values: [Stretch?]
    /// States written at the last time of the segment.
    var written: [SymbolID: [Double]] = [:]
    var isClosed = false

    var lastTime: Int { firstTime + count - 1 }
    var keptNumbers: Int { values.reduce(0) { $0 + ($1?.count ?? 0) } }
  }

  var segments: [Segment] = []
  /// Steps of one segment, so that computing one again is quick.
  static let longestSegment = 1024
  /// Numbers kept of variables; beyond it the oldest are dropped.
  var keptNumbers = 1 << 24
  private var kept = 0
  private var firstKept = 0

  /// The index of the segment that holds a time.
  func segment(at time: Int) -> Int? {
    var low = 0
    var high = segments.count
    while low < high {
      let middle = (low + high) / 2
      if segments[middle].lastTime < time { low = middle + 1 } else { high = middle }
    }
    return low < segments.count && segments[low].firstTime <= time ? low : nil
  }

  mutating func note(added numbers: Int) {
    kept += numbers
    while kept > keptNumbers, firstKept < segments.count - 1 {
      kept -= segments[firstKept].keptNumbers
      for index in segments[firstKept].values.indices { segments[firstKept].values[index] = nil }
      segments[firstKept].isClosed = true
      firstKept += 1
    }
  }

  mutating func removeAll() {
    let bound = keptNumbers
    self = Track()
    keptNumbers = bound
  }

  /// Keeps times up to `time`.
  ///
  /// - Parameters:
  ///   - inputs: the numbers of each input at one time.
  ///   - variables: of each variable.
  mutating func truncate(after time: Int, inputs: [Int], variables: [Int]) {
    while let last = segments.last, last.firstTime > time { segments.removeLast() }
    guard let index = segments.indices.last, segments[index].lastTime > time else { return }
    let count = time - segments[index].firstTime + 1
    segments[index].count = count
    for (place, width) in inputs.enumerated() { segments[index].inputs[place].shorten(to: count * width) }
    for (place, width) in variables.enumerated() { segments[index].values[place]?.shorten(to: count * width) }
    segments[index].written = [:]
    firstKept = min(firstKept, segments.count)
    kept = segments.reduce(0) { $0 + $1.keptNumbers }
  }
}
