import Algebra
import Syntax

/// What can be wrong with a cell, as facts with places.
public enum ElaborationError: Explained {
  case definedTwice(name: String, Place, first: Place)
  case setTwice(what: String, Place, first: Place)
  case inputDefined(name: String, Place)
  case timeAssigned(Place)
  case notATarget(Place)
  case targetNotNow(name: String, written: String, Place)
  case missingTime(name: String, cell: String, isInput: Bool, Place)
  case minusAfterTime(name: String, written: String, steps: String, Place)
  case undefined(name: String, Place, near: [String])
  case future(name: String, written: String, Place)
  case timeForm(name: String, written: String, Place)
  case parameterWithTime(name: String, Place)
  case partRead(name: String, isTimed: Bool, Place)
  case outputUndefined(name: String, isDefined: Bool, Place)
  case noEquations(cell: String, Place)
  case loop(path: [String], isTimed: Bool, Place?)
  case bothDirections(names: [String], Place?)
  case functionNotCalled(name: String, Place)
  case notFunction(name: String, kind: String, Place)
  case unknownFunction(name: String, Place, near: [String])
  case argumentCount(name: String, expected: String, got: Int, Place)
  case argumentTwice(name: String, label: String, Place)
  case argumentLabel(name: String, label: String, known: [String], Place)
  case functionTooDeep(name: String, bound: Int, Place)
  case functionNotSeenThrough(name: String, reason: String, Place)
  case severalOutputs(cell: String, outputs: [String], Place)
  case notInEquation(what: String, hint: String?, Place)
  case numberOutOfRange(String, Place)
  case twoReadings(written: String, first: String, second: String, Place)
  case derivedVaries(name: String, written: String, Place)
  case tooLarge(bound: Int, Place)
  case tooDeep(bound: Int, Place)
  case shape(message: String, Place?, marks: [(place: Place, label: String)], hint: String?)
  case setting(message: String, hint: String?, Place)

