import Typography

/// A session or a lesson as a document: data, from which HTML, Markdown and LaTeX are written.
public struct Handout: Sendable {
  public var title: String
  public var blocks: [Block] = []

  public init(title: String) { self.title = title }

  public indirect enum Block: Sendable {
    case prose(Prose)
    /// A statement as it was typed.
    case input(String)
    /// Printed lines.
    case output([String])
    case formula(Formula)
    /// What the names of a formula stand for.
    case captions([Caption])
    case table(Table)
    /// A picture, with its lines for a terminal.
    case figure(Drawing, lines: [String])
    case error([String])
    case question(Question)
  }

  /// Typeset mathematics: a MathML element, LaTeX for mathematics mode, and the lines that a terminal shows.
  public struct Formula: Sendable {
    public var mathml: String
    public var latex: String
    public var text: [String]

    public init(mathml: String, latex: String, text: [String]) {
      self.mathml = mathml
      self.latex = latex
      self.text = text
    }
  }

  public struct Caption: Sendable {
    public var name: String
    public var text: String

    public init(name: String, text: String) {
      self.name = name
      self.text = text
    }
  }

  public struct Table: Sendable {
    public var headings: [String]
    /// For each column, whether its cells are numbers: they stand to the right.
    public var isNumeric: [Bool]
    public var rows: [[String]]

    public init(headings: [String], isNumeric: [Bool], rows: [[String]]) {
      self.headings = headings
      self.isNumeric = isNumeric
      self.rows = rows
    }

    var width: Int {
      (0..<headings.count).reduce(0) { sum, column in
        let cells = [headings[column]] + rows.compactMap { column < $0.count ? $0[column] : nil }
        return sum + 3 + (cells.map(\.displayWidth).max() ?? 0)
      }
    }
  }

  /// A question to the reader; the answer is not in sight.
  public struct Question: Sendable {
    public var prose: Prose
    public var choices: [String]
    public var answer: [Block]

    public init(prose: Prose, choices: [String], answer: [Block]) {
      self.prose = prose
      self.choices = choices
      self.answer = answer
    }
  }
}

/// A document's file: the ending of its name says how it is written.
public enum HandoutFile: String, CaseIterable, Sendable {
  case html, md, tex

  /// The format that a path asks for; nil if its ending is none of these.
  public init?(path: String) {
    guard let point = path.lastIndex(of: ".") else { return nil }
    self.init(rawValue: path[path.index(after: point)...].lowercased())
  }

  public var writer: any HandoutWriter {
    switch self {
    case .html: HTMLHandout()
    case .md: MarkdownHandout()
    case .tex: LaTeXHandout()
    }
  }
}

/// How a document is written: block by block, so that one that grows is not written anew at each step.
public protocol HandoutWriter: Sendable {
  /// - Parameter number: the block's place in the document, from 1; ids and names are made of it.
  func body(_ block: Handout.Block, number: Int) -> String

  /// The whole document, of blocks that `body` wrote.
  func document(_ handout: Handout, bodies: [String]) -> String
}

extension HandoutWriter {
  public func text(_ handout: Handout) -> String {
    document(handout, bodies: handout.blocks.enumerated().map { body($0.element, number: $0.offset + 1) })
  }
}

extension Handout {
  /// Whether a text is a document that was written here, and may be written anew.
  public static func isOurs(_ text: String) -> Bool {
    let head = text.prefix(600)
    return head.contains("name=\"generator\" content=\"Carousel\"") || head.contains(mark)
  }

  /// In a comment of documents that have no better place.
  static let mark = "written by Carousel"

  /// Lines without the escapes that colour them.
  public static func plain(_ lines: [String]) -> [String] {
    lines.map { line in
      guard line.contains("\u{1B}") else { return line }
      var result = ""
      var isEscape = false
      for scalar in line.unicodeScalars {
        if isEscape {
          // `ESC [ 1 m`: parameters are digits and marks, a letter ends them.
          isEscape = !(scalar.properties.isAlphabetic && scalar.isASCII)
        } else if scalar == "\u{1B}" {
          isEscape = true
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
      return result
    }
  }
}
