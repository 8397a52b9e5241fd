/// A name of the session: the user's value, and the built-in that it hides.
final class GlobalBinding {
  let name: String
  var value: Value?
  let builtin: Value?
  /// Whether it was said once that the user's value hides the built-in.
  var isNoted = false

  init(_ name: String, builtin: Value? = nil) {
    self.name = name
    self.builtin = builtin
  }
}
