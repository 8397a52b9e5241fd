import CZlib
import XCTest

@testable import Figures

/// Pixels: read from PNG, written as sixels and read again.
final class BitmapTests: XCTestCase {
  // MARK: Sixels

  func testSixelsAreThePicture() throws {
    // Colours that sixels, in hundredths, write exactly.
    var generator = Generator(state: 11)
    for (width, height) in [(1, 1), (7, 6), (5, 13), (300, 20), (33, 61)] {
      var values: [UInt8] = []
      for pixel in 0..<width * height {
        // Rows of one colour, and dots.
        let isDot = Int.random(in: 0..<4, using: &generator) == 0
        let (x, y) = (pixel % width, pixel / width)
        values += [UInt8(y % 3 * 51), UInt8(isDot ? 204 : 51), UInt8(x / 40 % 2 * 255)]
      }
      let bitmap = Bitmap(width: width, height: height, values: values)
      XCTAssertEqual(try SixelReader.bitmap(SixelWriter(bitmap: bitmap, mostColors: 256).text), bitmap)
    }
  }

  func testRepeatedPixelsAreCounted() {
    let bitmap = Bitmap(width: 100, height: 6, values: [UInt8](repeating: 255, count: 1800))
    XCTAssertEqual(
      SixelWriter(bitmap: bitmap, mostColors: 16).text,
      "\u{1B}P0;1;0q\"1;1;100;6#0;2;100;100;100#0!100~-\u{1B}\\")
  }

  func testFewColoursAreNear() throws {
    let (width, height) = (96, 64)
    let values = (0..<width * height).flatMap { pixel -> [UInt8] in
      [UInt8(pixel % width * 2), UInt8(pixel / width * 4), UInt8(pixel % 3 * 20)]
    }
    let bitmap = Bitmap(width: width, height: height, values: values)
    // Root mean square distance by how many colours there may be, obtained from this program, rounded up.
    for (most, distance) in [(256, 6.1), (64, 10.8), (16, 20.0), (2, 60.0)] {
      let text = SixelWriter(bitmap: bitmap, mostColors: most).text
      XCTAssertEqual(text.matches(of: /#\d+;2;/).count, most)
      let shown = try SixelReader.bitmap(text)
      let sum = zip(shown.values, values).reduce(0.0) { $0 + pow(Double($1.0) - Double($1.1), 2) }
      let found = (sum / Double(values.count)).squareRoot()
      XCTAssertLessThan(found, distance, "\(most)")
      XCTAssertGreaterThan(found, distance / 2, "\(most)")
    }
  }

  // MARK: PNG

  /// A PNG by its parts, every line with the filter named.
  private func png(_ lines: [[UInt8]], colors: Int, width: Int, filters: [UInt8]) -> [UInt8] {
    var filtered: [UInt8] = []
    for (number, line) in lines.enumerated() {
      let filter = filters[number % filters.count]
      let above = number > 0 ? lines[number - 1] : [UInt8](repeating: 0, count: line.count)
      filtered.append(filter)
      for index in line.indices {
        let left = index >= colors ? Int(line[index - colors]) : 0
        let corner = index >= colors ? Int(above[index - colors]) : 0
        let up = Int(above[index])
        let middle = left + up - corner
        let paeth = [left, up, corner].min { abs(middle - $0) < abs(middle - $1) } ?? 0
        let guess = [0, left, up, (left + up) / 2, paeth][Int(filter)]
        filtered.append(line[index] &- UInt8(guess))
      }
    }
    var packed = [UInt8](repeating: 0, count: filtered.count + 1000)
    var count = uLongf(packed.count)
    XCTAssertEqual(compress(&packed, &count, filtered, uLong(filtered.count)), Z_OK)
    func number(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (24 - 8 * $0) & 255) } }
    func piece(_ kind: String, _ body: [UInt8]) -> [UInt8] { number(body.count) + kind.utf8 + body + [0, 0, 0, 0] }
    let half = Int(count) / 2
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + piece("IHDR", number(width) + number(lines.count) + [8, colors == 4 ? 6 : 2, 0, 0, 0])
      + piece("tEXt", Array("a\u{0}b".utf8)) + piece("IDAT", Array(packed[..<half]))
      + piece("IDAT", Array(packed[half..<Int(count)])) + piece("IEND", [])
  }

