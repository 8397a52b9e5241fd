import Typography

/// A document as Markdown: statements and output in fences, mathematics as LaTeX between `$$`, figures as a terminal
/// shows them: GitHub shows neither SVG elements nor images with a `data:` address, so a file that holds its pictures
/// would show none there.
public struct MarkdownHandout: HandoutWriter {
  public init() {}

  public func body(_ block: Handout.Block, number: Int) -> String {
    switch block {
    case .prose(let prose): return self.prose(prose)
    case .input(let text): return fenced(text, "carousel")
    case .output(let lines), .error(let lines): return fenced(Handout.plain(lines).joined(separator: "\n"), "text")
    case .formula(let formula): return "$$\n\(formula.latex)\n$$"
    case .captions(let captions):
      return captions.map { "- `\($0.name)`: \(escaped($0.text))" }.joined(separator: "\n")
    case .table(let table): return self.table(table)
    case .figure(let drawing, let lines):
      if lines.isEmpty { return "*\(escaped(drawing.alternative))*" }
      return fenced(Handout.plain(lines).joined(separator: "\n"), "text") + "\n\n*\(escaped(drawing.alternative))*"
    case .question(let question):
      let choices = question.choices.enumerated().map { "\($0.offset + 1). \(escaped($0.element))" }
      let answer = question.answer.map { body($0, number: number) }.joined(separator: "\n\n")
      return
        (["**Question.** " + prose(question.prose)] + (choices.isEmpty ? [] : [choices.joined(separator: "\n")])
        + ["<details><summary>Answer</summary>\n\n\(answer)\n\n</details>"]).joined(separator: "\n\n")
    }
  }

  public func document(_ handout: Handout, bodies: [String]) -> String {
    (["<!-- \(Handout.mark) -->", "# \(escaped(handout.title))"] + bodies).joined(separator: "\n\n") + "\n"
  }

  /// A fence longer than any row of backquotes inside.
  private func fenced(_ text: String, _ language: String) -> String {
    var longest = 2
    var row = 0
    for character in text {
      row = character == "`" ? row + 1 : 0
      longest = max(longest, row)
    }
    let fence = String(repeating: "`", count: longest + 1)
    return "\(fence)\(language)\n\(text)\n\(fence)"
  }

  private func table(_ table: Handout.Table) -> String {
    func row(_ cells: [String]) -> String {
      "| " + cells.map { escaped($0).replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }
    let rule = "|" + table.isNumeric.map { $0 ? " ---: |" : " --- |" }.joined()
    return ([row(table.headings), rule] + table.rows.map(row)).joined(separator: "\n")
  }

  private func prose(_ prose: Prose) -> String {
    prose.blocks.map { block in
      switch block {
      case .heading(let level, let words):
        return String(repeating: "#", count: level + 1) + " " + inlines(words)
      case .paragraph(let words): return inlines(words)
      case .items(let items, let isNumbered):
        return items.enumerated().map { (isNumbered ? "\($0.offset + 1). " : "- ") + inlines($0.element) }
          .joined(separator: "\n")
      case .code(let lines): return fenced(lines.joined(separator: "\n"), "text")
      }
    }.joined(separator: "\n\n")
  }

  private func inlines(_ words: [Prose.Inline]) -> String {
    words.map { inline in
      switch inline {
      case .text(let text): return escaped(text)
      case .code(let text): return text.contains("`") ? "`` \(text) ``" : "`\(text)`"
      case .stressed(let text): return "*\(escaped(text))*"
      }
    }.joined()
  }

  private func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      if "\\`*_[]<>$".contains(character) { result.append("\\") }
      result.append(character == "\n" ? " " : character)
    }
    return result
  }
}
