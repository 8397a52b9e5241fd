import Runtime
import Typography

/// The line on a terminal that says how far training has come, in the same place again and again; elsewhere nothing.
struct ProgressLine {
  private let status: ((String) -> Void)?
  private let width: Int
  private var isShown = false

  init(_ interpreter: Interpreter) {
    status = interpreter.status
    width = interpreter.options.width
  }

  mutating func show(_ progress: TrainingProgress) {
    guard let status else { return }
    isShown = true
    status(String(Self.text(progress).prefix(max(width - 1, 1))))
  }

  mutating func clear() {
    if isShown { status?("") }
    isShown = false
  }

  /// `epoch 2/5  batch 31/120  loss 1.842  validation 1.911  12,400 steps/s  0:41 left`
  static func text(_ progress: TrainingProgress) -> String {
    var parts = [
      "epoch \(progress.epoch)/\(progress.epochs)", "batch \(progress.batch)/\(progress.batches)",
      "loss \(NumberText.significant(progress.loss, digits: 4))",
    ]
    if let validation = progress.validation {
      parts.append("validation \(NumberText.significant(validation, digits: 4))")
    }
    parts += ["\(speed(progress.stepsPerSecond)) steps/s", "\(clock(progress.secondsLeft)) left"]
    return parts.joined(separator: "  ")
  }

  /// Three digits, thousands apart: `12,400`.
  static func speed(_ steps: Double) -> String {
    guard steps.isFinite, steps < 1e15 else { return "?" }
    guard steps >= 100 else { return NumberText.significant(steps, digits: 3) }
    var (whole, scale) = (Int(steps.rounded()), 1)
    while whole / scale >= 1000 { scale *= 10 }
    whole = (whole + scale / 2) / scale * scale
    var groups: [String] = []
    while whole >= 1000 {
      groups.insert(String(String(whole % 1000 + 1000).dropFirst()), at: 0)
      whole /= 1000
    }
    return ([String(whole)] + groups).joined(separator: ",")
  }

  /// `0:41`, `12:05`, `3:20:00`.
  static func clock(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "?" }
    let whole = Int(seconds.rounded(.up))
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(whole % 60))" : "\(minutes):\(two(whole % 60))"
  }
}
