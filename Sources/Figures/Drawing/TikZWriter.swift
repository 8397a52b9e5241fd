/// A drawing as a TikZ picture for a paper: `\input` it; it needs `\usepackage{tikz}` (and a class with pdflatex).
struct TikZWriter {
  let drawing: Drawing

  /// In the paper a pixel is 0.02 cm: a drawing of 600 pixels is 12 cm wide.
  private static let unit = 0.02

  var text: String {
    var lines = [
      "% \(drawing.title.replacing("\n", with: " "))",
      "% \(drawing.alternative.replacing("\n", with: " "))",
    ]
    if let remark = drawing.remark { lines.append("% \(remark)") }
    lines += colors
    lines.append(
      "\\begin{tikzpicture}[x=\(Self.unit)cm, y=-\(Self.unit)cm, line join=round, line cap=round, >=stealth]")
    lines += statements
    lines.append("\\end{tikzpicture}")
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: Shapes

  /// A statement a shape; but of cells, which overlap nothing, one for each colour that some of them with only text
  /// between them have: pdflatex has room for some 20,000 paths in all.
  private var statements: [String] {
    var result: [String] = []
    var cells: [(color: String, boxes: [String])] = []
    var places: [String: Int] = [:]
    var words: [String] = []
    func flush() {
      result += cells.map { "  \\path[fill=\($0.color)] \($0.boxes.joined(separator: " "));" }
      result += words
      (cells, places, words) = ([], [:], [])
    }
    for shape in drawing.shapes {
      if case .text = shape {
        words.append(statement(shape))
        continue
      }
      guard case .rectangle(let box, 0, let fill, nil) = shape, fill.isCell else {
        flush()
        result.append(statement(shape))
        continue
      }
      let color = name(fill)
      let place = places[color] ?? cells.count
      if place == cells.count {
        places[color] = place
        cells.append((color, []))
      }
      let end = Point(box.x + box.width, box.y + box.height)
      cells[place].boxes.append("\(at(Point(box.x, box.y))) rectangle \(at(end))")
    }
    flush()
    return result
  }

  private func statement(_ shape: Drawing.Shape) -> String {
    switch shape {
    case .rectangle(let box, let corner, let fill, let stroke):
      let round = corner > 0 ? ["rounded corners=\(Markup.number(corner * Self.unit))cm"] : []
      let end = Point(box.x + box.width, box.y + box.height)
      return "  \\path\(options(fill, stroke, round)) \(at(Point(box.x, box.y))) rectangle \(at(end));"
    case .ellipse(let center, let radiusX, let radiusY, let fill, let stroke):
      return "  \\path\(options(fill, stroke)) \(at(center)) ellipse [x radius=\(Markup.number(radiusX)), "
        + "y radius=\(Markup.number(radiusY))];"
    case .path(let steps, let fill, let stroke):
      return "  \\path\(options(fill, stroke)) \(path(steps));"
    case .text(let label): return text(label)
    }
  }

  private func path(_ steps: [Drawing.PathStep]) -> String {
    var words: [String] = []
    for step in steps {
      switch step {
      case .move(let point): words.append(at(point))
      case .line(let point): words.append("-- \(at(point))")
      case .curve(let a, let b, let point): words.append(".. controls \(at(a)) and \(at(b)) .. \(at(point))")
      case .close: words.append("-- cycle")
      }
    }
    return words.joined(separator: " ")
  }

  private func text(_ label: Drawing.Label) -> String {
    let anchor =
      switch label.anchor {
      case .start: "base west"
      case .middle: "base"
      case .end: "base east"
      }
    var options = [
      "anchor=\(anchor)", "inner sep=0pt", "text=\(Self.name(Theme.textColor(label.paint, isDark: false)))",
    ]
    if label.isUpright { options.append("rotate=90") }
    // 14 pixels are the paper's small text; the rest in proportion.
    let points = label.size * Self.unit * 28.45
    options.append(
      "font=\\fontsize{\(Markup.number(points))}{\(Markup.number(points * 1.2))}\\selectfont"
        + (label.isBold ? "\\bfseries" : ""))
    let body = TeXText.text(label.text)
    return
      "  \\node[\(options.joined(separator: ", "))] at \(at(label.at)) {\(label.isItalic ? "\\textit{\(body)}" : body)};"
  }

  private func at(_ point: Point) -> String { "(\(Markup.number(point.x)), \(Markup.number(point.y)))" }

  private func options(_ fill: Paint, _ stroke: Stroke?, _ more: [String] = []) -> String {
    var options = more
    if fill != .none { options.append("fill=\(name(fill))") }
    if let stroke, stroke.paint != .none {
      options.append("draw=\(name(stroke.paint))")
      options.append("line width=\(Markup.number(stroke.width * Self.unit * 28.45))pt")
      if !stroke.dashes.isEmpty {
        let pattern = stroke.dashes.enumerated().map { index, length in
          "\(index % 2 == 0 ? "on" : "off") \(Markup.number(length * Self.unit))cm"
        }
        options.append("dash pattern=\(pattern.joined(separator: " "))")
      }
      if stroke.hasArrow { options.append("->") }
    }
    return options.isEmpty ? "" : "[\(options.joined(separator: ", "))]"
  }

  // MARK: Colours

  private func name(_ paint: Paint) -> String { Self.name(Theme.color(paint, isDark: false)) }

  private static func name(_ color: Theme.Color?) -> String {
    "carousel" + (color ?? Theme.ink.light).text.dropFirst()
  }

  /// Every colour that is used, by its value.
  private var colors: [String] {
    var used: [String: Theme.Color] = [:]
    func use(_ color: Theme.Color?) {
      if let color { used[Self.name(color)] = color }
    }
    func use(_ paint: Paint) { use(Theme.color(paint, isDark: false)) }
    for shape in drawing.shapes {
      switch shape {
      case .rectangle(_, _, let fill, let stroke), .ellipse(_, _, _, let fill, let stroke),
        .path(_, let fill, let stroke):
        use(fill)
        if let stroke { use(stroke.paint) }
      case .text(let label): use(Theme.textColor(label.paint, isDark: false))
      }
    }
    return used.sorted { $0.key < $1.key }.map { name, color in
      "\\definecolor{\(name)}{HTML}{\(color.text.dropFirst().uppercased())}"
    }
  }
}
