import XCTest

@testable import Syntax

/// Whatever is pasted: an answer or an error with a place, soon, and never a crash.
final class LaTeXRobustnessTests: XCTestCase {
  private func read(_ text: String, inputs: [String] = ["x"], outputs: [String] = ["h"]) -> Result<
    LaTeXOutcome, Diagnostic
  > {
    let source = Source(name: "test", text: text)
    return Result { () throws(Diagnostic) in
      try LaTeXReader.read(
        source, range: 0..<source.bytes.count, inputs: inputs, outputs: outputs,
        knownFunctions: LaTeXBlock.operators.union(["g", "φ"]))
    }
  }

  func testAPointBeforeASpacedDigitEnds() {
    for text in [". 5", "h_t = . 5 x_t", ".  5\\mathbf", "h_t = x_t . 5"] { check(text) }
  }

  /// An error has a place; what was read can be printed and typed again.
  private func check(_ text: String, _ inputs: [String] = ["x"], _ outputs: [String] = ["h"]) {
    switch read(text, inputs: inputs, outputs: outputs) {
    case .failure(let diagnostic):
      guard let place = diagnostic.place else { return XCTFail("no place: \(diagnostic.message) in \(text)") }
      XCTAssertTrue((0...place.source.bytes.count).contains(place.range.lowerBound), text)
      XCTAssertTrue((0...place.source.bytes.count).contains(place.range.upperBound), text)
      XCTAssertFalse(diagnostic.message.isEmpty)
    case .success(let outcome):
      XCTAssertFalse(outcome.items.isEmpty, text)
      let place = Place(Source(name: "", text: ""), 0..<0)
      let cell = CellDefinition(
        isReversed: false, name: Identifier("A", place), inputs: inputs.map { Identifier($0, place) },
        outputs: outputs.map { Identifier($0, place) }, body: .items(outcome.items))
      let printed = TreePrinter().text(cell)
      let again = Parser.parse(Source(name: "printed", text: printed), mode: .file)
      guard case .cell(let read)? = again.statements.first?.form else {
        return XCTFail("cannot be typed again:\n\(printed)\nfrom\n\(text)\n\(String(describing: again.problem))")
      }
      XCTAssertEqual(read.body, cell.body, "another tree:\n\(printed)\nfrom\n\(text)")
    }
  }

  func testEveryPrefix() throws {
    for block in try LaTeXBlock.all() {
      let text = block.parts["latex"] ?? ""
      var end = text.startIndex
      while end < text.endIndex {
        check(String(text[..<end]), block.inputs, block.outputs)
        end = text.index(after: end)
      }
    }
  }

  /// A range may even cut a character in two.
  func testEveryByteRange() {
    let source = Source(name: "test", text: "h̃ₜ = σ(W·x_t) ⊙ 𝐡_{t-1}")
    for start in 0...source.bytes.count {
      for end in start...source.bytes.count + 2 {
        _ = try? LaTeXReader.read(
          source, range: start..<end, inputs: ["x"], outputs: ["h"], knownFunctions: LaTeXBlock.operators)
      }
    }
  }

  func testMutations() throws {
    var random = Random(seed: 7)
    let blocks = try LaTeXBlock.all()
    let pieces = blocks.flatMap { Self.pieces($0.parts["latex"] ?? "") } + Self.oddities
    for round in 0..<2000 {
      let block = blocks[random.below(blocks.count)]
      var text = Self.pieces(block.parts["latex"] ?? "")
      for _ in 0..<(1 + random.below(4)) where !text.isEmpty {
        let place = random.below(text.count)
        switch random.below(4) {
        case 0: text.remove(at: place)
        case 1: text.insert(pieces[random.below(pieces.count)], at: place)
        case 2: text[place] = pieces[random.below(pieces.count)]
        default: text.swapAt(place, random.below(text.count))
        }
      }
      check(text.joined(), block.inputs, block.outputs)
      if round % 10 == 0 {
        let loose = (0..<random.below(30)).map { _ in pieces[random.below(pieces.count)] }
        check(loose.joined(separator: " "))
      }
    }
  }

