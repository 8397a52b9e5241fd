import Typography

/// A document as LaTeX for pdflatex: text and formulas of `article`, figures in TikZ, the answers at the end.
public struct LaTeXHandout: HandoutWriter {
  public init() {}

  public func body(_ block: Handout.Block, number: Int) -> String {
    switch block {
    case .prose(let prose): return self.prose(prose)
    case .input(let text):
      return verbatim(text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init), "typed")
    case .output(let lines): return verbatim(Handout.plain(lines), "printed")
    case .error(let lines): return verbatim(Handout.plain(lines), "wrong")
    case .formula(let formula): return self.formula(formula.latex)
    case .captions(let captions):
      let items = captions.map { "\\item[\\texttt{\(text($0.name))}] \(text($0.text))" }
      return "\\begin{description}\n\(items.joined(separator: "\n"))\n\\end{description}"
    case .table(let table): return self.table(table)
    case .figure(let drawing, _): return figure(drawing)
    case .question(let question):
      let choices = question.choices.map { "\\item \(text($0))" }.joined(separator: "\n")
      let list =
        choices.isEmpty
        ? "" : "\n\\begin{enumerate}\\renewcommand{\\labelenumi}{\\alph{enumi})}\n\(choices)\n\\end{enumerate}"
      return "\\begin{question}\n\(prose(question.prose))\(list)\n\\end{question}"
    }
  }

  public func document(_ handout: Handout, bodies: [String]) -> String {
    let answers = handout.blocks.compactMap { block -> String? in
      guard case .question(let question) = block else { return nil }
      return "\\item " + question.answer.map { body($0, number: 1) }.joined(separator: "\n\n")
    }
    let end =
      answers.isEmpty
      ? "" : "\\section*{Answers}\n\\begin{enumerate}\n\(answers.joined(separator: "\n"))\n\\end{enumerate}\n"
    return """
      % \(Handout.mark)
      \\documentclass[a4paper]{article}
      \\usepackage[T1]{fontenc}
      \\usepackage[utf8]{inputenc}
      \\usepackage{amsmath,amssymb,tikz,xcolor}
      \\usepackage[margin=25mm]{geometry}
      \\setlength{\\parindent}{0pt}\\setlength{\\parskip}{.5\\baselineskip}
      \\allowdisplaybreaks
      \\newcounter{question}
      \\newenvironment{question}{\\refstepcounter{question}\\par\\textbf{Question \\thequestion.} }{\\par}
      \\newenvironment{typed}{\\par\\begingroup\\small\\ttfamily\\color{blue!50!black}\\raggedright}{\\par\\endgroup}
      \\newenvironment{printed}{\\par\\begingroup\\small\\ttfamily\\raggedright}{\\par\\endgroup}
      \\newenvironment{wrong}{\\par\\begingroup\\small\\ttfamily\\color{red!60!black}\\raggedright}{\\par\\endgroup}
      \\newsavebox{\\fittedbox}
      \\newcommand{\\fitted}[1]{\\sbox{\\fittedbox}{#1}\\ifdim\\wd\\fittedbox>\\linewidth
        \\resizebox{\\linewidth}{!}{\\usebox{\\fittedbox}}\\else\\usebox{\\fittedbox}\\fi}
      \\title{\(text(handout.title))}\\author{}\\date{}
      \\begin{document}
      \\maketitle

      \(bodies.joined(separator: "\n\n"))

      \(end)\\end{document}

      """
  }

  // MARK: Parts

  /// `aligned` would not be broken where a page ends, as `align*` is.
  private func formula(_ latex: String) -> String {
    let (open, close) = ("\\begin{aligned}", "\\end{aligned}")
    guard latex.hasPrefix(open), latex.hasSuffix(close) else { return "\\[\n\(latex)\n\\]" }
    return "\\begin{align*}\(latex.dropFirst(open.count).dropLast(close.count))\\end{align*}"
  }

  /// Lines as they stand: `verbatim` itself knows no Greek letters.
  private func verbatim(_ lines: [String], _ environment: String) -> String {
    let body = lines.map { line -> String in
      let blanks = line.prefix { $0 == " " }.count
      let rest = text(String(line.dropFirst(blanks))).replacing("  ", with: "~ ")
      return "\\mbox{}" + String(repeating: "~", count: blanks) + rest
    }
    return "\\begin{\(environment)}\n\(body.joined(separator: "\\\\\n"))\n\\end{\(environment)}"
  }

  /// Its colours stand before the box: the ends of their lines would be blanks in it.
  private func figure(_ drawing: Drawing) -> String {
    let lines = TikZWriter(drawing: drawing).text.split(separator: "\n")
    let start = lines.firstIndex { $0.hasPrefix("\\begin{tikzpicture}") } ?? 0
    let colors = lines[..<start].joined(separator: "\n")
    return "\(colors)\n\\begin{center}\\fitted{%\n\(lines[start...].joined(separator: "\n"))}\\end{center}"
  }

  private func table(_ table: Handout.Table) -> String {
    let columns = table.isNumeric.map { $0 ? "r" : "l" }.joined()
    func row(_ cells: [String]) -> String { cells.map(text).joined(separator: " & ") + " \\\\" }
    return "\\begin{center}\\fitted{%\n\\begin{tabular}{\(columns)}\n\(row(table.headings)) \\hline\n"
      + table.rows.map(row).joined(separator: "\n") + "\n\\end{tabular}}\\end{center}"
  }

  private func prose(_ prose: Prose) -> String {
    prose.blocks.map { block in
      switch block {
      case .heading(let level, let words):
        return "\\\(["section", "section", "subsection", "subsubsection"][min(max(level, 0), 3)])*{\(inlines(words))}"
      case .paragraph(let words): return inlines(words)
      case .items(let items, let isNumbered):
        let name = isNumbered ? "enumerate" : "itemize"
        return "\\begin{\(name)}\n\(items.map { "\\item " + inlines($0) }.joined(separator: "\n"))\n\\end{\(name)}"
      case .code(let lines): return verbatim(lines, "printed")
      }
    }.joined(separator: "\n\n")
  }

  private func inlines(_ words: [Prose.Inline]) -> String {
    words.map { inline in
      switch inline {
      case .text(let text): self.text(text)
      case .code(let text): "\\texttt{\(self.text(text))}"
      case .stressed(let text): "\\emph{\(self.text(text))}"
      }
    }.joined()
  }

  /// What pdflatex has no letter for is written in the language's ASCII spelling.
  private func text(_ text: String) -> String {
    var result = ""
    for character in text where character.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) {
      let known = TeXText.text(String(character))
      if known.utf8.allSatisfy({ $0 < 0x80 }) || Self.isLatin(character) {
        result += known
      } else if let drawn = Self.drawn[character] ?? Self.accented(character) {
        result += drawn
      } else {
        result += TeXText.text(Self.decomposed(character))
      }
    }
    return result
  }

  /// A letter with a mark above it, `C̃`.
  private static func accented(_ character: Character) -> String? {
    let scalars = Array(character.unicodeScalars)
    guard scalars.count == 2, let mark = [0x302: "\\hat", 0x303: "\\tilde", 0x304: "\\bar"][scalars[1].value] else {
      return nil
    }
    let letter = TeXText.text(String(Character(scalars[0]))).filter { $0 != "$" }
    return letter.utf8.allSatisfy { $0 < 0x80 } ? "$\(mark) \(letter)$" : nil
  }

  /// Letters with accents that T1 has.
  private static func isLatin(_ character: Character) -> Bool {
    character.unicodeScalars.allSatisfy { (0xC0...0x17F).contains($0.value) && $0.value != 0xD7 && $0.value != 0xF7 }
  }

  private static func decomposed(_ character: Character) -> String {
    let spelled = Glyphs.ascii(String(character))
    return spelled.hasPrefix("\\u{") ? "?" : spelled
  }

  private static let drawn: [Character: String] = [
    "✓": "$\\checkmark$", "✗": "$\\times$", "═": "=", "─": "-", "│": "|", "′": "$'$", "’": "'", "“": "``", "”": "''",
    "h̃": "$\\tilde h$", "c̃": "$\\tilde c$", "⊗": "$\\otimes$", "⊕": "$\\oplus$", "∏": "$\\prod$", "∑": "$\\sum$",
    "█": "\\rule{.5em}{.7em}", "₀": "$_0$", "₁": "$_1$", "₂": "$_2$", "ₜ": "$_t$",
  ]
}
