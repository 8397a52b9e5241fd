import Session
import Syntax
import Typography

/// A diagnostic as lines: `error: ...`, the line with a caret below, the hint; in colours if there are any.
///
/// `isLocated` puts `file:line:column: ` before the message, as a script's errors have it.
func errorLines(_ diagnostic: Diagnostic, color: Session.ColorDepth, isLocated: Bool = false) -> [String] {
  var lines: [String] = []
  var head = Style.error.apply(to: "\(diagnostic.severity.rawValue):", color) + " " + diagnostic.message
  if isLocated, let place = diagnostic.place { head = location(of: place) + head }
  lines.append(head)
  if let place = diagnostic.place { lines += excerpt(place, color) }
  for mark in diagnostic.marks {
    lines.append("note: \(mark.label)")
    lines += excerpt(mark.place, color)
  }
  if let hint = diagnostic.hint { lines.append(Style.hint.apply(to: "hint:", color) + " " + hint) }
  return lines
}

private func location(of place: Place) -> String {
  let line = place.source.line(at: place.range.lowerBound)
  let start = place.source.bounds(ofLine: line).lowerBound
  let column = place.source.slice(start..<place.range.lowerBound).count + 1
  return "\(place.source.name):\(line):\(column): "
}

private func excerpt(_ place: Place, _ color: Session.ColorDepth) -> [String] {
  let number = place.source.line(at: place.range.lowerBound)
  let bounds = place.source.bounds(ofLine: number)
  let start = min(max(place.range.lowerBound, bounds.lowerBound), bounds.upperBound)
  let end = min(max(place.range.upperBound, start), bounds.upperBound)
  let before = place.source.slice(bounds.lowerBound..<start)
  let carets = max(1, place.source.slice(start..<end).displayWidth)
  let margin = String(repeating: " ", count: "\(number)".count)
  let blanks = String(repeating: " ", count: before.displayWidth)
  return [
    "  \(number) | \(place.source.slice(bounds))",
    "  \(margin) | \(blanks)" + Style.caret.apply(to: String(repeating: "^", count: carets), color),
  ]
}
