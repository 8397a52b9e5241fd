import XCTest

@testable import Typography

final class GlyphsTests: XCTestCase {
  func testNamesAreUnique() {
    var names: Set<String> = []
    for glyph in Glyphs.table where glyph.role != .ornament {
      for name in [glyph.name] + glyph.aliases { XCTAssertTrue(names.insert(name).inserted, name) }
    }
    XCTAssertEqual(Set(Glyphs.table.map(\.scalar)).count, Glyphs.table.count)
  }

  /// A letter may be followed by letters, so no letter's or accent's name may begin another name.
  func testNamesOfLettersBeginNoOtherName() {
    let names = Glyphs.table.filter { $0.role != .ornament }.flatMap { [$0.name] + $0.aliases }
    for glyph in Glyphs.table where glyph.role == .letter || glyph.role == .accent {
      for name in names where name != glyph.name {
        XCTAssertFalse(name.hasPrefix(glyph.name), "\(glyph.name) begins \(name)")
      }
    }
  }

  func testEverythingPrintsInASCII() {
    for glyph in Glyphs.table { XCTAssertTrue(glyph.ascii.utf8.allSatisfy { $0 < 0x80 }, glyph.name) }
  }

  func testLongestName() {
    let cases: [(String, String?, Int)] = [
      ("sigma", "σ", 5), ("deltaW", "δ", 5), ("inftyx", "∞", 5), ("inf", "∞", 3), ("in", "∈", 2), ("leq", "≤", 3),
      ("lexyz", "≤", 2), ("qq", nil, 0), ("", nil, 0), ("hat", "\u{302}", 3),
    ]
    for (letters, scalar, length) in cases {
      let found = Glyphs.longest(in: Array(letters.utf8))
      XCTAssertEqual(found?.glyph.text, scalar, letters)
      XCTAssertEqual(found?.length ?? 0, length, letters)
    }
  }

  func testCompletions() {
    XCTAssertEqual(Glyphs.completions(ofName: "sig").map(\.text), ["σ"])
    XCTAssertEqual(Glyphs.completions(ofName: "Del").map(\.text), ["Δ"])
    XCTAssertEqual(Glyphs.completions(ofName: "in").map(\.text), ["∈", "∞"])
    XCTAssertTrue(Glyphs.completions(ofName: "ldots").isEmpty)
  }

  func testASCII() {
    let cases: [(String, String)] = [
      ("plain", "plain"), ("σ(W_f · [h, x])", "\\sigma(W_f @ [h, x])"), ("∂c[t]/∂W_f", "\\partial c[t]/\\partial W_f"),
      ("h̃_t", "h~_t"), ("x\u{302}", "x\\hat"), ("δ\u{304}", "\\delta\\bar"), ("δW", "\\deltaW"),
      ("2·x² + x", "2@x^2 + x"), ("x⁻¹⁰", "x^-10"), ("h₁₂", "h_12"), ("hₜ₋₁", "h_{t-1}"), ("hₜ", "h_{t}"),
      ("Aᵀ", "A'"), ("a ≤ b ≠ c → d", "a <= b != c -> d"), ("h × x", "h \\times x"),
      ("√(x) + √y", "\\sqrt(x) + \\sqrt y"),
      ("∞", "\\infty"), ("a − b", "a - b"), ("長", "\\u{9577}"), ("𝑥", "x"), ("a\u{A0}b", "a b"), ("f′", "f\\prime"),
      ("… ✓", "... ok"),
    ]
    for (text, expected) in cases { XCTAssertEqual(Glyphs.ascii(text), expected) }
  }

  func testPiecesStandForAllBytes() {
    for text in ["σ(W₁₂·x²)", "hₜ₋₁ ← é", "\u{1F600}"] {
      XCTAssertEqual(Glyphs.asciiPieces(text).reduce(0) { $0 + $1.length }, text.utf8.count)
    }
  }

  func testLookAlikes() {
    let cases: [(Unicode.Scalar, Unicode.Scalar?)] = [
      ("−", "-"), ("⋅", "·"), ("∗", "*"), ("“", "\""), ("”", "\""), ("µ", "μ"), ("𝑥", "x"), ("𝐖", "W"), ("ℎ", "h"),
      ("𝜎", "σ"), ("𝛁", "∇"), ("𝟑", "3"), ("（", "("), ("＋", "+"), ("∆", "Δ"), ("x", nil), ("σ", nil), ("⊤", "ᵀ"),
      ("𝕏", "X"), ("𝝏", "∂"),
    ]
    for (scalar, expected) in cases { XCTAssertEqual(Scripts.lookAlike(scalar), expected, String(scalar)) }
  }
}
