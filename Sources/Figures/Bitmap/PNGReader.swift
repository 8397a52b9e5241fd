import CZlib

/// Reads PNG as rsvg-convert writes it: eight bits a colour, with or without opacity, not interlaced; what is
/// transparent lies on white. Anything else is no bitmap: nil. (Portable Network Graphics, W3C 2003.)
enum PNGReader {
  static func bitmap(_ bytes: [UInt8]) -> Bitmap? {
    guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) else { return nil }
    var header: Header?
    var packed: [UInt8] = []
    var at = 8
    // A piece: four bytes of length, four of kind, what it holds, four of a sum.
    while let length = number(bytes, at), length <= bytes.count - at - 12 {
      let kind = bytes[at + 4..<at + 8]
      let body = bytes[at + 8..<at + 8 + length]
      if kind.elementsEqual("IHDR".utf8) { header = Header(Array(body)) }
      if kind.elementsEqual("IDAT".utf8) { packed += body }
      at += length + 12
    }
    guard let header, let lines = unpacked(packed, count: header.height * (header.width * header.colors + 1)) else {
      return nil
    }
    return pixels(lines, header)
  }

  private struct Header {
    let width: Int
    let height: Int
    /// 3, or 4 with opacity.
    let colors: Int

    init?(_ bytes: [UInt8]) {
      guard bytes.count == 13, let width = number(bytes, 0), let height = number(bytes, 4),
        width > 0, height > 0, width <= Bitmap.largest / height,
        let colors = [2: 3, 6: 4][bytes[9]], bytes[8] == 8, bytes[12] == 0
      else { return nil }
      (self.width, self.height, self.colors) = (width, height, colors)
    }
  }

  private static func number(_ bytes: [UInt8], _ at: Int) -> Int? {
    guard at >= 0, at <= bytes.count - 4 else { return nil }
    return bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
  }

  private static func unpacked(_ bytes: [UInt8], count: Int) -> [UInt8]? {
    var result = [UInt8](repeating: 0, count: count)
    var written = uLongf(count)
    let status = bytes.withUnsafeBufferPointer { source in
      result.withUnsafeMutableBufferPointer { target in
        uncompress(target.baseAddress, &written, source.baseAddress, uLong(source.count))
      }
    }
    return status == Z_OK && Int(written) == count ? result : nil
  }

  /// Every line begins with the number of its filter; a byte stands for what it is beyond a guess from the byte before
  /// it, above it and before that, in the same colour.
  private static func pixels(_ lines: [UInt8], _ header: Header) -> Bitmap? {
    let (colors, stride) = (header.colors, header.width * header.colors)
    var above = [UInt8](repeating: 0, count: stride)
    var values: [UInt8] = []
    values.reserveCapacity(header.width * header.height * 3)
    for row in 0..<header.height {
      let start = row * (stride + 1)
      guard lines[start] <= 4 else { return nil }
      var line = Array(lines[start + 1..<start + 1 + stride])
      for index in 0..<stride where lines[start] != 0 {
        let left = index >= colors ? line[index - colors] : 0
        let guess: UInt8 =
          switch lines[start] {
          case 1: left
          case 2: above[index]
          case 3: UInt8((Int(left) + Int(above[index])) / 2)
          default: nearest(left, above[index], index >= colors ? above[index - colors] : 0)
          }
        line[index] &+= guess
      }
      for pixel in Swift.stride(from: 0, to: stride, by: colors) {
        let opacity = colors == 4 ? Int(line[pixel + 3]) : 255
        for color in 0..<3 {
          values.append(UInt8((Int(line[pixel + color]) * opacity + 255 * (255 - opacity) + 127) / 255))
        }
      }
      above = line
    }
    return Bitmap(width: header.width, height: header.height, values: values)
  }

  /// Paeth's guess: the one of the three that is nearest to left + above - corner.
  private static func nearest(_ left: UInt8, _ above: UInt8, _ corner: UInt8) -> UInt8 {
    let middle = Int(left) + Int(above) - Int(corner)
    let (a, b, c) = (abs(middle - Int(left)), abs(middle - Int(above)), abs(middle - Int(corner)))
    return a <= b && a <= c ? left : b <= c ? above : corner
  }
}
