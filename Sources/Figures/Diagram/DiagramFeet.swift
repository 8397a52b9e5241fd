/// What stands below a diagram: what the names are for, notes, and the scale of colours.
struct DiagramFeet {
  private struct Line {
    var name = ""
    var color: Int?
    var text: String
    var paint = Paint.ink
  }

  private static let size = 14.0
  private static let lineHeight = 22.0
  private static let swatch = 20.0

  private let lines: [Line]
  private let scale: (low: String, high: String)?
  /// Where the texts begin beside the names.
  private let indent: Double

  /// - Parameter room: the width that long texts are broken at, in pixels.
  init(_ diagram: Diagram, room: Double) {
    let names = diagram.captions.map { TextExtent.width($0.name, size: Self.size, isBold: true) }.max() ?? 0
    let indent = Self.swatch + names + 10
    lines =
      diagram.captions.flatMap { caption in
        TextExtent.lines(caption.text, size: Self.size, room: max(room - indent, 200)).enumerated().map { place, text in
          Line(name: place == 0 ? caption.name : "", color: place == 0 ? caption.color : nil, text: text)
        }
      }
      + diagram.notes.flatMap { note in
        TextExtent.lines(note, size: Self.size, room: room).map { Line(text: $0, paint: .faint) }
      }
    scale = diagram.scale
    self.indent = indent
  }

  var height: Double {
    let text = Double(lines.count) * Self.lineHeight + (scale == nil ? 0 : 34)
    return text == 0 ? 0 : 24 + text
  }

  var width: Double {
    lines.map { ($0.paint == .ink ? indent : 0) + TextExtent.width($0.text, size: Self.size) }.max() ?? 0
  }

  func shapes(left: Double, top: Double) -> [Drawing.Shape] {
    var y = top
    var result: [Drawing.Shape] = []
    for line in lines {
      if let color = line.color {
        let swatch = Rectangle(x: left, y: y - 10, width: 12, height: 12)
        result.append(.rectangle(swatch, corner: 2, fill: .tint(color), stroke: Stroke(.series(color))))
      }
      if !line.name.isEmpty {
        let start = Point(left + Self.swatch, y)
        result.append(.text(Drawing.Label(line.name, at: start, size: Self.size, isItalic: true, isBold: true)))
      }
      let start = Point(left + (line.paint == .ink ? indent : 0), y)
      result.append(.text(Drawing.Label(line.text, at: start, size: Self.size, paint: line.paint)))
      y += Self.lineHeight
    }
    return result + scaleShapes(left: left, y: y)
  }

  private func scaleShapes(left: Double, y: Double) -> [Drawing.Shape] {
    guard let scale else { return [] }
    var result: [Drawing.Shape] = [.text(Drawing.Label(scale.low, at: Point(left, y + 4), size: 13))]
    let start = left + TextExtent.width(scale.low, size: 13) + 8
    for step in 0..<24 {
      let box = Rectangle(x: start + Double(step) * 7, y: y - 8, width: 7.2, height: 14)
      result.append(.rectangle(box, fill: .scale(Double(step) / 23)))
    }
    result.append(.text(Drawing.Label(scale.high, at: Point(start + 24 * 7 + 8, y + 4), size: 13)))
    return result
  }
}
