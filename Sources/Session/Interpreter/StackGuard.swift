import Glibc

/// How much of the thread's stack is left: recursion ends in an error long before the stack does.
struct StackGuard {
  /// Below this address a call is refused.
  private let limit: UInt

  /// The guard of the thread that calls.
  init() {
    var attributes = pthread_attr_t()
    var base: UnsafeMutableRawPointer?
    var size = 0
    guard pthread_getattr_np(pthread_self(), &attributes) == 0 else {
      limit = 0
      return
    }
    pthread_attr_getstack(&attributes, &base, &size)
    pthread_attr_destroy(&attributes)
    // Room for the deepest expression (the parser bounds it) and for whatever a built-in calls.
    limit = base.map { UInt(bitPattern: $0) &+ UInt(max(0, min(1 << 20, size / 3))) } ?? 0
  }

  var isExhausted: Bool {
    var here: UInt8 = 0
    return withUnsafeMutablePointer(to: &here) { UInt(bitPattern: $0) } < limit
  }
}
