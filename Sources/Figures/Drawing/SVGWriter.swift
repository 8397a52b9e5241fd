import Typography

/// A drawing as an SVG document that follows the reader's light or dark scheme.
///
/// Colours are classes, so that a page can hold several drawings, and a program without style sheets' media rules
/// (librsvg) shows the light ones.
struct SVGWriter {
  /// In a page the size follows the column; a file by itself says its size and has a ground.
  enum Use { case file, page }

  let drawing: Drawing
  let use: Use

  /// Different in every drawing of a page: ids must be.
  var name = "figure"

  var text: String {
    var lines: [String] = []
    let size = "\(number(drawing.width)) \(number(drawing.height))"
    let extent = use == .file ? " width=\"\(number(drawing.width))\" height=\"\(number(drawing.height))\"" : ""
    lines.append(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(size)\"\(extent) role=\"img\" "
        + "aria-labelledby=\"\(name)-title \(name)-text\" font-family=\"\(Self.fonts)\">")
    lines.append("<title id=\"\(name)-title\">\(Markup.escaped(drawing.title))</title>")
    lines.append("<desc id=\"\(name)-text\">\(Markup.escaped(drawing.alternative))</desc>")
    if use == .file { lines.append("<style>\(Self.styles)</style>") }
    if drawing.shapes.contains(where: \.hasArrow) { lines.append(contentsOf: heads) }
    if use == .file {
      lines.append(
        "<rect width=\"\(number(drawing.width))\" height=\"\(number(drawing.height))\" class=\"f-paper\"/>")
    }
    lines += drawing.shapes.map(element)
    lines.append("</svg>")
    return lines.joined(separator: "\n") + "\n"
  }

  /// The letters of a paper first, with faces of their own for bold and italic; then its signs and Greek.
  private static let fonts =
    "'Latin Modern Roman','Latin Modern Math','STIX Two Text','DejaVu Sans',system-ui,sans-serif"

  private static let fontsOfMarks = "'DejaVu Sans',system-ui,sans-serif"

  // MARK: Shapes

  private func element(_ shape: Drawing.Shape) -> String {
    switch shape {
    case .rectangle(let box, let corner, let fill, let stroke):
      let round = corner > 0 ? " rx=\"\(number(corner))\"" : ""
      return "<rect x=\"\(number(box.x))\" y=\"\(number(box.y))\" width=\"\(number(box.width))\" "
        + "height=\"\(number(box.height))\"\(round)\(paint(fill, stroke, isCell: stroke == nil && fill.isCell))/>"
    case .ellipse(let center, let radiusX, let radiusY, let fill, let stroke):
      return "<ellipse cx=\"\(number(center.x))\" cy=\"\(number(center.y))\" rx=\"\(number(radiusX))\" "
        + "ry=\"\(number(radiusY))\"\(paint(fill, stroke))/>"
    case .path(let steps, let fill, let stroke):
      let whole = stroke.map { $0.hasArrow ? Head($0).cut(steps) : steps } ?? steps
      return "<path d=\"\(whole.map(path).joined(separator: " "))\"\(paint(fill, stroke))/>"
    case .text(let label): return text(label)
    }
  }

  private func path(_ step: Drawing.PathStep) -> String {
    func at(_ point: Point) -> String { "\(number(point.x)) \(number(point.y))" }
    switch step {
    case .move(let point): return "M" + at(point)
    case .line(let point): return "L" + at(point)
    case .curve(let a, let b, let point): return "C\(at(a)) \(at(b)) \(at(point))"
    case .close: return "Z"
    }
  }

  private func text(_ label: Drawing.Label) -> String {
    var attributes = "x=\"\(number(label.at.x))\" y=\"\(number(label.at.y))\" font-size=\"\(number(label.size))\""
    switch label.anchor {
    case .start: break
    case .middle: attributes += " text-anchor=\"middle\""
    case .end: attributes += " text-anchor=\"end\""
    }
    let inside = SVGText.markup(label.text, size: label.size, isItalic: label.isItalic)
    if inside == nil { attributes += " font-family=\"\(Self.fontsOfMarks)\"" }
    if label.isItalic { attributes += " font-style=\"italic\"" }
    if label.isBold { attributes += " font-weight=\"600\"" }
    if label.isUpright { attributes += " transform=\"rotate(-90 \(number(label.at.x)) \(number(label.at.y)))\"" }
    return "<text \(attributes)\(paint(label.paint, nil, isText: true))>\(inside ?? Markup.escaped(label.text))</text>"
  }

