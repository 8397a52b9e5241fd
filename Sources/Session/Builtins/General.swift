import Typography

extension BuiltinTable {
  static let general: [Builtin] = [
    Builtin(
      "print", theme: .general, "print(x, ..., digits: count)", "prints values on a line, numbers with 5 digits",
      example: "print(\"1/3 is\", 1 / 3)", "1/3 is 0.33333",
      .general { call in
        var display = call.interpreter.display
        if let (value, place) = call.label("digits") {
          guard case .number(let number) = value, let digits = Int(exactly: number), digits >= 1 else {
            throw SessionError.argument(of: "print", needs: "a count of digits", value.described, hint: nil, place)
          }
          display.digits = min(digits, NumberText.exactDigits)
        }
        call.interpreter.say(call.values.map { display.inText($0) }.joined(separator: " "))
        return .nothing
      }),
    Builtin(
      "show", theme: .general, "show(x)", "shows a value as the prompt does, also in a script", example: "show([1, 2])",
      "[1, 2]",
      .general { call in
        call.interpreter.present(call.values[0])
        return .nothing
      }),
    Builtin(
      "type", theme: .general, "type(x)", "what sort of value it is, as a text", example: "type([1, 2; 3, 4])",
      "\"matrix\"",
      .general { .text($0.values[0].typeName) }),
    Builtin(
      "copy", theme: .general, "copy(x)", "a copy; of a net, one that changes by itself", example: "copy([1, 2])",
      "[1, 2]",
      .general { call in
        guard case .net(let value) = call.values[0] else { return call.values[0] }
        return .net(NetValue(value.net.copy(), isBatched: value.isBatched))
      }),
    Builtin(
      "error", theme: .general, "error(message)", "ends the statement with an error of your own",
      example: "if 1 > 2 { error(\"never\") }; 5", "5",
      .general { throw $0.problem($0.interpreter.display.inText($0.values[0])) }),
  ]
}
