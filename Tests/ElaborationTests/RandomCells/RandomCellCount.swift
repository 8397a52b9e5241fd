import Foundation

/// How many random cells a test tries: `CAROUSEL_RANDOM_CELLS`, or as many as a usual run has time for.
enum RandomCellCount {
  static func of(debug: UInt64, release: UInt64) -> UInt64 {
    if let count = ProcessInfo.processInfo.environment["CAROUSEL_RANDOM_CELLS"].flatMap({ UInt64($0) }) { return count }
    #if DEBUG
      return debug
    #else
      return release
    #endif
  }
}
