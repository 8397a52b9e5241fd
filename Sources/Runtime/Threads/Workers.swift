import Glibc
import Synchronization

/// Something whose parts other threads can do.
protocol Shareable: AnyObject {
  func doPart(_ part: Int)
}

/// Threads that take parts of one task at a time.
///
/// Goals, in order: a task is not slower than without them, so whoever asks for it begins at once, takes every part that
/// nobody has begun, and waits only for parts that others are at; who has nothing to do looks around for a few
/// microseconds and then sleeps. Which thread does which part is left open: results must not depend on it.
final class Workers: @unchecked Sendable {
  static let shared = Workers()

  /// The most parts of a task.
  static let mostParts = 32

  /// The number of the task at hand in the upper half; in the lower half a bit for each part that is still free.
  private let free = Atomic<UInt64>(0)
  /// Parts that are not done.
  private let pending = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let isAwaited = Atomic<Bool>(false)
  /// A task is under way; another's parts are done without help.
  private let isBusy = Atomic<Bool>(false)
  private var task: (any Shareable)?
  private(set) var number: UInt64 = 0
  private let threads = Atomic<Int>(0)
  /// Guards nothing but sleep.
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let work = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let end = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  private init() {
    pthread_mutex_init(lock, nil)
    pthread_cond_init(work, nil)
    pthread_cond_init(end, nil)
  }

  /// Does each part from 0 on once.
  ///
  /// - Parameters:
  ///   - whileWaiting: called every 10 ms or so while this thread waits for others.
  ///   - own: does a part on this thread.
  func share(parts: Int, of shared: any Shareable, whileWaiting: () -> Void, own: (Int) -> Void) {
    let parts = min(parts, Workers.mostParts)
    guard parts > 1, isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else {
      for part in 0..<parts { own(part) }
      return
    }
    defer { isBusy.store(false, ordering: .releasing) }
    startThreads(parts - 1)
    task = shared
    pending.store(parts, ordering: .relaxed)
    number = (number + 1) & 0xFFFF_FFFF
    free.store(number << 32 | ((UInt64(1) << UInt64(parts)) - 1), ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
      pthread_mutex_lock(lock)
      pthread_cond_broadcast(work)
      pthread_mutex_unlock(lock)
    }
    while let part = claim(preferred: 0) {
      own(part)
      pending.subtract(1, ordering: .acquiringAndReleasing)
    }
    waitForOthers(whileWaiting)
    task = nil
  }

  /// Some thread is looking for work at this moment, so that little of it is worth sharing.
  var areAwake: Bool { threads.load(ordering: .relaxed) > sleepers.load(ordering: .relaxed) }

  /// A part that nobody has begun.
  private func claim(preferred: Int) -> Int? {
    var seen = free.load(ordering: .acquiring)
    while true {
      let bits = seen & 0xFFFF_FFFF
      guard bits != 0 else { return nil }
      let part = bits & (1 << UInt64(preferred)) != 0 ? preferred : bits.trailingZeroBitCount
      let (exchanged, now) = free.compareExchange(
        expected: seen, desired: seen & ~(1 << UInt64(part)), ordering: .acquiringAndReleasing)
      if exchanged { return part }
      seen = now
    }
  }

  // MARK: Waiting

  /// Looks for some microseconds whether something is so.
  private func look(for isSo: () -> Bool) -> Bool {
    for _ in 0..<4000 where isSo() { return true }
    return false
  }

  private func waitForOthers(_ whileWaiting: () -> Void) {
    while !look(for: { pending.load(ordering: .acquiring) == 0 }) {
      isAwaited.store(true, ordering: .sequentiallyConsistent)
      pthread_mutex_lock(lock)
      if pending.load(ordering: .sequentiallyConsistent) > 0 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        time.tv_nsec += 10_000_000
        if time.tv_nsec >= 1_000_000_000 {
          time.tv_sec += 1
          time.tv_nsec -= 1_000_000_000
        }
        pthread_cond_timedwait(end, lock, &time)
      }
      pthread_mutex_unlock(lock)
      isAwaited.store(false, ordering: .sequentiallyConsistent)
      whileWaiting()
    }
  }

  // MARK: Threads

  /// Only while this thread has a task.
  private func startThreads(_ count: Int) {
    while threads.load(ordering: .relaxed) < count {
      let place = Unmanaged.passRetained(Place(threads.load(ordering: .relaxed) + 1))
      var thread = pthread_t()
      let problem = pthread_create(
        &thread, nil,
        { context in
          guard let context else { return nil }
          Workers.shared.live(preferred: Unmanaged<Place>.fromOpaque(context).takeRetainedValue().number)
        }, place.toOpaque())
      guard problem == 0 else {
        place.release()
        return
      }
      pthread_detach(thread)
      threads.add(1, ordering: .relaxed)
    }
  }

  private final class Place {
    let number: Int
    init(_ number: Int) { self.number = number }
  }

  private func live(preferred: Int) -> Never {
    while true {
      while let part = claim(preferred: min(preferred, Workers.mostParts - 1)) {
        task?.doPart(part)
        guard pending.subtract(1, ordering: .sequentiallyConsistent).newValue == 0,
          isAwaited.load(ordering: .sequentiallyConsistent)
        else { continue }
        pthread_mutex_lock(lock)
        pthread_cond_signal(end)
        pthread_mutex_unlock(lock)
      }
      if look(for: { free.load(ordering: .relaxed) & 0xFFFF_FFFF != 0 }) { continue }
      pthread_mutex_lock(lock)
      sleepers.add(1, ordering: .sequentiallyConsistent)
      while free.load(ordering: .sequentiallyConsistent) & 0xFFFF_FFFF == 0 { pthread_cond_wait(work, lock) }
      sleepers.subtract(1, ordering: .sequentiallyConsistent)
      pthread_mutex_unlock(lock)
    }
  }
}
