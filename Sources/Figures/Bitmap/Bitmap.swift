/// A picture as pixels: rows from top to bottom, red, green and blue of each, a byte a colour.
struct Bitmap: Equatable {
  let width: Int
  let height: Int
  /// `[height, width, 3]`.
  var values: [UInt8]

  /// The most pixels: a figure on the largest of screens has fewer.
  static let largest = 1 << 25
}
