import Figures
import Runtime
import Syntax

extension BuiltinTable {
  static let watching: [Builtin] = [
    Builtin(
      "watch", theme: .seeing, "watch(net, X?, ...)",
      "goes through what a net did, or does when it is fed X, step by step with keys: space, back, play, clamp a gate; the net stays as it is",
      example: "net = linear(x: 1, y: 1); y = feed(net, [1; 2]); fig = watch(net); type(fig)",
      """
      note: without a terminal watch shows all steps at once
      "figure"
      """, .netCall(watch))
  ]

  @Sendable private static func watch(
    _ given: [GivenArgument], _ interpreter: Interpreter, _ place: Place?
  ) throws -> Value {
    let value = try net(of: given, "watch", place)
    let copy = NetValue(value.net.copy(), isBatched: value.isBatched)
    let begin = copy.net.time
    if given.count > 1 {
      var feeding = Feeding(copy, interpreter)
      try feeding.add(given.dropFirst())
      _ = try feeding.run(place)
    }
    guard copy.net.time > 0 else {
      throw SessionError.builtin(
        "this net was not fed yet, so there is nothing to watch", hint: "watch(net, X) feeds a copy", place)
    }
    var watch = try Watch(copy, from: given.count > 1 ? begin + 1 : 1, interpreter, place)
    if let dialogue = interpreter.dialogue, dialogue.screen != nil {
      try watch.run(dialogue)
      return .nothing
    }
    interpreter.say("note: without a terminal watch shows all steps at once")
    return .figure(.picture(watch.whole))
  }
}
