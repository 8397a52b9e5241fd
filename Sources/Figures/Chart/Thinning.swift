/// Fewer points that look the same at some width.
enum Thinning {
  /// Of a line in the order of x, in every column of the width its first, lowest, highest and last point: what a pen
  /// of that width covers. `points` are places in the drawing.
  static func line(_ points: [Point]) -> [Point] {
    guard points.count > 2000 else { return points }
    var result: [Point] = []
    var start = 0
    while start < points.count {
      let column = points[start].x.rounded(.down)
      var end = start + 1
      while end < points.count, points[end].x.rounded(.down) == column { end += 1 }
      var (lowest, highest) = (start, start)
      for index in start..<end {
        if points[index].y < points[lowest].y { lowest = index }
        if points[index].y > points[highest].y { highest = index }
      }
      var last = -1
      for index in [start, lowest, highest, end - 1].sorted() where index != last {
        result.append(points[index])
        last = index
      }
      start = end
    }
    return result
  }

  /// Whether a line goes up and down so often that a broad pen would make a surface of it: more than 4000 pixels in all.
  static func isRestless(_ runs: [[Point]]) -> Bool {
    var way = 0.0
    for run in runs { for (from, to) in zip(run, run.dropFirst()) { way += abs(to.y - from.y) } }
    return way > 4000
  }

  /// Of many points one in every square of two pixels.
  static func points(_ points: [Point]) -> [Point] {
    guard points.count > 1000 else { return points }
    struct Square: Hashable {
      let x: Int
      let y: Int
    }
    var seen: Set<Square> = []
    return points.filter { seen.insert(Square(x: Int($0.x / 2), y: Int($0.y / 2))).inserted }
  }
}
