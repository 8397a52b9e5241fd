/// The name that was probably meant: the nearest of some by edits (a letter added, left out, changed, or two
/// exchanged), if it is near enough for its length.
public func nearest(to name: String, in names: [String]) -> String? {
  let typed = Array(name.unicodeScalars)
  let near = names.map { (name: $0, distance: edits(typed, Array($0.unicodeScalars))) }
  guard let best = near.min(by: { $0.distance < $1.distance }) else { return nil }
  return best.distance <= max(1, typed.count / 3) ? best.name : nil
}

private func edits(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
  guard left.count <= 64, right.count <= 64 else { return .max }
  var beforeLast: [Int] = []
  var last = Array(0...right.count)
  for (i, a) in left.enumerated() {
    var row = [i + 1]
    for (j, b) in right.enumerated() {
      var cost = min(last[j] + (a == b ? 0 : 1), last[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, a == right[j - 1], left[i - 1] == b { cost = min(cost, beforeLast[j - 1] + 1) }
      row.append(cost)
    }
    (beforeLast, last) = (last, row)
  }
  return last[right.count]
}
