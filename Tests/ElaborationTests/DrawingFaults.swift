@testable import Figures

/// What is wrong with a drawing: texts that cross something, boxes that overlap, lines through boxes. It looks at the
/// shapes alone, as an eye does, and knows nothing of how they were placed.
struct DrawingFaults {
  private(set) var list: [String] = []

  private struct Frame {
    var left: Double
    var top: Double
    var right: Double
    var bottom: Double

    func overlaps(_ other: Frame) -> Bool {
      left < other.right && other.left < right && top < other.bottom && other.top < bottom
    }

    func contains(_ other: Frame) -> Bool {
      left <= other.left && other.right <= right && top <= other.top && other.bottom <= bottom
    }
  }

  private var texts: [(text: String, frame: Frame)] = []
  private var boxes: [Frame] = []
  private var strokes: [Frame] = []

  init(_ drawing: Drawing) {
    let page = Frame(left: 0, top: 0, right: drawing.width, bottom: drawing.height)
    for shape in drawing.shapes { add(shape) }
    for (place, text) in texts.enumerated() {
      if !page.contains(text.frame) { list.append("\(text.text) leaves the page") }
      for other in texts[(place + 1)...] where text.frame.overlaps(other.frame) {
        list.append("\(text.text) overlaps \(other.text)")
      }
      for box in boxes where text.frame.overlaps(box) && !box.contains(text.frame) {
        list.append("\(text.text) crosses the edge of a box")
      }
      for stroke in strokes where text.frame.overlaps(stroke) { list.append("a line crosses \(text.text)") }
    }
    for (place, box) in boxes.enumerated() {
      for other in boxes[(place + 1)...] where box.overlaps(other) { list.append("two boxes overlap") }
      // A line may end at an edge, but not pass.
      let inside = Frame(left: box.left + 1, top: box.top + 1, right: box.right - 1, bottom: box.bottom - 1)
      for stroke in strokes where stroke.overlaps(inside) { list.append("a line passes through a box") }
    }
  }

  private mutating func add(_ shape: Drawing.Shape) {
    switch shape {
    case .rectangle(let box, _, _, let stroke):
      guard stroke != nil, box.width > 12 else { return }
      boxes.append(Frame(left: box.x, top: box.y, right: box.x + box.width, bottom: box.y + box.height))
    case .ellipse(let center, let radiusX, let radiusY, _, let stroke):
      guard stroke != nil else { return }
      boxes.append(
        Frame(
          left: center.x - radiusX, top: center.y - radiusY, right: center.x + radiusX, bottom: center.y + radiusY))
    case .path(let steps, _, _):
      var last: Point?
      for step in steps {
        switch step {
        case .move(let point): last = point
        case .line(let point), .curve(_, _, let point):
          if let last {
            strokes.append(
              Frame(
                left: min(last.x, point.x), top: min(last.y, point.y), right: max(last.x, point.x),
                bottom: max(last.y, point.y)))
          }
          last = point
        case .close: break
        }
      }
    case .text(let label):
      let width = TextExtent.width(label.text, size: label.size, isBold: label.isBold)
      let left =
        switch label.anchor {
        case .start: label.at.x
        case .middle: label.at.x - width / 2
        case .end: label.at.x - width
        }
      // Letters stand 0.72 above the line and hang 0.22 below it, of their size.
      texts.append(
        (
          label.text,
          Frame(
            left: left, top: label.at.y - 0.72 * label.size, right: left + width,
            bottom: label.at.y + 0.22 * label.size)
        ))
    }
  }
}