  func testEveryFilterIsUndone() {
    var generator = Generator(state: 3)
    for colors in [3, 4] {
      let lines = (0..<11).map { _ in (0..<7 * colors).map { _ in UInt8.random(in: 0...255, using: &generator) } }
      let bitmap = PNGReader.bitmap(png(lines, colors: colors, width: 7, filters: [1, 2, 3, 4, 0, 4, 3]))
      let expected = lines.joined().enumerated().compactMap { index, value -> UInt8? in
        guard colors == 4 else { return value }
        guard index % 4 < 3 else { return nil }
        let opacity = Double(Array(lines.joined())[index / 4 * 4 + 3]) / 255
        return UInt8((Double(value) * opacity + 255 * (1 - opacity)).rounded())
      }
      XCTAssertEqual(bitmap, Bitmap(width: 7, height: 11, values: expected))
    }
  }

  func testWhatIsNoPictureIsNone() {
    let line = [UInt8](repeating: 9, count: 12)
    let good = png([line, line], colors: 3, width: 4, filters: [0])
    XCTAssertNotNil(PNGReader.bitmap(good))
    for count in 0..<good.count - 12 { XCTAssertNil(PNGReader.bitmap(Array(good[..<count])), "\(count)") }
    var generator = Generator(state: 8)
    for _ in 0..<2000 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      if let bitmap = PNGReader.bitmap(bytes) { XCTAssertEqual(bitmap.values.count, bitmap.width * bitmap.height * 3) }
    }
  }

  func testAFigureAsSixels() throws {
    let chart = Heatmap(title: "f", bands: [.init(title: "f", rows: [[0, 0.25, 0.5, 1]])])
    let drawing = chart.drawing()
    guard let text = TerminalImage(drawing, isInterrupted: { false }).sixels(zoom: 1, colors: 256) else {
      throw XCTSkip("no rsvg-convert")
    }
    let shown = try SixelReader.bitmap(text)
    XCTAssertEqual(shown.width, Int(drawing.width.rounded(.up)))
    XCTAssertEqual(shown.height, Int(drawing.height.rounded(.up)))
    // The cells' colours are there, each over a large part.
    for level in [0.0, 0.25, 0.5, 1] {
      let color = Theme.scale(level)
      let near = stride(from: 0, to: shown.values.count, by: 3).filter { pixel in
        zip(shown.values[pixel..<pixel + 3], [color.red, color.green, color.blue]).allSatisfy {
          abs(Int($0) - Int($1)) <= 4
        }
      }
      XCTAssertGreaterThan(near.count, 300, "\(level)")
    }
  }
}

/// Draws sixels as a terminal does.
private enum SixelReader {
  struct NoSixels: Error {}

  static func bitmap(_ text: String) throws -> Bitmap {
    guard let parts = text.wholeMatch(of: /\x1BP0;1;0q"1;1;(\d+);(\d+)([^\x1B]*)\x1B\\/),
      let width = Int(parts.output.1),
      let height = Int(parts.output.2)
    else { throw NoSixels() }
    var values = [UInt8](repeating: 7, count: width * height * 3)
    var colors: [Int: [UInt8]] = [:]
    var (color, column, top) = ([UInt8](), 0, 0)
    for command in parts.output.3.matches(of: /#(\d+)(?:;2;(\d+);(\d+);(\d+))?|(?:!(\d+))?([?-~])|[$\-]/) {
      let (whole, number, red, green, blue, count, character) = command.output
      if let number = number.flatMap({ Int($0) }) {
        let shares = [red, green, blue].compactMap { $0.flatMap { Double($0) } }
        if shares.count == 3 { colors[number] = shares.map { UInt8(($0 / 100 * 255).rounded()) } }
        guard let known = colors[number] else { throw NoSixels() }
        color = known
      } else if let bits = character?.utf8.first.map({ $0 - 63 }) {
        for _ in 0..<(count.flatMap { Int($0) } ?? 1) {
          for row in 0..<6 where bits >> UInt8(row) & 1 == 1 {
            guard column < width, top + row < height else { throw NoSixels() }
            values.replaceSubrange(
              (((top + row) * width + column) * 3)..<(((top + row) * width + column) * 3 + 3), with: color)
          }
          column += 1
        }
      } else {
        column = 0
        if whole == "-" { top += 6 }
      }
    }
    return Bitmap(width: width, height: height, values: values)
  }
}
