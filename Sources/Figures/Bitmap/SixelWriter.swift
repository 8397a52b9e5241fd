/// A bitmap as sixels, which terminals in the line of DEC's VT340 draw (VT330/VT340 Programmer Reference, volume 2,
/// chapter 14).
///
/// A picture is bands of six rows. In a band each colour draws its own pixels from left to right, a character for six
/// pixels one below the other, and goes back to the left for the next; a row of one character is written once, with
/// its count.
struct SixelWriter {
  let bitmap: Bitmap
  /// How many colours the terminal keeps at once.
  let mostColors: Int

  private static let most = 256

  var text: String {
    let palette = Palette(bitmap, atMost: min(max(mostColors, 2), Self.most))
    let places = places(palette)
    var bytes = Array("\u{1B}P0;1;0q\"1;1;\(bitmap.width);\(bitmap.height)".utf8)
    for (number, color) in palette.colors.enumerated() {
      let shares = color.map { String(Int(($0 / 255 * 100).rounded())) }
      bytes += "#\(number);2;\(shares.joined(separator: ";"))".utf8
    }
    var bits = [UInt8](repeating: 0, count: bitmap.width)
    for top in stride(from: 0, to: bitmap.height, by: 6) {
      let rows = top..<min(top + 6, bitmap.height)
      let band = places[rows.lowerBound * bitmap.width..<rows.upperBound * bitmap.width]
      var isFirst = true
      for color in Set(band).sorted() {
        for column in bits.indices { bits[column] = 0 }
        for row in rows {
          for column in 0..<bitmap.width where places[row * bitmap.width + column] == color {
            bits[column] |= 1 << UInt8(row - top)
          }
        }
        if !isFirst { bytes.append(UInt8(ascii: "$")) }
        isFirst = false
        bytes += "#\(color)".utf8
        Self.append(bits, to: &bytes)
      }
      bytes.append(UInt8(ascii: "-"))
    }
    return String(decoding: bytes + "\u{1B}\\".utf8, as: UTF8.self)
  }

  private func places(_ palette: Palette) -> [UInt8] {
    stride(from: 0, to: bitmap.values.count - 2, by: 3).map { pixel in
      UInt8(palette.place(bitmap.values[pixel], bitmap.values[pixel + 1], bitmap.values[pixel + 2]))
    }
  }

  /// Six bits are a character from `?` on; four and more of one are `!`, how many, and it. Nothing at the end of a row
  /// needs no character.
  private static func append(_ bits: [UInt8], to bytes: inout [UInt8]) {
    let end = bits.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
    var start = 0
    while start < end {
      var next = start + 1
      while next < end, bits[next] == bits[start] { next += 1 }
      let character = UInt8(ascii: "?") + bits[start]
      if next - start > 3 {
        bytes += "!\(next - start)".utf8
        bytes.append(character)
      } else {
        bytes += [UInt8](repeating: character, count: next - start)
      }
      start = next
    }
  }
}
