import XCTest

@testable import Formats

final class TableTests: XCTestCase {
  private func read(_ text: String, ending: String = "csv") throws -> Table {
    guard case .table(let table) = try FileReader.content(Array(text.utf8), ending: ending) else {
      throw FormatError.noRows
    }
    return table
  }

  /// A table as one line: `name=1 2 3|name="a" "b"`.
  private func shown(_ table: Table) -> String {
    table.columns.map { column in
      let name = table.hasHeader ? column.name : "(\(column.name))"
      switch column.values {
      case .numbers(let numbers): return "\(name)=" + numbers.map(NumberText.format).joined(separator: " ")
      case .texts(let texts): return "\(name)=" + texts.map { "\"\($0)\"" }.joined(separator: " ")
      }
    }.joined(separator: "|")
  }

  func testTables() throws {
    let cases: [(String, String)] = [
      ("a,b\n1,2\n3,4\n", "a=1 3|b=2 4"),
      ("a,b\r\n1,2\r\n3,4", "a=1 3|b=2 4"),
      ("a,b\r1,2\r3,4\r", "a=1 3|b=2 4"),
      ("\u{feff}a,b\n1,2\n", "a=1|b=2"),
      ("1,2\n3,4\n", "(column1)=1 3|(column2)=2 4"),
      ("\"YEAR\",\"SUNACTIVITY\"\n1700,5\n", "YEAR=1700|SUNACTIVITY=5"),
      ("a;b\n1;2\n", "a=1|b=2"),
      ("a;b\n1,5;2\n-3,25e2;4\n", "a=1.5 -325|b=2 4"),
      ("a\tb c\n1\t2\n", "a=1|b c=2"),
      ("a b\n1 2\n3   4\n", "a=1 3|b=2 4"),
      ("x\n1\n2\n", "x=1 2"),
      ("x\n1\n\n2\n\n\n", "x=1 nan 2"),
      ("a,b\n\n1,2\n\n", "a=1|b=2"),
      ("# made by hand\n# twice\na,b\n1,2\n", "a=1|b=2"),
      (
        "city,note\n\"Bern, CH\",\"he said \"\"no\"\"\"\nUlm,\"two\nlines\"\n",
        "city=\"Bern, CH\" \"Ulm\"|note=\"he said \"no\"\" \"two\nlines\""
      ),
      ("n,x\nA,1\nB,2\n", "n=\"A\" \"B\"|x=1 2"),
      ("A,1\nB,2\n", "(column1)=\"A\" \"B\"|(column2)=1 2"),
      (",x\n0,5\n", "column1=0|x=5"),
      ("a, b \n 1 , \"2\" \n", "a=1|b=2"),
      ("a,b\n1,\n,2\n", "a=1 nan|b=nan 2"),
      ("a\nNA\n3\nn/a\n", "a=nan 3 nan"),
      ("a,b\n", "a=|b="),
      ("a,t\n1,2020-01-01\n", "a=1|t=\"2020-01-01\""),
      ("+1,-.5\n1.,1E+05\n1e-3,-inf\n", "(column1)=1 1 0.001|(column2)=-0.5 100000 -inf"),
      ("0x10,1_000\n", "0x10=|1_000="),
    ]
    for (text, expected) in cases { XCTAssertEqual(shown(try read(text)), expected, text) }
  }

