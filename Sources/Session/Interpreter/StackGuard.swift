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
    guard let attributesOf = Self.attributesOf, attributesOf(pthread_self(), &attributes) == 0 else {
      // Unknown: half a megabyte from here is there on every thread.
      var here: UInt8 = 0
      limit = withUnsafeMutablePointer(to: &here) { UInt(bitPattern: $0) } &- (1 << 19)
      return
    }
    pthread_attr_getstack(&attributes, &base, &size)
    pthread_attr_destroy(&attributes)
    // Room for the deepest expression (the parser bounds it) and for whatever a built-in calls.
    limit = base.map { UInt(bitPattern: $0) &+ UInt(max(0, min(1 << 20, size / 3))) } ?? 0
  }

  private typealias AttributesOf = @convention(c) (pthread_t, UnsafeMutablePointer<pthread_attr_t>) -> Int32

  /// The C library's `pthread_getattr_np`, which its Swift module does not show.
  private static let attributesOf: AttributesOf? = dlsym(nil, "pthread_getattr_np").map {
    unsafeBitCast($0, to: AttributesOf.self)
  }

  var isExhausted: Bool {
    var here: UInt8 = 0
    return withUnsafeMutablePointer(to: &here) { UInt(bitPattern: $0) } < limit
  }
}
