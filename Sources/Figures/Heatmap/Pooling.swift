/// Means over neighbours, so that a long or wide band fits: each says over how many.
struct Pooling {
  let unitsPerRow: Int
  let stepsPerColumn: Int

  init(units: Int, atMostRows mostRows: Int, steps: Int, atMostColumns mostColumns: Int) {
    unitsPerRow = max(Pooling.quotient(units, max(mostRows, 1)), 1)
    stepsPerColumn = max(Pooling.quotient(steps, max(mostColumns, 1)), 1)
  }

  static func quotient(_ count: Int, _ parts: Int) -> Int { (count + parts - 1) / parts }

  /// The rows of a band; what is no number counts not, and where nothing else is it stays.
  func rows(_ rows: [[Double]]) -> [[Double]] {
    guard unitsPerRow > 1 || stepsPerColumn > 1 else { return rows }
    return stride(from: 0, to: rows.count, by: unitsPerRow).map { first in
      let group = rows[first..<min(first + unitsPerRow, rows.count)]
      let length = group.map(\.count).max() ?? 0
      return stride(from: 0, to: length, by: stepsPerColumn).map { start in
        var (sum, count) = (0.0, 0)
        for row in group where start < row.count {
          for value in row[start..<min(start + stepsPerColumn, row.count)] where !value.isNaN {
            sum += value
            count += 1
          }
        }
        return count > 0 ? sum / Double(count) : .nan
      }
    }
  }

  /// Of a band that is pooled so.
  func rowNote(_ band: Heatmap.Band) -> String? {
    let perRow = unitsPerRow * band.unitsPerRow
    return perRow > 1 ? "each row is the mean of up to \(perRow) of \(band.units) units" : nil
  }
}