  private func paint(_ fill: Paint, _ stroke: Stroke?, isText: Bool = false, isCell: Bool = false) -> String {
    // Without it seams show between cells wherever a page shrinks them.
    var classes = isCell ? ["cell"] : []
    var direct = ""
    func add(_ paint: Paint, _ property: String, _ letter: String) {
      switch paint {
      case .none: direct += " \(property)=\"none\""
      case .scale(let level): direct += " \(property)=\"\(Theme.scale(level).text)\""
      case .diverging(let level): direct += " \(property)=\"\(Theme.divergingScale(level).text)\""
      case .onScale(let level): direct += " \(property)=\"\(Theme.onScale(level).text)\""
      default: classes.append("\(letter)-\(Self.className(paint))")
      }
    }
    add(fill, "fill", isText && fill.isSeries ? "t" : "f")
    if let stroke, stroke.paint != .none {
      add(stroke.paint, "stroke", "s")
      direct += " stroke-width=\"\(number(stroke.width))\" stroke-linejoin=\"round\" stroke-linecap=\"round\""
      if !stroke.dashes.isEmpty {
        direct += " stroke-dasharray=\"\(stroke.dashes.map(number).joined(separator: " "))\""
      }
      if stroke.hasArrow { direct += " marker-end=\"url(#\(name)-\(Head(stroke).name))\"" }
    }
    return (classes.isEmpty ? "" : " class=\"\(classes.joined(separator: " "))\"") + direct
  }

  private func number(_ value: Double) -> String { Markup.number(value) }

  // MARK: Arrows

  /// A head for every paint that an arrow has: a marker does not take its line's colour.
  private var heads: [String] {
    var done: [Head] = []
    for case .path(_, _, let stroke?) in drawing.shapes where stroke.hasArrow && !done.contains(Head(stroke)) {
      done.append(Head(stroke))
    }
    return ["<defs>"]
      + done.map { head in
        "<marker id=\"\(name)-\(head.name)\" viewBox=\"0 0 10 10\" refX=\"\(number(Head.reach))\" refY=\"5\" "
          + "markerWidth=\"\(number(head.length))\" markerHeight=\"\(number(head.length))\" "
          + "markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 1 L10 5 L0 9 Z\" "
          + "class=\"f-\(Self.className(head.paint))\"/></marker>"
      } + ["</defs>"]
  }

  /// The head of an arrow. Its line ends inside of it: a thick one would stand out beside the point.
  private struct Head: Equatable {
    let paint: Paint
    let length: Double

    /// Where in the head the line ends, in tenths of its length; the point is a tenth beyond the path's end.
    static let reach = 4.0

    init(_ stroke: Stroke) {
      paint = stroke.paint
      length = stroke.width > 2 ? 12 : 9
    }

    var name: String { SVGWriter.className(paint) + (length > 9 ? "-wide" : "") }

    func cut(_ steps: [Drawing.PathStep]) -> [Drawing.PathStep] {
      guard case .line(let end)? = steps.last, let before = steps.dropLast().last else { return steps }
      let start: Point
      switch before {
      case .move(let point), .line(let point), .curve(_, _, let point): start = point
      case .close: return steps
      }
      let (dx, dy) = (end.x - start.x, end.y - start.y)
      let whole = (dx * dx + dy * dy).squareRoot()
      let taken = min(length * (9 - Self.reach) / 10, whole * 0.9)
      guard whole > 0 else { return steps }
      let part = (whole - taken) / whole
      return steps.dropLast() + [.line(Point(start.x + dx * part, start.y + dy * part))]
    }
  }

  // MARK: Colours

  private static func className(_ paint: Paint) -> String {
    switch paint {
    case .none: "none"
    case .ink: "ink"
    case .faint: "faint"
    case .paper: "paper"
    case .panel: "panel"
    case .mark: "mark"
    case .series(let number): "series\(Theme.index(number))"
    case .tint(let number): "tint\(Theme.index(number))"
    case .scale, .diverging, .onScale: "ink"
    }
  }

  /// The rules that a page with drawings needs once.
  static let styles: String = {
    let paints =
      [.ink, .faint, .paper, .panel, .mark] + (0..<Theme.series.count).flatMap { [Paint.series($0), .tint($0)] }
    func rules(isDark: Bool) -> String {
      paints.map { paint in
        let color = Theme.color(paint, isDark: isDark)?.text ?? "none"
        let name = className(paint)
        let text = paint.isSeries ? ".t-\(name){fill:\(Theme.textColor(paint, isDark: isDark)?.text ?? color)}" : ""
        return ".f-\(name){fill:\(color)}.s-\(name){stroke:\(color)}" + text
      }.joined()
    }
    return ".cell{shape-rendering:crispEdges}" + rules(isDark: false)
      + "@media screen and (prefers-color-scheme: dark){\(rules(isDark: true))}"
  }()
}

extension Drawing.Shape {
  var hasArrow: Bool {
    if case .path(_, _, let stroke) = self { return stroke?.hasArrow ?? false }
    return false
  }
}
