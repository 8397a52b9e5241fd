import Algebra
import Figures
import Runtime
import Syntax

/// A net's time, walked through by keys: what is shown ends at the time where one stands.
struct Watch {
  private let net: NetValue
  private let interpreter: Interpreter
  private let place: Place?
  /// What may be held.
  private let gates: [SymbolID]
  private let last: Int
  private let first: Int
  private var time: Int
  private var isLeft = false
  private var shown = (lines: 0, columns: 0)
  private var isPlaying = false
  private var clamps: [Clamp] = []
  private var bands: [Heatmap.Band] = []
  /// What is asked for, in place of the keys' names.
  private var question: String?

  private static let stepTime = 250
  private static let keys = "space: step  ←: back  p: play  c: clamp a gate  q: leave"

  init(_ net: NetValue, from time: Int, _ interpreter: Interpreter, _ place: Place?) throws {
    self.net = net
    self.interpreter = interpreter
    self.place = place
    first = time
    self.time = time
    last = net.net.time
    gates = net.recurrence.gates.compactMap(\.symbol)
    try look()
  }

  /// All of it at once.
  var whole: Heatmap { NetBands(net, interpreter, place).heatmap(bands) }

  /// Runs again with what is held, and looks at it.
  private mutating func look() throws {
    var shown = net
    if !clamps.isEmpty {
      do {
        let held = try net.net.clamped(clamps, isInterrupted: interpreter.isInterrupted)
        shown = NetValue(held, isBatched: net.isBatched)
      } catch { throw NetProblem.explained(error, net.recurrence, at: place) }
    }
    let found = NetBands(shown, interpreter, place)
    let states = net.recurrence.variables.filter {
      !gates.contains($0) && (net.recurrence.readEarlier.contains($0) || net.recurrence.outputs.contains($0))
    }
    bands = try found.gates() + states.map { try found.band($0) } + found.inputs()
  }

  // MARK: Keys

  mutating func run(_ dialogue: any Dialogue) throws {
    while true {
      try interpreter.poll()
      show(dialogue)
      guard let key = isPlaying ? dialogue.key(within: Self.stepTime) : dialogue.key() else {
        step(1)
        continue
      }
      isPlaying = key == .other("p") && !isPlaying
      switch key {
      case .next: step(1)
      case .back: step(-1)
      case .other("p"): if isPlaying, time == last { time = first }
      case .other("c"): try clamp(dialogue)
      case .leave:
        isLeft = true
        show(dialogue)
        return
      case .other: break
      }
    }
  }

  private mutating func step(_ by: Int) {
    time = min(max(time + by, first), last)
    if time == last { isPlaying = false }
  }

  /// Asks which gate, then at what, and holds it from the time shown on.
  private mutating func clamp(_ dialogue: any Dialogue) throws {
    defer { question = nil }
    let offered = gates.prefix(9)
    guard !offered.isEmpty else {
      question = "this net has no gates to clamp; any key goes on"
      show(dialogue)
      _ = dialogue.key()
      return
    }
    let names = offered.enumerated().map { "\($0.offset + 1): \(net.recurrence.store[$0.element].name)" }
    guard let choice = digit(dialogue, "clamp which gate?  \(names.joined(separator: "  "))  0: none any more"),
      choice <= offered.count
    else { return }
    if choice == 0 {
      clamps = []
      return try look()
    }
    let symbol = gates[choice - 1]
    let name = net.recurrence.store[symbol].name
    guard let number = level(dialogue, name) else { return }
    clamps.removeAll { $0.symbol == symbol }
    clamps.append(Clamp(symbol: symbol, times: time...Int.max, values: [number]))
    try look()
  }

  private mutating func digit(_ dialogue: any Dialogue, _ text: String) -> Int? {
    question = text
    show(dialogue)
    guard case .other(let character) = dialogue.key() else { return nil }
    return character.wholeNumberValue
  }

  /// A key of the usual levels, or `=` and any number.
  private mutating func level(_ dialogue: any Dialogue, _ name: String) -> Double? {
    question = "\(name) at what?  0: 0  1: 1  5: 0.5  =: type a number"
    show(dialogue)
    switch dialogue.key() {
    case .other("0"): return 0
    case .other("1"): return 1
    case .other("5"): return 0.5
    case .other("="): return typedNumber(dialogue, name)
    default: return nil
    }
  }

  /// Return ends it, a key that deletes takes one back; nil if it is left, or no number.
  private mutating func typedNumber(_ dialogue: any Dialogue, _ name: String) -> Double? {
    var typed = ""
    while typed.count < 30 {
      question = "\(name) = \(typed)_  return: hold it there"
      show(dialogue)
      switch dialogue.key() {
      case .next: return Double(typed).flatMap { $0.isFinite ? $0 : nil }
      case .back: _ = typed.popLast()
      case .other(let character) where "0123456789.-e".contains(character): typed.append(character)
      case .other("−"): typed.append("-")
      case .other: break
      case .leave: return nil
      }
    }
    return nil
  }

  // MARK: What is shown

  /// In place of what was shown before; a terminal of another width has broken those lines anew, nobody knows how.
  private mutating func show(_ dialogue: any Dialogue) {
    guard let screen = dialogue.screen else { return }
    let lines = frame(screen)
    dialogue.show(lines: lines, inPlaceOf: shown.columns == screen.columns ? shown.lines : shown.lines == 0 ? 0 : nil)
    shown = (lines.count, screen.columns)
  }

  private func frame(_ size: (rows: Int, columns: Int)) -> [String] {
    var display = interpreter.display
    display = Display(width: size.columns, digits: display.digits, ink: display.ink, notation: display.notation)
    var shown = whole
    shown.length = shown.columns
    let columns = (time + shown.stepsPerColumn - 1) / shown.stepsPerColumn
    for index in shown.bands.indices {
      shown.bands[index].rows = shown.bands[index].rows.map { Array($0.prefix(columns)) }
    }
    let words = ([heading(display)] + (isLeft ? [] : [question ?? Self.keys])).map { text in
      interpreter.options.isASCII ? text.replacing("←", with: "left") : text
    }.map(display.cut)
    let room = max(size.rows - words.count - 1, 1)
    // As tall as there is room: titles, the axis and the scales stand beside the rows.
    var tallest = 16
    var lines = shown.lines(width: size.columns, ink: display.ink, tallest: tallest, isCompact: true)
    while lines.count > room, tallest > 1 {
      tallest -= 1
      lines = shown.lines(width: size.columns, ink: display.ink, tallest: tallest, isCompact: true)
    }
    if lines.count > room {
      lines = Array(lines.prefix(max(room - 1, 0))) + [display.cut("… the terminal is too low for the rest")]
    }
    return [words[0]] + lines + words.dropFirst()
  }

  private func heading(_ display: Display) -> String {
    var text = "t = \(time) of \(last)"
    for clamp in clamps {
      let level = display.inText(.number(clamp.values.first ?? 0))
      text += ", \(net.recurrence.store[clamp.symbol].name) held at \(level) from t = \(clamp.times.lowerBound)"
    }
    return text
  }
}
