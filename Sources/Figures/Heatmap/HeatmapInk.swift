/// The cells of a heatmap on a terminal: colours where it has them, else characters that grow darker.
struct HeatmapInk {
  private let scale: Heatmap.Scale
  private let ink: Ink

  init(_ scale: Heatmap.Scale, _ ink: Ink) {
    self.scale = scale
    self.ink = ink
  }

  /// A row of values, each as many columns wide; an escape is written only where the colour changes.
  func cells(_ values: [Double], width: Int) -> String {
    var result = ""
    var before = ""
    for value in values {
      let (escape, character) = cell(value)
      if escape != before {
        if escape.isEmpty || !before.isEmpty && ink == .palette16 { result += ink.reset }
        result += escape
        before = escape
      }
      result += String(repeating: character, count: width)
    }
    return before.isEmpty ? result : result + ink.reset
  }

  private func cell(_ value: Double) -> (escape: String, character: Character) {
    guard let level = scale.level(value) else { return ("", "?") }
    switch ink {
    case .full, .palette256: return (ink.ground(scale.terminalColor(level)), " ")
    case .palette16:
      guard scale.kind == .diverging else {
        let hue = HeatmapInk.pick(HeatmapInk.hues, level)
        return ("\u{1B}[\(hue)m", HeatmapInk.pick(HeatmapInk.shades, level))
      }
      // Whatever the theme makes of the colours: the shade says how far from the middle, the hue on which side.
      let shade = HeatmapInk.pick(HeatmapInk.shades, abs(level - 0.5) * 2)
      return (shade == HeatmapInk.shades[0] ? "" : "\u{1B}[\(level < 0.5 ? 94 : 31)m", shade)
    case .blocks: return ("", HeatmapInk.pick(scale.kind == .diverging ? HeatmapInk.signs : HeatmapInk.shades, level))
    case .ascii:
      return ("", HeatmapInk.pick(scale.kind == .diverging ? HeatmapInk.asciiSigns : HeatmapInk.characters, level))
    }
  }

  private static func pick<Entry>(_ scale: [Entry], _ level: Double) -> Entry {
    scale[min(Int(level * Double(scale.count)), scale.count - 1)]
  }

  private static let shades: [Character] = ["·", "░", "▒", "▓", "█"]
  private static let characters: [Character] = Array(".:-=+*#%@")
  /// Far below the middle, below, near it, above, far above.
  private static let signs: [Character] = ["▼", "▽", "·", "△", "▲"]
  private static let asciiSigns: [Character] = ["=", "-", ".", "+", "#"]
  /// Magenta, bright blue, cyan, green, yellow: about the order of viridis.
  private static let hues = [35, 94, 36, 32, 33]
}
