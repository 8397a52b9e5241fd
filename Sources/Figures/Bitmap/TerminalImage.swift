/// A drawing as an image for terminals that show some: as PNG, or as sixels.
public struct TerminalImage {
  private let drawing: Drawing
  private let isInterrupted: () -> Bool

  public init(_ drawing: Drawing, isInterrupted: @escaping () -> Bool) {
    self.drawing = drawing
    self.isInterrupted = isInterrupted
  }

  /// In pixels of a screen (1/96 inch).
  public var size: (width: Double, height: Double) { (drawing.width, drawing.height) }

  /// Twice as many pixels as it is wide; nil if nothing here makes one.
  public var png: [UInt8]? { try? PictureFile.png(drawing, zoom: 2, isInterrupted: isInterrupted) }

  /// The escape that draws it, so many times as large, in so many colours; nil if nothing here makes one.
  public func sixels(zoom: Double, colors: Int) -> String? {
    guard let png = try? PictureFile.png(drawing, zoom: zoom, isInterrupted: isInterrupted),
      let bitmap = PNGReader.bitmap(png)
    else { return nil }
    return SixelWriter(bitmap: bitmap, mostColors: colors).text
  }
}
