internal import CVector

/// The processor's matrix unit, if it has one: products of Float32 as six products of bfloat16, which take less time
/// than one on vectors and are as exact (CVector's tiles.h).
///
/// A matrix in tiles lies in panels of 32 columns; in a panel 32 k follow each other as three times (the thirds) two
/// times (16 columns each) one tile. A tile's row p holds for each column the pair k = p, p + 16. What is beyond the
/// matrix is zero.
enum MatrixUnit {
  static let isAvailable: Bool = {
    #if LEVEL4 && arch(x86_64)
      cvector_enable_tiles()
    #else
      false
    #endif
  }()

  /// The k of one step, and the columns of one panel.
  static var side: Int { 32 }
  /// Numbers (of 4 bytes) in the tiles of one step of a panel.
  static var stepCount: Int { 6 * 256 }
  /// In front of a matrix in tiles stands whether all its numbers are finite.
  static var headCount: Int { 16 }

  /// Bytes of tiles that stay in the second-level cache beside the tiles of the other side that pass by.
  static var nearBytes: Int { 1 << 20 }

  /// The steps of a sum of so many k, and the panels of so many columns.
  static func steps(_ inner: Int) -> Int { (inner + side - 1) / side }

  static func count(inner: Int, outer: Int) -> Int {
    headCount + steps(inner) * steps(outer) * stepCount
  }
}
