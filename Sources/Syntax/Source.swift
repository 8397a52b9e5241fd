import Typography

/// A text that was typed, pasted or read, with the name that errors give it.
public final class Source: Sendable {
  /// `prompt`, a file's name as the user gave it, `-e`, ...
  public let name: String
  public let text: String
  /// The text's UTF-8 code units: places count in these.
  public let bytes: [UInt8]
  /// The offset at which each line starts.
  private let lineStarts: [Int]

  public init(name: String, text: String) {
    self.name = name
    self.text = text
    bytes = Array(text.utf8)
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") { starts.append(offset + 1) }
    lineStarts = starts
  }

  /// The number, from 1, of the line that holds an offset.
  public func line(at offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// The offsets of a line (from 1), without its newline.
  public func bounds(ofLine line: Int) -> Range<Int> {
    let index = min(max(line, 1), lineStarts.count) - 1
    let start = lineStarts[index]
    var end = index + 1 < lineStarts.count ? lineStarts[index + 1] - 1 : bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return start..<max(start, end)
  }

  /// The text between two offsets; offsets outside are clamped.
  public func slice(_ range: Range<Int>) -> String {
    let start = min(max(range.lowerBound, 0), bytes.count)
    let end = min(max(range.upperBound, start), bytes.count)
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }
}

/// Where something stands: a range of UTF-8 offsets in a source.
public struct Place: Sendable {
  public let source: Source
  public let range: Range<Int>

  public init(_ source: Source, _ range: Range<Int>) {
    self.source = source
    self.range = range
  }

  /// The text that stands there.
  public var text: String { source.slice(range) }

  /// From the start of this place to the end of another in the same source.
  public func through(_ other: Place) -> Place {
    guard other.source === source else { return self }
    return Place(source, min(range.lowerBound, other.range.lowerBound)..<max(range.upperBound, other.range.upperBound))
  }
}
