import Glibc

/// What the learning rate is multiplied by at each step: steps count from 1 to `total`.
///
/// With a warm-up of w steps it grows linearly first, step / w (Goyal et al. 2017); what is left of the steps is s from
/// 0 to S − 1:
///
/// | schedule | factor | source |
/// |---|---|---|
/// | constant | 1 | |
/// | stepped | by^(s / every), whole steps | |
/// | cosine | to + (1 − to) (1 + cos(π s / S)) / 2 | Loshchilov and Hutter 2017 |
public struct RateSchedule: Sendable, Equatable {
  public enum Form: Sendable, Equatable {
    case constant
    case stepped(every: Int, by: Double)
    case cosine(to: Double)
  }

  public var form: Form
  public var warmup: Int

  public init(_ form: Form = .constant, warmup: Int = 0) {
    self.form = form
    self.warmup = warmup
  }

  public func factor(step: Int, of total: Int) -> Double {
    if step <= warmup { return Double(step) / Double(warmup) }
    let done = step - warmup - 1
    switch form {
    case .constant: return 1
    case .stepped(let every, let by): return pow(by, Double(done / max(every, 1)))
    case .cosine(let to):
      return to + (1 - to) * (1 + cos(.pi * Double(done) / Double(max(total - warmup, 1)))) / 2
    }
  }
}
