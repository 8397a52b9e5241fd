import Algebra

/// Which steps have a part in the loss.
public enum Counting: Sendable {
  case everyStep, lastStep
}

/// Some sequences of the data, laid out as an engine reads them: `[steps][batch][width]`.
struct MiniBatch {
  let steps: Int
  let size: Int
  /// Inputs, targets and the weight of every step.
  private(set) var values: [SymbolID: [Double]] = [:]
  /// Steps that count, over all sequences.
  let items: Int
  /// Steps of all sequences.
  let stepsOfAll: Int

  /// - Parameters:
  ///   - members: the sequences, by their numbers from 0.
  ///   - fields: which symbol takes which field, and how wide it is.
  init(_ members: [Int], of data: TrainingData, fields: Fields, counting: Counting) {
    let lengths = members.map { data.lengths?[$0] ?? data.time }
    steps = lengths.max() ?? 0
    size = members.count
    stepsOfAll = lengths.reduce(0, +)
    items = counting == .lastStep ? members.count : stepsOfAll
    for (symbol, field, width) in fields.inputs {
      values[symbol] = laidOut(field, width, members, lengths, data, isTimed: true)
    }
    for (symbol, field, width) in fields.targets {
      values[symbol] = laidOut(field, width, members, lengths, data, isTimed: !data.hasOneTarget)
    }
    if let weight = fields.weight { values[weight] = weights(lengths, counting) }
    if let mask = fields.mask { values[mask] = marks(lengths) }
  }

  /// Which symbol of the training recurrence takes what.
  struct Fields {
    var inputs: [(symbol: SymbolID, field: TrainingData.Field, width: Int)]
    var targets: [(symbol: SymbolID, field: TrainingData.Field, width: Int)]
    /// Of each step in the loss.
    var weight: SymbolID?
    var mask: SymbolID?
  }

  /// 1 / (steps that count) at those.
  private func weights(_ lengths: [Int], _ counting: Counting) -> [Double] {
    var result = [Double](repeating: 0, count: steps * size)
    let share = 1 / Double(max(items, 1))
    for (member, length) in lengths.enumerated() {
      for time in (counting == .lastStep ? length - 1 : 0)..<length { result[time * size + member] = share }
    }
    return result
  }

  /// 1 within each sequence, 0 after its end.
  private func marks(_ lengths: [Int]) -> [Double] {
    var result = [Double](repeating: 0, count: steps * size)
    for (member, length) in lengths.enumerated() {
      for time in 0..<length { result[time * size + member] = 1 }
    }
    return result
  }

  /// What lies beyond a sequence's end is 0.
  private func laidOut(
    _ field: TrainingData.Field, _ width: Int, _ members: [Int], _ lengths: [Int], _ data: TrainingData, isTimed: Bool
  ) -> [Double] {
    var result = [Double](repeating: 0, count: steps * size * width)
    for (position, member) in members.enumerated() {
      // A target of the whole sequence stands at its last step.
      let times = isTimed ? 0..<lengths[position] : lengths[position] - 1..<lengths[position]
      for time in times {
        let source = isTimed ? member * data.time + time : member
        let target = (time * size + position) * width
        switch field.values {
        case .numbers(let numbers, _):
          for unit in 0..<width { result[target + unit] = numbers[source * width + unit] }
        case .classes(let classes, _):
          // A number takes the class as it is; a vector is 1 at its place.
          if width == 1 {
            result[target] = Double(classes[source])
          } else {
            result[target + Int(classes[source]) - 1] = 1
          }
        }
      }
    }
    return result
  }

  /// `[steps][batch][width]` of some steps.
  func slice(_ symbol: SymbolID, _ times: Range<Int>) -> ArraySlice<Double> {
    guard let all = values[symbol], steps > 0 else { return [] }
    let each = all.count / steps
    return all[times.lowerBound * each..<times.upperBound * each]
  }
}