  func testErrorsSayTheLine() {
    let cases: [(String, String)] = [
      ("", "there is no table in it"),
      ("\n\n", "there is no table in it"),
      ("a,b\n1,2\n3\n", "line 3 has 1 cell, the lines before have 2"),
      ("a,b\n1,2\n\n3,4,5\n", "line 4 has 3 cells, the lines before have 2"),
      ("a,b\n\"1\n\n2\",3\n4\n", "line 5 has 1 cell, the lines before have 2"),
      ("a,b\n1,\"2\n3,4\n", "the quote that opens in line 2 is never closed"),
      ("a,b\n\"1\"x,2\n", "line 2 goes on after a closing quote"),
    ]
    for (text, message) in cases {
      XCTAssertThrowsError(try read(text), text) { XCTAssertEqual(($0 as? FormatError)?.message, message) }
    }
    for (bytes, message) in [
      ([0x61, 0x0a, 0xe9, 0x0a], "line 2 is not UTF-8 text (byte 0xe9)"),
      ([0xff, 0xfe, 0x61, 0], "this is UTF-16 text"),
    ] as [([UInt8], String)] {
      for ending in ["csv", "dat", "txt"] {
        XCTAssertThrowsError(try FileReader.content(bytes, ending: ending)) {
          XCTAssertEqual(($0 as? FormatError)?.message, message)
        }
      }
    }
  }

  func testNotesSayWhatWasChanged() throws {
    let table = try read("a,b,c\n1,,x\n2,NA,4\n3,5,6\n,7,8\n")
    XCTAssertEqual(
      table.notes.map(\.message),
      [
        "a has 1 cell without a number, read as NaN (first in line 5)",
        "b has 2 cells without a number, read as NaN (first in line 2)",
        "c is read as text: \"x\" in line 2 is no number",
      ])
    XCTAssertEqual(try read("a;b\n1,5;2\n").notes, [.decimalCommas])
    XCTAssertEqual(try read("a,b\n1,nan\n").notes, [])
  }

  func testBlankSeparated() throws {
    let text = """
                 MONTHLY MEANS, PRELIMINARY
      ====================================
      Year    Jan   Feb
      ------------------------------------
      1749    58.0  62.6
      1750    73.3  -

      1751    70.0
      ------------------------------------
      None were taken in 1824.
      Sorry.
      """
    let table = try read(text, ending: "dat")
    XCTAssertEqual(shown(table), "Year=1749 1750 1751|Jan=58 73.3 70|Feb=62.6 nan nan")
    XCTAssertEqual(
      table.notes.map(\.message),
      [
        "line 8, the last row, lacks 1 number, read as NaN",
        "1 line above and 2 lines below the numbers left out",
        "Feb has 2 cells without a number, read as NaN (first in line 6)",
      ])
    XCTAssertEqual(shown(try read("1 2\n3 4\n", ending: "dat")), "(column1)=1 3|(column2)=2 4")
    XCTAssertEqual(shown(try read("# x y\n1 2\n", ending: "dat")), "x=1|y=2")
    XCTAssertEqual(shown(try read("1\n\n2\n", ending: "dat")), "(column1)=1 2")
    XCTAssertEqual(shown(try read("a,b\n1,2\n", ending: "dat")), "a=1|b=2")
    XCTAssertEqual(shown(try read("a\tb\n\t2\n", ending: "dat")), "a=nan|b=2")
    for (text, message) in [
      ("1 2\n3\n4 5\n", "line 2 has 1 cell, the lines before have 2"),
      ("1 2\n3 4\n5 6 7\n", "line 3 has 3 cells, the lines before have 2"),
      ("1 2\nand then\n4 5\n", "\"and then\" in line 2 stands among the rows of numbers"),
      ("1 2\n3\n4\n", "line 3 has 1 cell, the lines before have 2"),
    ] {
      XCTAssertThrowsError(try read(text, ending: "dat"), text) {
        XCTAssertEqual(($0 as? FormatError)?.message, message)
      }
    }
  }

