/// A picture as data, before it is ink: what every kind of figure answers.
public protocol Picture: Sendable {
  /// What is to be seen, in a sentence or a few, for who cannot see it: alternative texts of files are made from it.
  var alternative: String { get }

  /// Lines for a terminal; none is wider than `width` columns.
  func lines(width: Int, ink: Ink) -> [String]

  /// For files: SVG, PNG, PDF and HTML are written from it.
  func drawing() -> Drawing

  /// For TikZ, which is read slowly: with fewer shapes where a drawing has thousands.
  func paperDrawing() -> Drawing
}

extension Picture {
  public func paperDrawing() -> Drawing { drawing() }
}

/// How a terminal shows colours.
public enum Ink: Sendable {
  /// Shades of block characters.
  case blocks
  /// ASCII characters from light to dark.
  case ascii
  /// Shades of block characters in the sixteen colours that every theme gives another value.
  case palette16
  case palette256
  case full
}