  public var diagnostic: Diagnostic {
    switch self {
    case .definedTwice(let name, let place, let first):
      Diagnostic(
        "\(name) is defined twice", at: place, hint: "give one of them another name",
        marks: [(first, "first here")])
    case .setTwice(let what, let place, let first):
      Diagnostic("\(what) is said twice", at: place, hint: "leave one of them out", marks: [(first, "first here")])
    case .inputDefined(let name, let place):
      Diagnostic("\(name) is an input, so it is fed, not defined", at: place, hint: "use another name")
    case .timeAssigned(let place):
      Diagnostic("t is time and cannot be assigned", at: place, hint: "use another name")
    case .notATarget(let place):
      Diagnostic(
        "an equation defines a variable at time t, or a parameter made of parameters", at: place,
        hint: "h[t] = ... or A = ...")
    case .targetNotNow(let name, let written, let place):
      Diagnostic(
        "an equation defines \(name)[t], not \(written)", at: place,
        hint: "shift its times so that \(name)[t] stands on the left; a start is set by init \(name)[0] = ...")
    case .missingTime(let name, let cell, let isInput, let place):
      Diagnostic(
        "\(name) is \(isInput ? "an input" : "a variable") of \(cell), so it needs its time", at: place,
        hint: "\(name)[t] or \(name)[t-1]?")
    case .minusAfterTime(let name, let written, let steps, let place):
      Diagnostic(
        "\(written) is \(name)[t] minus \(steps)", at: place,
        hint: "the earlier state is \(name)[t-\(steps)] or \(name)_{t-\(steps)}; "
          + "for the difference write \(name)_t - \(steps)")
    case .undefined(let name, let place, let near):
      Diagnostic(
        "\(name) has a time, but it is neither an input nor defined by an equation", at: place,
        hint: near.isEmpty
          ? "add \(name) to the inputs, or an equation \(name)[t] = ..."
          : "did you mean \(near.joined(separator: " or "))?")
    case .future(let name, let written, let place):
      Diagnostic(
        "\(written) is in the future", at: place,
        hint: "a cell reads \(name)[t] and earlier; reversed cell Name(...) -> ... runs from the end")
    case .timeForm(let name, let written, let place):
      Diagnostic(
        "in an equation a time is t, t-1, t-2, ..., not \(written)", at: place,
        hint: written.allSatisfy(\.isNumber)
          ? "\(name)[t-\(written)]? A part of a vector is split off: [a[t], b[t]] = \(name)[t]" : "\(name)[t-1]?")
    case .parameterWithTime(let name, let place):
      Diagnostic("\(name) is a parameter, and a parameter has no time", at: place, hint: "write \(name)")
    case .partRead(let name, let isTimed, let place):
      Diagnostic(
        "a part of \(name) has no place in an equation", at: place,
        hint: isTimed
          ? "an equation speaks of whole vectors; [a[t], b[t]] = \(name)[t] splits one"
          : "use a parameter of its own, with param \(name)_1: ... if its shape stays open")
    case .outputUndefined(let name, let isDefined, let place):
      isDefined
        ? Diagnostic(
          "the output \(name) has no time", at: place, hint: "an output is a variable: \(name)[t] = ...")
        : Diagnostic("the output \(name) has no equation", at: place, hint: "add \(name)[t] = ...")
    case .noEquations(let cell, let place):
      Diagnostic("\(cell) has no equation with a time", at: place, hint: "h[t] = ...")
    case .loop(let path, isTimed: false, let place):
      Diagnostic(
        path.count <= 1
          ? "\(path.first ?? "it") is made of itself"
          : "parameters made of each other: " + (path + [path.first ?? ""]).joined(separator: " needs "),
        at: place, hint: "one of them must be a parameter without an equation")
    case .loop(let path, _, let place):
      Diagnostic(
        path.count <= 1
          ? "\(path.first ?? "it") is computed from itself at the same time"
          : "a loop within one time step: "
            + (path + [path.first ?? ""]).map { "\($0)[t]" }.joined(separator: " needs "),
        at: place,
        hint: path.count <= 1
          ? "the value before is \(path.first ?? "h")[t-1]"
          : "one of them must be read earlier, e.g. \(path.last ?? "h")[t-1]")
    case .bothDirections(let names, let place):
      Diagnostic(
        names.count == 1
          ? "\(names[0]) reads both earlier and later times of itself"
          : "\(names.joined(separator: ", ")) read both earlier and later times of each other", at: place,
        hint: "such equations cannot be computed step by step in either direction")
    case .functionNotCalled(let name, let place):
      Diagnostic("\(name) is a function", at: place, hint: "\(name)(...)")
    case .notFunction(let name, let kind, let place):
      Diagnostic("\(name) is \(kind), not a function", at: place, hint: "a product needs * or ·")
    case .unknownFunction(let name, let place, let near):
      Diagnostic(
        "\(name) is not a function known here", at: place,
        hint: near.isEmpty
          ? "a product needs * or ·; a function is defined first, e.g. fn \(name)(z) = tanh(z)"
          : "did you mean \(near.joined(separator: " or "))?")
    case .argumentCount(let name, let expected, let got, let place):
      Diagnostic("\(name) takes \(expected), not \(got)", at: place)
    case .argumentTwice(let name, let label, let place):
      Diagnostic("\(label) of \(name) is given twice", at: place)
    case .argumentLabel(let name, let label, let known, let place):
      Diagnostic(
        "\(name) has no \(label)", at: place,
        hint: known.isEmpty ? "its argument has no name: \(name)(...)" : "it has \(known.joined(separator: ", "))")
    case .functionTooDeep(let name, let bound, let place):
      Diagnostic(
        "functions are seen through at most \(bound) deep, and \(name) goes deeper", at: place,
        hint: "a function that calls itself has no place in a cell")
    case .functionNotSeenThrough(let name, let reason, let place):
      Diagnostic(
        "\(name) cannot stand in an equation: \(reason)", at: place,
        hint: "a function in a cell is one expression, or assignments and a return")
    case .severalOutputs(let cell, let outputs, let place):
      Diagnostic(
        "\(cell) has \(outputs.count) outputs (\(outputs.joined(separator: ", ")))", at: place,
        hint: "an equation can use a cell with one output")
    case .notInEquation(let what, let hint, let place):
      Diagnostic("\(what) has no place in an equation", at: place, hint: hint)
    case .numberOutOfRange(let written, let place):
      Diagnostic("\(written) is outside the range of numbers", at: place, hint: "the largest is 1.7977e308")
    case .twoReadings(let written, let first, let second, let place):
      Diagnostic("\(written) can be read in two ways", at: place, hint: "\(first) or \(second)")
    case .derivedVaries(let name, let written, let place):
      Diagnostic(
        "\(name) has no time, but \(written) has", at: place,
        hint: "\(name)[t] = ... is a variable; without a time it is made of parameters alone")
    case .tooLarge(let bound, let place):
      Diagnostic(
        "the cell is too large: more than \(bound) operations", at: place,
        hint: "a function is copied wherever it is called: name what is used twice, u[t] = f(x[t])")
    case .tooDeep(let bound, let place):
      Diagnostic(
        "expressions stand in each other more than \(bound) deep, those of functions included", at: place,
        hint: "name a part of it: u[t] = ...")
    case .shape(let message, let place, let marks, let hint):
      Diagnostic(message, at: place, hint: hint, marks: marks)
    case .setting(let message, let hint, let place):
      Diagnostic(message, at: place, hint: hint)
    }
  }
}
