import CReadline

/// Ctrl-C as a flag, and the thread that hears it.
public enum Interrupts {
  /// Installs the signal handlers; once, at the start of the program.
  public static func install() { carousel_signals_install() }

  /// Whether Ctrl-C was pressed since the last `clear`.
  public static var isPending: Bool { carousel_interrupt_pending() != 0 }

  public static func clear() { carousel_interrupt_clear() }
}

/// Runs a closure where recursion whose depth is bounded finds room for the deepest it may go.
///
/// The stack's pages are taken only as they are used; where an address space so large is refused, a smaller one does.
public func onLargeStack(_ body: @escaping () -> Int32) -> Int32 {
  final class Task {
    let body: () -> Int32
    var status: Int32 = 1
    init(_ body: @escaping () -> Int32) { self.body = body }
  }
  let task = Task(body)
  let answer = carousel_run_on_large_stack(
    512 << 20, 8 << 20,
    { context in
      guard let context else { return }
      let task = Unmanaged<Task>.fromOpaque(context).takeUnretainedValue()
      task.status = task.body()
    }, Unmanaged.passUnretained(task).toOpaque())
  return answer == 0 ? task.status : body()
}