  private static let oddities = [
    "\\", "$", "$$", "{", "}", "(", ")", "[", "]", "^", "_", "'", "&", "\\\\", "\\frac", "\\sqrt", "\\tilde", "\\left",
    "\\begin{pmatrix}", "\\end{pmatrix}", "\\begin{align}", "\\text{", "\\partial", "\\sum", "\\foo", "~", "%", "#1",
    "\\newcommand{\\x}[1]{#1 #1}", "\\x", "\u{301}", "\u{0}", "\u{FEFF}", "🙂", "^T", "^{-1}", "_{t-1}", "^{l-1}", "-",
    "/",
    "=", ",", "1.5", ".5", "999999999999999999999", "_{t-999999999999999999999}", "\\mathbf{1}", "\\Delta t", "h_0 = 0",
    "\\mathrm{in}", "\\mathrm{if}_t", "\\mathrm{end}", "\\infty", "\\pi", "e^{x_t}", "2 x_t", "\\|", "\\quad", "\n\n",
  ]

  /// Commands, and other characters one by one.
  private static func pieces(_ text: String) -> [String] {
    var pieces: [String] = []
    for character in text {
      if let last = pieces.last, last.hasPrefix("\\"), character.isLetter,
        last.count == 1 || last.last?.isLetter == true
      {
        pieces[pieces.count - 1].append(character)
      } else {
        pieces.append(String(character))
      }
    }
    return pieces
  }

  func testDepth() {
    let openers = [
      "{", "(", "[", "\\{", "\\sqrt{", "\\sqrt ", "x^{", "x_{", "x^", "\\frac{1}{", "\\frac ", "\\tilde{", "\\tilde ",
      "\\mathbf{", "\\mathbf ", "\\left(", "\\begin{pmatrix}", "\\begin{aligned}", "\\tanh", "\\tanh(", "-", "+", "- -",
      "x^T",
      "\\text{", "\\underbrace{", "{\\bf ", "W ", "x_t ", "x_t + ", "x_t \\odot ", "W \\cdot ", "'", "x_t / ", "[x_t, ",
      "1 + (", "\\partial ", "\\frac{\\partial}{\\partial x_t}", "\\$", "$", "x_t^{2^", "\\overset{a}{",
    ]
    for opener in openers {
      let text = "h_t = " + String(repeating: opener, count: 5_000)
      let start = clock()
      check(text)
      XCTAssertLessThan(clock() - start, 4 * CLOCKS_PER_SEC, opener)
    }
  }

  /// At the limit itself, and under it.
  func testBalancedDepth() {
    for depth in [10, 49, 50, 51, 97, 98, 99, 100, 101, 102, 500, 600] {
      for (open, close) in [
        ("(1 + ", ")"), ("\\tanh(", ")"), ("{", "}"), ("\\sqrt{", "}"), ("\\frac{1}{1+", "}"), ("[", "]"),
      ] {
        let body = String(repeating: open, count: depth) + "x_t" + String(repeating: close, count: depth)
        check("h_t = " + body)
      }
    }
  }

  func testLength() {
    let line = "c_t = f_t \\odot c_{t-1} + i_t \\odot \\tanh(W_{xc} x_t + W_{hc} h_{t-1} + b_c) \\\\\n"
    for count in [200, 1000] {
      let text = (0..<count).map { line.replacingOccurrences(of: "c_", with: "c_{\($0)},") }.joined()
      let start = clock()
      check(text)
      check(String(repeating: line, count: count))
      XCTAssertLessThan(clock() - start, 20 * CLOCKS_PER_SEC, "\(count) lines")
    }
  }
}

/// Numbers that are the same each time.
private struct Random {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func below(_ count: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return count > 0 ? Int((state >> 33) % UInt64(count)) : 0
  }
}
