import Typography

/// A document as one HTML file that needs neither a network nor a script.
///
/// For keyboards and screen readers: landmarks, headings in order, a box for whatever may be wider than the page that
/// takes the focus and scrolls, figures with their text alternatives, answers behind `details`. It follows the
/// reader's light or dark scheme, and prints on paper.
public struct HTMLHandout: HandoutWriter {
  public init() {}

  /// A line longer than this may not fit a phone: its box takes the focus, so that keys can scroll it.
  private static let narrow = 42

  /// A drawing is not shrunk below this part of its size, where its letters of 14 pixels still have 10.
  private static let smallest = 0.72

  /// Pixels of a column on a phone.
  private static let phone = 360.0

  public func body(_ block: Handout.Block, number: Int) -> String {
    switch block {
    case .prose(let prose): return self.prose(prose, number)
    case .input(let text):
      return pre("input", "Typed", text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
    case .output(let lines): return pre("output", "Printed", Handout.plain(lines))
    case .error(let lines): return pre("error", "Error", Handout.plain(lines))
    case .formula(let formula): return self.formula(formula)
    case .captions(let captions):
      let rows = captions.map { "<dt>\(escaped($0.name))</dt><dd>\(escaped($0.text))</dd>" }
      return "<dl>\(rows.joined(separator: "\n"))</dl>"
    case .table(let table): return self.table(table)
    case .figure(let drawing, _):
      let svg = SVGWriter(drawing: drawing, use: .page, name: "figure-\(number)").text
      // Its text must stay readable on a phone: there a wide one scrolls.
      let least = (drawing.width * Self.smallest).rounded()
      let isWide = least > Self.phone
      let focus = isWide ? " class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"Figure\"" : ""
      let room = isWide ? ";--least:\(Markup.number(least))px" : ""
      return "<figure style=\"max-width:\(Markup.number(drawing.width))px\(room)\"\(focus)>\n\(svg)</figure>"
    case .question(let question): return self.question(question, number)
    }
  }

  // MARK: Blocks

  private func pre(_ kind: String, _ label: String, _ lines: [String]) -> String {
    let isWide = lines.contains { $0.displayWidth > Self.narrow }
    let focus = isWide ? " tabindex=\"0\" role=\"group\" aria-label=\"\(label)\"" : ""
    return "<pre class=\"\(kind)\"\(focus)><code>\(escaped(lines.joined(separator: "\n")))</code></pre>"
  }

  private func formula(_ formula: Handout.Formula) -> String {
    let isWide = formula.text.contains { $0.displayWidth > Self.narrow / 2 }
    let focus = isWide ? " tabindex=\"0\" role=\"group\" aria-label=\"Formula\"" : ""
    return "<div class=\"formula\"\(focus)>\(formula.mathml)</div>"
  }

  private func table(_ table: Handout.Table) -> String {
    func cells(_ row: [String], _ tag: String) -> String {
      row.enumerated().map { column, text in
        let isNumber = table.isNumeric.indices.contains(column) && table.isNumeric[column]
        // On a phone short texts stay whole, and long ones do not become columns of single words.
        let length = text.displayWidth
        let kind = isNumber ? "number" : tag != "td" ? "" : length > 24 ? "long" : length <= 14 ? "brief" : ""
        let mark = kind.isEmpty ? "" : " class=\"\(kind)\""
        return "<\(tag)\(mark)>\(Self.unbroken(text))</\(tag == "td" ? "td" : "th")>"
      }.joined()
    }
    let focus = table.width > Self.narrow ? " tabindex=\"0\" role=\"group\" aria-label=\"Table\"" : ""
    let body = table.rows.map { "<tr>\(cells($0, "td"))</tr>" }.joined(separator: "\n")
    return
      "<div class=\"table\"\(focus)><table>\n<thead><tr>\(cells(table.headings, "th scope=\"col\""))</tr></thead>\n"
      + "<tbody>\n\(body)\n</tbody></table></div>"
  }

  /// Markup of a text that is not broken within `h[t-1]`.
  private static func unbroken(_ text: String) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false).map { word in
      let markup = Markup.escaped(String(word))
      let isIndexed = word.contains("[") && word.contains("-") && word.displayWidth < narrow / 2
      return isIndexed ? "<span class=\"whole\">\(markup)</span>" : markup
    }.joined(separator: " ")
  }

  private func question(_ question: Handout.Question, _ number: Int) -> String {
    var lines = ["<section class=\"question\" aria-label=\"Question\">", prose(question.prose, number)]
    if !question.choices.isEmpty {
      lines.append("<ol type=\"a\">\(question.choices.map { "<li>\(escaped($0))</li>" }.joined())</ol>")
    }
    let answer = question.answer.enumerated().map { body($0.element, number: number * 1000 + $0.offset) }
    lines.append("<details><summary>Answer</summary>\n\(answer.joined(separator: "\n"))\n</details>\n</section>")
    return lines.joined(separator: "\n")
  }

  private func prose(_ prose: Prose, _ number: Int) -> String {
    prose.blocks.enumerated().map { position, block in
      switch block {
      case .heading(let level, let words):
        // The page's own title is the h1, and `##` its sections: no level is left out.
        let tag = "h\(min(max(level, 2), 4))"
        return "<\(tag) id=\"\(Self.anchor(number, position))\">\(inlines(words))</\(tag)>"
      case .paragraph(let words): return "<p>\(inlines(words))</p>"
      case .items(let items, let isNumbered):
        let tag = isNumbered ? "ol" : "ul"
        return "<\(tag)>\(items.map { "<li>\(inlines($0))</li>" }.joined(separator: "\n"))</\(tag)>"
      case .code(let lines): return pre("output", "Text", lines)
      }
    }.joined(separator: "\n")
  }

  private func inlines(_ words: [Prose.Inline]) -> String {
    words.map { inline in
      switch inline {
      case .text(let text): Self.unbroken(text)
      case .code(let text): "<code>\(Self.unbroken(text))</code>"
      case .stressed(let text): "<em>\(escaped(text))</em>"
      }
    }.joined()
  }

  private static func anchor(_ number: Int, _ position: Int) -> String { "part-\(number)-\(position + 1)" }

  private func escaped(_ text: String) -> String { Markup.escaped(text) }

  // MARK: Document

  public func document(_ handout: Handout, bodies: [String]) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <meta name="color-scheme" content="light dark"/>
    <meta name="generator" content="Carousel"/>
    <title>\(escaped(handout.title))</title>
    <style>
    \(HandoutStyle.rules)
    \(SVGWriter.styles)
    </style>
    </head>
    <body>
    <header>
    <h1>\(escaped(handout.title))</h1>
    </header>
    \(contents(handout))<main>
    \(bodies.joined(separator: "\n"))
    </main>
    </body>
    </html>

    """
  }

  /// Links to the sections, if there are some.
  private func contents(_ handout: Handout) -> String {
    var links: [String] = []
    for (number, block) in handout.blocks.enumerated() {
      guard case .prose(let prose) = block else { continue }
      for (position, part) in prose.blocks.enumerated() {
        guard case .heading(_, let words) = part else { continue }
        links.append("<li><a href=\"#\(Self.anchor(number + 1, position))\">\(inlines(words))</a></li>")
      }
    }
    guard links.count > 2 else { return "" }
    return "<nav aria-label=\"Contents\"><ul>\(links.joined(separator: "\n"))</ul></nav>\n"
  }
}
