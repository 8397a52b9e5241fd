import Algebra
import Runtime
import Syntax

/// The words for what is wrong with nets.
enum NetProblem {
  static func explained(_ error: any Error, _ recurrence: Recurrence, at place: Place?) -> any Error {
    switch error {
    case let error as NetError:
      if case .interrupted = error { return Interrupted() }
      let (message, hint) = words(error, recurrence)
      return SessionError.builtin(message, hint: hint, place)
    case let error as ShapeError:
      let (message, hint) = words(error, recurrence)
      return SessionError.builtin(message, hint: hint, place)
    case let error as BlockError:
      let (message, hint) = words(error)
      return SessionError.builtin(message, hint: hint, place)
    case let error as AdjointFailure:
      let (message, hint) = words(error)
      return SessionError.builtin(message, hint: hint, place)
    case let error as Composition.Failure:
      guard case .notOneInOneOut(let cell, let inputs, let outputs) = error else { return error }
      return SessionError.builtin(
        "cells that are put together have one input and one output each; \(cell) has \(counted(inputs.count, "input")) and \(counted(outputs.count, "output"))",
        hint: nil, place)
    default: return error
    }
  }

  private static func words(_ error: NetError, _ recurrence: Recurrence) -> (String, String?) {
    switch error {
    case .openWidths(let names, let cell):
      let widths = names.map { "\($0): 3" }.joined(separator: ", ")
      return (
        "\(names.count == 1 ? "the width" : "the widths") \(listed(names)) of \(cell) \(names.count == 1 ? "is" : "are") still open",
        "\(cell)(\(widths)) makes a net"
      )
    case .shape(let error): return words(error, recurrence)
    case .tooLarge(let numbers, let bound):
      return (
        "\(Display(width: 80).inText(.number(numbers))) numbers are more than the \(bound) that a net may hold", nil
      )
    case .inputSize(let symbol, let needed, let got):
      let all = Display(width: 80).inText(.number(needed))
      return ("\(recurrence.store[symbol].name) needs \(all) numbers for these steps, and this is \(got)", nil)
    case .batch(let had, let got):
      return (
        "the net holds a batch of \(had), and this is \(got == 1 ? "one sequence" : "a batch of \(got)")",
        "reset(net) begins anew"
      )
    case .interrupted: return ("interrupted", nil)
    case .noPlan:
      return ("this cell has no plan: the plain evaluator runs it", "set engine reference says the same for all")
    case .notOneRun(let why):
      return ("gradients go back along one run of the net, and \(why)", "reset(net), then feed it anew")
    case .writeTime(let written, let reached):
      return (
        "a state is written at the time reached, t = \(reached), not at \(written)",
        "rewind(net, \(max(0, written))) goes back"
      )
    case .noSuchTime(let time, let reached, let earliest):
      return time > reached
        ? ("the net has reached t = \(reached), so there is nothing at \(time)", nil)
        : ("the net begins at time \(earliest), so there is nothing at \(time)", nil)
    }
  }

  private static func words(_ error: ShapeError, _ recurrence: Recurrence) -> (String, String?) {
    func name(_ symbol: SymbolID) -> String { recurrence.store[symbol].name }
    switch error {
    case .width(let name, let value, let shape):
      return ("\(name) cannot be \(value) wide: the equations make it \(shape)", nil)
    case .unknownWidth(let name, let known):
      let near = nearNames(name, among: known)
      return (
        "\(recurrence.name) has no width \(name)",
        didYouMean(near) ?? (known.isEmpty ? nil : "it has \(listed(known))")
      )
    case .declared(let symbol, let declared, let needed):
      return ("\(name(symbol)) is declared \(declared), and the equations need \(needed)", nil)
    case .openParameter(let symbol):
      return ("nothing says what shape \(name(symbol)) has", "add a line: param \(name(symbol)): h × h")
    case .equation(_, let target, let shape, let body):
      return ("\(name(target)) is \(shape), and its equation gives \(body)", nil)
    case .operands(_, _, _, let left, _, let right):
      return ("with these widths shapes do not fit: \(left) and \(right)", nil)
    case .operand(_, _, _, let shape, let needs): return ("with these widths \(shape) stands where \(needs) must", nil)
    case .startShape(_, let symbol, let shape, let value):
      return ("\(name(symbol)) is \(shape), and its start is \(value)", nil)
    }
  }

  private static func words(_ error: AdjointFailure) -> (String, String?) {
    switch error {
    case .runsFromTheEnd(let cell): ("\(cell) has no backward pass: it runs from the end itself", nil)
    case .usesTotal(let cell, let name):
      (
        "\(cell) has no backward pass: \(name) is a sum over all times that is used at each of them",
        "a loss is such a sum that nothing else reads"
      )
    case .noShapes(let cell):
      ("the shapes in the backward pass of \(cell) could not be found", "please report this cell")
    case .noDerivative(let what): ("\(what) has no derivative that is known here", nil)
    }
  }

  private static func words(_ error: BlockError) -> (String, String?) {
    switch error {
    case .notMultiplied(let parameter, let variable, let operands):
      return (
        "\(parameter) does not multiply \(variable)",
        operands.isEmpty ? nil : "it multiplies \(listed(operands))"
      )
    case .several(let parameter, let variable, let operands):
      return (
        "\(variable) occurs in several operands of \(parameter): \(listed(operands))",
        "write the operand: \(parameter)[\(operands.first ?? "…")]"
      )
    }
  }
}
