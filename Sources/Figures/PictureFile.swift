/// A picture as a file: the ending of its name says how.
public enum PictureFile: String, CaseIterable, Sendable {
  case svg, png, pdf, html, tex

  /// The format that a path asks for; nil if its ending is none of these.
  public init?(path: String) {
    guard let point = path.lastIndex(of: ".") else { return nil }
    self.init(rawValue: path[path.index(after: point)...].lowercased())
  }

  /// The bytes of the file.
  public func bytes(
    of picture: some Picture, isInterrupted: () -> Bool = { false }
  ) throws(ExternalProgram.Failure) -> [UInt8] {
    let drawing = picture.drawing()
    switch self {
    case .svg: return Array(SVGWriter(drawing: drawing, use: .file).text.utf8)
    case .tex: return Array(TikZWriter(drawing: picture.paperDrawing()).text.utf8)
    case .html: return Array(page(drawing).utf8)
    case .png: return try Self.png(drawing, zoom: 2, isInterrupted: isInterrupted)
    case .pdf: return try Self.convert(drawing, ["--format=pdf"], isInterrupted)
    }
  }

  /// - Parameter zoom: pixels of the image for a pixel of the drawing.
  static func png(
    _ drawing: Drawing, zoom: Double, isInterrupted: () -> Bool
  ) throws(ExternalProgram.Failure) -> [UInt8] {
    try convert(drawing, ["--format=png", "--zoom=\(Markup.number(zoom))"], isInterrupted)
  }

  private static func convert(
    _ drawing: Drawing, _ arguments: [String], _ isInterrupted: () -> Bool
  ) throws(ExternalProgram.Failure) -> [UInt8] {
    let text = SVGWriter(drawing: drawing, use: .file).text
    return try ExternalProgram.svgConverter.run(arguments, input: Array(text.utf8), isInterrupted: isInterrupted)
  }

  /// A document of one figure.
  private func page(_ drawing: Drawing) -> String {
    var document = Handout(title: drawing.title)
    document.blocks = [.figure(drawing, lines: [])]
    return HTMLHandout().text(document)
  }
}
