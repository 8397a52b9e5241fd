import Typography

/// Colours as a terminal takes them; all come from the theme.
extension Ink {
  var hasColor: Bool {
    switch self {
    case .blocks, .ascii: false
    case .palette16, .palette256, .full: true
    }
  }

  /// The escape that makes what follows stand on a colour; empty where a terminal has no such colours.
  func ground(_ color: Theme.Color) -> String {
    switch self {
    case .blocks, .ascii, .palette16: ""
    case .palette256: "\u{1B}[48;5;\(color.paletteIndex)m"
    case .full: "\u{1B}[48;2;\(color.red);\(color.green);\(color.blue)m"
    }
  }

  /// The escape that colours what follows as the n-th of several series.
  func series(_ number: Int) -> String {
    let color = Theme.terminalSeries(number)
    return switch self {
    case .blocks, .ascii: ""
    case .palette16: "\u{1B}[\(Ink.sixteen[Theme.index(number)])m"
    case .palette256: "\u{1B}[38;5;\(color.paletteIndex)m"
    case .full: "\u{1B}[38;2;\(color.red);\(color.green);\(color.blue)m"
    }
  }

  /// The escape for text in a colour that stands on a ground.
  func text(_ color: Theme.Color) -> String {
    switch self {
    case .blocks, .ascii, .palette16: ""
    case .palette256: "\u{1B}[38;5;\(color.paletteIndex)m"
    case .full: "\u{1B}[38;2;\(color.red);\(color.green);\(color.blue)m"
    }
  }

  /// The escape for what is marked.
  var mark: String {
    self == .palette16 ? "\u{1B}[1;33m" : text(Theme.mixed(Theme.mark.light, 0.5, Theme.mark.dark))
  }

  var reset: String { hasColor ? "\u{1B}[0m" : "" }

  /// The eight colours of series among a terminal's sixteen: bright blue, red, green, magenta, yellow, cyan, blue, grey.
  /// The plain blue of most themes is hard to see on a dark ground, and comes late.
  private static let sixteen = [94, 31, 32, 35, 33, 36, 34, 90]
}

extension Theme {
  /// Between the colours for light and for dark ground: nobody says which of the two a terminal has.
  static func terminalSeries(_ number: Int) -> Color {
    let pair = series[index(number)]
    return mixed(pair.light, 0.5, pair.dark)
  }
}

extension Theme.Color {
  /// The nearest of the 256-colour palette: its cube of 6 × 6 × 6, or its ramp of 24 greys.
  var paletteIndex: Int {
    let steps = [0, 95, 135, 175, 215, 255]
    func nearest(_ value: Int) -> Int { steps.indices.min { abs(steps[$0] - value) < abs(steps[$1] - value) } ?? 0 }
    let (r, g, b) = (nearest(red), nearest(green), nearest(blue))
    let grey = min(max(((red + green + blue) / 3 - 3) / 10, 0), 23)
    let level = 8 + 10 * grey
    func distance(_ r: Int, _ g: Int, _ b: Int) -> Int {
      (red - r) * (red - r) + (green - g) * (green - g) + (blue - b) * (blue - b)
    }
    let isGrey = distance(level, level, level) < distance(steps[r], steps[g], steps[b])
    return isGrey ? 232 + grey : 16 + 36 * r + 6 * g + b
  }
}
