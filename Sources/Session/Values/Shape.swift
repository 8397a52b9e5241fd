/// The sizes of a tensor, outer first: `[width]`, `[rows, columns]` or `[time, width]`, `[time, batch, width]`.
struct Shape: Equatable, Sendable {
  /// The most numbers that one tensor may hold: 2^25, a quarter of a gigabyte.
  static let bound = 1 << 25
  /// As many bytes of what a net in single precision answers.
  static let singleBound = 1 << 26

  /// 1, 2 or 3.
  let rank: Int
  /// The number of numbers.
  let count: Int
  private let first: Int, second: Int, third: Int

  init(_ sizes: [Int], isSingle: Bool = false) throws(ValueProblem) {
    guard (1...3).contains(sizes.count) else { throw .rank(sizes.count) }
    var total = 1
    for size in sizes {
      let (product, overflows) = total.multipliedReportingOverflow(by: max(size, 1))
      guard size >= 0, !overflows, product <= (isSingle ? Shape.singleBound : Shape.bound) else {
        throw .tooLarge(sizes)
      }
      total = product
    }
    try TensorBudget.require(total)
    rank = sizes.count
    first = sizes[0]
    second = sizes.count > 1 ? sizes[1] : 1
    third = sizes.count > 2 ? sizes[2] : 1
    count = sizes.contains(0) ? 0 : total
  }

  /// A vector as long as an array that exists.
  init(vector length: Int) {
    rank = 1
    count = length
    first = length
    second = 1
    third = 1
  }

  /// The size along an axis, counted from 0; 1 beyond the rank.
  subscript(axis: Int) -> Int {
    switch axis {
    case 0: first
    case 1: second
    case 2: third
    default: 1
    }
  }

  var sizes: [Int] { Array([first, second, third].prefix(rank)) }

  /// `3`, `3 × 4`, `32 × 10 × 2`.
  var text: String { sizes.map(String.init).joined(separator: " × ") }

  /// `a vector of 3`, `3 × 4`.
  var description: String { rank == 1 ? "a vector of \(first)" : text }

  static func == (left: Shape, right: Shape) -> Bool {
    left.rank == right.rank && left.first == right.first && left.second == right.second && left.third == right.third
  }
}