  func testKeysOfColumns() throws {
    let cases: [(String, String)] = [
      ("SUNACTIVITY", "SUNACTIVITY"), ("Sun spots (mean)", "Sun_spots_mean"), ("2008", "column2008"), ("h₁", "h_1"),
      ("h₁₂", "h_12"), ("größe", "größe"), ("%", "column"), ("_x_", "x"), ("a__b", "a__b"), ("σ(z)", "σ_z"),
      ("f′", "f′"), ("h̃", "h̃"), ("x-y", "x_y"), ("温度", "温度"), ("x²", "x"),
    ]
    for (name, key) in cases { XCTAssertEqual(ColumnKeys.cleaned(name), key) }
    XCTAssertEqual(ColumnKeys.keys(for: ["a b", "a_b", "a b", "a-b"]), ["a_b_2", "a_b", "a_b_3", "a_b_4"])
    XCTAssertEqual(ColumnKeys.keys(for: ["a", "a", "a"]), ["a", "a_2", "a_3"])
    let table = try read("day of year,x\n1,2\n")
    XCTAssertEqual(table.column(named: "day_of_year"), table.column(named: "day of year"))
    XCTAssertNil(table.column(named: "y"))
  }

  func testMatrix() throws {
    XCTAssertEqual(try read("1,2\n3,4\n5,6\n").matrix, NumericArray(shape: [3, 2], values: [1, 2, 3, 4, 5, 6]))
    XCTAssertNil(try read("a,b\n1,x\n").matrix)
  }

  func testWrittenTablesComeBack() throws {
    let texts = ["plain", "with, comma", "a \"quote\"", "two\nlines", " edge ", "# no comment", "tab\there", "σ"]
    let numbers = [0.1, -1e-300, 1e300, 5, .infinity, 1.0 / 3, -0.0, 123_456_789.5]
    let table = Table(columns: [
      Column(name: "text; of all kinds", values: .texts(texts)), Column(name: "n", values: .numbers(numbers)),
    ])
    for ending in ["csv", "tsv"] {
      let bytes = try FileWriter.bytes(of: .table(table), ending: ending)
      let back = try read(String(decoding: bytes, as: UTF8.self), ending: ending)
      XCTAssertEqual(back.columns[1].values, .numbers(numbers))
      guard case .texts(let read) = back.columns[0].values else { return XCTFail("no texts") }
      XCTAssertEqual(
        read.map { $0.trimmingCharacters(in: .whitespaces) }, texts.map { $0.trimmingCharacters(in: .whitespaces) })
    }
    let matrix = NumericArray(shape: [2, 2], values: [1, 2.5, -3, 4e20])
    for ending in ["csv", "tsv", "dat"] {
      let bytes = try FileWriter.bytes(of: .array(matrix), ending: ending)
      XCTAssertEqual(try read(String(decoding: bytes, as: UTF8.self), ending: ending).matrix?.values, matrix.values)
    }
    XCTAssertEqual(
      try FileWriter.bytes(of: .table(try read("a b,c\n1,2\n")), ending: "dat"), Array("# a_b c\n1 2\n".utf8))
  }

  /// The fast path and the library agree on every bit.
  func testNumbersAreTheNearest() throws {
    var random = SplitMix(seed: 11)
    for _ in 0..<20_000 {
      let digits = (0..<Int.random(in: 1...21, using: &random)).map { _ in Int.random(in: 0...9, using: &random) }
      var text = digits.map(String.init).joined()
      let point = text.index(text.startIndex, offsetBy: Int.random(in: 0...text.count, using: &random))
      text.insert(".", at: point)
      if Bool.random(using: &random) { text += "e\(Int.random(in: -40...40, using: &random))" }
      if Bool.random(using: &random) { text = "-" + text }
      let bytes = Array(text.utf8)
      XCTAssertEqual(NumberText.parse(bytes, 0..<bytes.count)?.bitPattern, strtod(text, nil).bitPattern, text)
    }
    for text in ["", "-", "+", ".", "e5", "1e", "1e+", "1.2.3", "0x1", "1f", "--1", "infinit", "nano", "1 2", "١"] {
      XCTAssertNil(NumberText.parse(Array(text.utf8), 0..<text.utf8.count), text)
    }
    for (text, value) in [("1e999", Double.infinity), ("-1e-999", -0.0), ("1e99999999999999999999", .infinity)] {
      XCTAssertEqual(NumberText.parse(Array(text.utf8), 0..<text.utf8.count), value, text)
    }
  }
}

/// Random numbers that are the same in every run.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
