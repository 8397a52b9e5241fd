import Glibc

/// The memory of a storage: zeros, given back with `free`.
enum StorageMemory {
  /// What one entry of the processor's table of large pages covers.
  private static var largePage: Int { 2 << 20 }

  /// Pages that nothing writes are never there. Large ones, if the system has them, spare the look-ups of addresses that
  /// weights of some megabytes cost, since they are read whole in every step.
  static func allocate(bytes: Int) -> UnsafeMutableRawPointer? {
    guard bytes >= 2 * largePage else { return calloc(bytes, 1) }
    let whole = (bytes + largePage - 1) / largePage * largePage
    var memory: UnsafeMutableRawPointer?
    guard posix_memalign(&memory, largePage, whole) == 0, let memory else { return nil }
    // Memory of this size comes fresh from the system, but the allocator does not promise it.
    madvise(memory, whole, MADV_DONTNEED)
    madvise(memory, whole, MADV_HUGEPAGE)
    return memory
  }
}
