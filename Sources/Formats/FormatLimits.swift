/// How much is read, so that no file, broken or hostile, can take the machine's memory. Errors say the bound.
public struct FormatLimits {
  /// The size of a file, and of all that an archive unpacks to.
  public var bytes = 1 << 30
  /// The numbers of an array, or the cells of a table: 1 GiB of `Double`.
  public var numbers = 1 << 27
  /// The entries of an archive.
  public var entries = 10_000

  /// Polled while a long file is read.
  public var isInterrupted: () -> Bool = { false }

  public init() {}

  func poll() throws(FormatError) {
    if isInterrupted() { throw .interrupted }
  }
}
