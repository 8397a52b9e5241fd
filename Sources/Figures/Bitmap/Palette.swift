/// The few colours that a bitmap is shown in.
///
/// All colours begin as one box, and the box with the greatest sum of squared deviations is cut at the mean of the
/// colour (red, green or blue) that varies most, until there are as many boxes as colours may be: Heckbert's cut of
/// 1982, with the variance in place of the extent (Wan, Wong and Prusinkiewicz 1988). Colours are counted by their
/// upper five bits.
struct Palette {
  /// Red, green, blue of each.
  private(set) var colors: [[Double]] = []
  /// Which stands for a colour, by its upper five bits.
  private var places = [Int](repeating: 0, count: 1 << 15)

  init(_ bitmap: Bitmap, atMost most: Int) {
    var boxes = [Box(Self.cells(bitmap))]
    while boxes.count < max(most, 1), let widest = boxes.indices.max(by: { boxes[$0].error < boxes[$1].error }),
      let (low, high) = boxes[widest].cut()
    {
      boxes[widest] = low
      boxes.append(high)
    }
    for (place, box) in boxes.enumerated() {
      colors.append(box.mean)
      for cell in box.cells { places[cell.key] = place }
    }
  }

  func place(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Int { places[Self.key(red, green, blue)] }

  private static func key(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Int {
    Int(red >> 3) << 10 | Int(green >> 3) << 5 | Int(blue >> 3)
  }

  /// Colours with the same upper bits.
  private struct Cell {
    var key: Int
    var count = 0.0
    var sum: [Double] = [0, 0, 0]

    func mean(_ color: Int) -> Double { sum[color] / count }
  }

  private static func cells(_ bitmap: Bitmap) -> [Cell] {
    var counts = [Int](repeating: 0, count: 1 << 15)
    var sums = [Int](repeating: 0, count: 3 << 15)
    for pixel in stride(from: 0, to: bitmap.values.count - 2, by: 3) {
      let key = key(bitmap.values[pixel], bitmap.values[pixel + 1], bitmap.values[pixel + 2])
      counts[key] += 1
      for color in 0..<3 { sums[3 * key + color] += Int(bitmap.values[pixel + color]) }
    }
    return counts.indices.filter { counts[$0] > 0 }.map { key in
      Cell(key: key, count: Double(counts[key]), sum: (0..<3).map { Double(sums[3 * key + $0]) })
    }
  }

  private struct Box {
    let cells: [Cell]
    let mean: [Double]
    /// Σ (cell - mean)² of each colour, and of all.
    private let errors: [Double]
    var error: Double { errors.reduce(0, +) }

    init(_ cells: [Cell]) {
      self.cells = cells
      let count = max(cells.reduce(0) { $0 + $1.count }, 1)
      let mean = (0..<3).map { color in cells.reduce(0) { $0 + $1.sum[color] } / count }
      self.mean = mean
      errors = (0..<3).map { color in
        cells.reduce(0) { $0 + $1.count * ($1.mean(color) - mean[color]) * ($1.mean(color) - mean[color]) }
      }
    }

    /// Two boxes, neither empty; nil if all colours are one.
    func cut() -> (Box, Box)? {
      guard let color = (0..<3).max(by: { errors[$0] < errors[$1] }), errors[color] > 0 else { return nil }
      let low = cells.filter { $0.mean(color) <= mean[color] }
      let high = cells.filter { $0.mean(color) > mean[color] }
      return low.isEmpty || high.isEmpty ? nil : (Box(low), Box(high))
    }
  }
}
