import Glibc

/// The colours of the paints, on light and on dark ground.
enum Theme {
  struct Color: Equatable {
    let red: Int
    let green: Int
    let blue: Int

    init(_ hexadecimal: Int) {
      red = hexadecimal >> 16 & 255
      green = hexadecimal >> 8 & 255
      blue = hexadecimal & 255
    }

    init(red: Int, green: Int, blue: Int) {
      self.red = red
      self.green = green
      self.blue = blue
    }

    /// `#1b9e77`.
    var text: String {
      let digits = String(red << 16 | green << 8 | blue, radix: 16)
      return "#" + String(repeating: "0", count: max(6 - digits.count, 0)) + digits
    }
  }

  static let ink = (light: Color(0x1c1c1e), dark: Color(0xececee))
  static let faint = (light: Color(0x6a6a70), dark: Color(0x9a9aa0))
  static let paper = (light: Color(0xffffff), dark: Color(0x1c1c1e))
  static let panel = (light: Color(0xf3f3f0), dark: Color(0x2b2b2e))
  static let mark = (light: Color(0xc2410c), dark: Color(0xff8f4f))

  /// Colours that differ for the colour-blind too (Okabe and Ito 2008, "Color Universal Design"; the yellow darker).
  static let series: [(light: Color, dark: Color)] = [
    (Color(0x0072b2), Color(0x56b4e9)), (Color(0xd55e00), Color(0xf0884a)), (Color(0x009e73), Color(0x2fcf9f)),
    (Color(0xa4508b), Color(0xdf9cc6)), (Color(0xb07d00), Color(0xf0c040)), (Color(0x5b6abf), Color(0x9aa6f0)),
    (Color(0x7a5c3e), Color(0xc8a580)), (Color(0x5c6670), Color(0xaab4be)),
  ]

  /// The same as letters: darker and lighter, so that their contrast is at least 4.5 to 1 on the ground and on the tints
  /// (Web Content Accessibility Guidelines 2.2, 1.4.3).
  static let letters: [(light: Color, dark: Color)] = [
    (Color(0x0069a4), Color(0x6cbeec)), (Color(0xa84a00), Color(0xf39c69)), (Color(0x007656), Color(0x37d1a3)),
    (Color(0x974a80), Color(0xe2a5cb)), (Color(0x896100), Color(0xf0c040)), (Color(0x525fac), Color(0xa7b2f2)),
    (Color(0x7a5c3e), Color(0xcfb191)), (Color(0x5c6670), Color(0xb2bbc4)),
  ]

  /// The same colours as a surface that text stands on.
  static let tints: [(light: Color, dark: Color)] = series.map {
    (mixed($0.light, 0.18, paper.light), mixed($0.dark, 0.30, paper.dark))
  }

  static func mixed(_ color: Color, _ part: Double, _ ground: Color) -> Color {
    func mix(_ a: Int, _ b: Int) -> Int { Int((Double(a) * part + Double(b) * (1 - part)).rounded()) }
    return Color(
      red: mix(color.red, ground.red), green: mix(color.green, ground.green), blue: mix(color.blue, ground.blue))
  }

  /// Viridis (van der Walt and Smith 2015) at nine points, between them linear: dark violet to yellow, even to the eye
  /// and to the colour-blind.
  static func scale(_ level: Double) -> Color {
    let level = level.isFinite ? min(max(level, 0), 1) : 0
    let position = level * Double(viridis.count - 1)
    let index = min(Int(position), viridis.count - 2)
    return mixed(viridis[index + 1], position - Double(index), viridis[index])
  }

  /// Black or white, whichever has more contrast: at least 4.6 to 1 on any colour.
  static func onScale(_ level: Double) -> Color {
    let (ground, black, white) = (scale(level), Color(0x000000), Color(0xffffff))
    return black.contrast(ground) >= white.contrast(ground) ? black : white
  }

  private static let viridis = [
    0x440154, 0x472d7b, 0x3b528b, 0x2c728e, 0x21918c, 0x28ae80, 0x5ec962, 0xaddc30, 0xfde725,
  ].map(Color.init)

  /// Blue over white to red, for values below and above 0 (ColorBrewer's RdBu, Harrower and Brewer 2003): told apart by
  /// the colour-blind too. 0 to 1, with 0.5 for the white.
  static func divergingScale(_ level: Double) -> Color {
    let level = level.isFinite ? min(max(level, 0), 1) : 0.5
    let position = level * Double(blueToRed.count - 1)
    let index = min(Int(position), blueToRed.count - 2)
    return mixed(blueToRed[index + 1], position - Double(index), blueToRed[index])
  }

  private static let blueToRed = [
    0x2166ac, 0x4393c3, 0x92c5de, 0xd1e5f0, 0xf7f7f7, 0xfddbc7, 0xf4a582, 0xd6604d, 0xb2182b,
  ].map(Color.init)

  /// The same where nobody says whether the ground is dark: from a grey that is quiet on both, so that what is far from
  /// the middle is what is seen.
  static func terminalDivergingScale(_ level: Double) -> Color {
    let level = level.isFinite ? min(max(level, 0), 1) : 0.5
    return mixed(level < 0.5 ? terminalBlue : terminalRed, abs(level - 0.5) * 2, terminalMiddle)
  }

  private static let (terminalBlue, terminalMiddle, terminalRed) = (Color(0x3f9bff), Color(0x55555a), Color(0xff5a45))

  static func color(_ paint: Paint, isDark: Bool) -> Color? {
    func pick(_ pair: (light: Color, dark: Color)) -> Color { isDark ? pair.dark : pair.light }
    switch paint {
    case .none: return nil
    case .ink: return pick(ink)
    case .faint: return pick(faint)
    case .paper: return pick(paper)
    case .panel: return pick(panel)
    case .mark: return pick(mark)
    case .series(let number): return pick(series[Self.index(number)])
    case .tint(let number): return pick(tints[Self.index(number)])
    case .scale(let level): return scale(level)
    case .diverging(let level): return divergingScale(level)
    case .onScale(let level): return onScale(level)
    }
  }

  /// The colour of text: letters in the colour of a series are stronger than its lines.
  static func textColor(_ paint: Paint, isDark: Bool) -> Color? {
    guard case .series(let number) = paint else { return color(paint, isDark: isDark) }
    let pair = letters[index(number)]
    return isDark ? pair.dark : pair.light
  }

  static func index(_ number: Int) -> Int { ((number % series.count) + series.count) % series.count }
}

extension Theme.Color {
  /// From 1, the same, to 21, black on white (Web Content Accessibility Guidelines 2.2, "contrast ratio").
  func contrast(_ other: Theme.Color) -> Double {
    let (lighter, darker) = (max(luminance, other.luminance), min(luminance, other.luminance))
    return (lighter + 0.05) / (darker + 0.05)
  }

  /// Relative luminance of sRGB, 0 to 1.
  private var luminance: Double {
    func linear(_ channel: Int) -> Double {
      let part = Double(channel) / 255
      return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }
}
