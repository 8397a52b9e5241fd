import Algebra
import Elaboration
import Runtime
import Syntax
import Typography

/// A derivative as a value: how far it is opened, and its check.
final class DerivationValue {
  let derivation: Derivation
  let certificate: Certificate
  /// Shown with its notes the first time; a level that `expand` opens speaks for itself.
  let isOpenedFurther: Bool

  init(_ derivation: Derivation, isOpenedFurther: Bool = false) throws {
    self.derivation = derivation
    self.isOpenedFurther = isOpenedFurther
    let printed = try derivation.certificate(
      lines: AnswerReader(derivation.recurrence, isInterrupted: derivation.isInterrupted).readBack(derivation))
    // Where the text means something else (M + n of an equation is M + n * I in a derivation), what was computed is
    // judged, and it is said that the text is not.
    certificate = printed.isGood || printed.nets == 0 ? printed : try derivation.certificate()
  }

  /// The equation and its `where` lines.
  func sheet(_ form: Notation) -> FormulaSheet {
    var sheet = FormulaSheet(derivation.recurrence, notation: form)
    if let subject = derivation.subject {
      sheet.addDerivative(of: subject, by: derivation.target.cut, derivation.expression)
    } else {
      sheet.addDerivative(derivation.target, derivation.expression)
    }
    for (atom, expression) in derivation.definitionExpressions {
      if derivation.isInterrupted() { break }
      sheet.addDerivative(atom, expression, isWhere: true)
    }
    for id in derivation.abbreviations { sheet.addName(id) }
    return sheet
  }

  /// The equation, its `where` lines and what is to be said of them.
  func lines(width: Int, _ form: Notation = .elementwise) -> [String] {
    var notation = TextNotation(derivation.recurrence, notation: form)
    let lines = sheet(form).text(width: width, isInterrupted: derivation.isInterrupted)
    if isOpenedFurther, certificate.isGood { return lines }
    return lines + notes(&notation).flatMap { Wrapping.wrap("  " + $0, width: width, indent: 4) }
  }

  /// What is to be said of it: what it is with other states held, and how it was checked.
  func notes(_ form: Notation) -> [String] {
    if isOpenedFurther, certificate.isGood { return [] }
    var notation = TextNotation(derivation.recurrence, notation: form)
    return notes(&notation)
  }

  private func notes(_ notation: inout TextNotation) -> [String] {
    var notes = [certificate.text]
    if let note = pathNote(&notation) { notes.insert(note, at: 0) }
    if !certificate.isReadBack { notes.append("as it was computed: the text does not read back") }
    return notes
  }

  /// `every path, also through h[t-1]; holding h[t-1] it is f[t]`: what the derivative is when other states are held.
  private func pathNote(_ notation: inout TextNotation) -> String? {
    let recurrence = derivation.recurrence
    let target = derivation.target
    guard derivation.subject == nil, target.cut.held.isEmpty, recurrence.store[target.cut.symbol].kind == .variable,
      target.cut.shift < target.shift
    else { return nil }
    let others = recurrence.states.filter { state in
      guard state != target.cut.symbol else { return false }
      let cut = Cut(symbol: target.cut.symbol, shift: target.cut.shift)
      guard
        let through = try? Derivation(
          recurrence, of: state, shift: target.cut.shift, cut: cut, isInterrupted: derivation.isInterrupted)
      else {
        return false
      }
      return !through.isZero
    }
    guard !others.isEmpty else { return nil }
    let cut = Cut(
      symbol: target.cut.symbol, shift: target.cut.shift,
      held: others.map { Held(symbol: $0, shift: target.cut.shift) })
    guard
      let held = try? Derivation(
        recurrence, of: target.symbol, shift: target.shift, cut: cut, isInterrupted: derivation.isInterrupted),
      held.standing.isEmpty, held.expression != derivation.expression
    else { return nil }
    let names = others.map { TextNotation.read(recurrence.store[$0], shift: target.cut.shift) }.joined(separator: ", ")
    let list = others.count == 1 ? names : "(\(names))"
    return "every path, also through \(names); holding \(list) it is \(notation.derivative(held.expression))"
  }
}

extension Cell {
  /// As it is, or in numbers if derivatives of derivatives are asked for.
  /// - Throws: `DerivativeFailure.wide`.
  func forDerivatives(in expressions: [Expression]) throws -> Cell {
    guard let by = expressions.lazy.compactMap({ DerivativeReader.higherDenominator(in: $0) }).first else {
      return self
    }
    return Cell(try recurrence.forHigherDerivatives(by: by.place.text))
  }
}

extension Interpreter {
  /// The derivative that an expression asks for; nil if it is something else.
  func derivation(_ expression: Expression, of cell: Cell) throws -> DerivationValue? {
    do {
      let cell = try cell.forDerivatives(in: [expression])
      let reader = DerivativeReader(cell.recurrence)
      if let asked = try reader.expressionQuestion(expression), let cut = asked.cut {
        return try DerivationValue(derivation(of: asked.expression, by: cut, cell))
      }
      guard let question = try reader.question(expression) else { return nil }
      return try DerivationValue(
        Derivation(
          cell.recurrence, of: question.symbol, shift: question.shift, cut: question.cut,
          isInterrupted: interruption))
    } catch let failure as DerivativeFailure {
      throw SessionError.builtin(Self.text(of: failure), hint: Self.hint(for: failure), expression.place)
    }
  }

  /// `∂/∂c[t-1] (f[t] * c[t-1])`.
  private func derivation(of expression: Expression, by cut: Cut, _ cell: Cell) throws -> Derivation {
    let reader = AnswerReader(cell.recurrence, environment: environment) { name in
      if case .number(let number)? = self.value(of: name) { number } else { nil }
    }
    let store = cell.recurrence.store
    let isHigher = DerivativeReader.holdsDerivative(expression)
    // What is held holds for the derivatives inside too.
    let subject = AnswerSubject(cut: isHigher && !cut.held.isEmpty ? cut : nil, isJacobian: false)
    let node = try reader.read(expression, about: subject).node
    let derived =
      isHigher
      ? try cell.recurrence.asEquation(cell.recurrence.withoutDerivatives(node, isInterrupted: interruption)) : node
    if !isHigher, store.closure(of: [node]).contains(where: { if case .seed = store[$0] { true } else { false } }) {
      throw DerivativeFailure.noDerivative("an identity matrix by itself")
    }
    do {
      return try Derivation(
        cell.recurrence, of: derived, cut: cut, writtenAs: node, isInterrupted: interruption)
    } catch is ShapeError {
      throw SessionError.builtin(
        "the shapes of \(expression.place.text) do not fit", hint: "check it as an equation of the cell",
        expression.place)
    }
  }

  /// `∂σ(z)/∂z`: of an expression in one number, by the same rules; nil if something else is asked.
  func scalarDerivative(_ expression: Expression, of cell: Cell?) throws -> Formula? {
    let recurrence = cell?.recurrence ?? Recurrence(name: "")
    guard let asked = try DerivativeReader(recurrence).expressionQuestion(expression), asked.cut == nil else {
      return nil
    }
    let place = expression.place
    let definition = FunctionDefinition(
      name: asked.expression.place.text, namePlace: place, parameters: [asked.free],
      body: .expression(asked.expression))
    let function = try ScalarFunctionReader.read(definition, environment: environment) { name in
      if case .number(let number)? = self.value(of: name) { number } else { nil }
    }
    do {
      let slope = try function.derivative()
      let left = function.text.hasSuffix(")") && !function.text.hasPrefix("(") && !function.text.contains(" ")
      let claim = left ? "∂\(function.text)/∂\(asked.free)" : "∂/∂\(asked.free) (\(function.text))"
      return Formula(text: "\(claim) = \(slope.text)")
    } catch let failure as DerivativeFailure {
      throw SessionError.builtin(Self.text(of: failure), hint: nil, place)
    }
  }

  static func text(of failure: DerivativeFailure) -> String {
    switch failure {
    case .threeIndices: "this derivative has three indices: of a matrix, or by one"
    case .noDerivative(let name): "\(name) has no derivative that is known here"
    case .tooLarge(let bound): "the derivative has more than \(bound) operations"
    case .wide: "a derivative of a derivative has three indices, unless it is by a number or every width is 1"
    case .endless(let name): "\(name) goes back to the start, so it cannot be derived again"
    case .tooManySteps(let bound): "a derivative goes back at most \(bound) steps"
    case .noProduct(.byParameter): "steps and paths are of a derivative by a variable or an input"
    case .noProduct(.singleTimesHeld): "what is held here must be held at all times, as in holding h"
    case .noProduct(.readsLater): "this cell reads later times, so its steps have no one direction"
    case .noProduct(.noSteps): "this derivative goes back no step"
    }
  }

  static func hint(for failure: DerivativeFailure) -> String? {
    switch failure {
    case .threeIndices: "take it by a parameter: a differential"
    case .wide(let widths, let cell): "use \(cell)(\(widths.map { "\($0): 1" }.joined(separator: ", ")))"
    case .endless: "hold the states before it, as in ∂h[t]/∂b_h holding h[t-1]"
    default: nil
    }
  }

  /// `expand`, `expand 2`, `expand all`, `expand ∂h[t-1]/∂c[t-1]`, `collapse`: on the last derivative.
  func unfold(_ word: String, _ argument: Expression?, _ place: Place) throws {
    guard case .derivation(let last)? = lastDerivation else {
      throw SessionError.builtin("\(word) needs a derivative before it", hint: "first ∂c[t]/∂c[t-1]", place)
    }
    let next = try unfolded(last.derivation, word, argument, place)
    if next.opened == last.derivation.opened {
      say(word == "collapse" ? "it is at level 1 already" : "nothing stands unopened")
      return
    }
    let value = Value.derivation(try DerivationValue(next, isOpenedFurther: true))
    lastDerivation = value
    lastValue = value
    present(value)
  }

  private func unfolded(
    _ derivation: Derivation, _ word: String, _ argument: Expression?, _ place: Place
  ) throws -> Derivation {
    var result = derivation
    switch (word, argument?.form) {
    case ("collapse", _): try result.collapse()
    case (_, nil): try result.expand()
    case (_, .name("all")?): try result.expandAll()
    case (_, .number(let numeral)?):
      guard let levels = Int(numeral), (1...100_000).contains(levels) else {
        throw SessionError.builtin(
          "expand takes a number of levels from 1 to 100000, or all", hint: "expand 2", argument?.place)
      }
      try result.expand(levels: levels)
    default:
      guard let argument, let question = try DerivativeReader(derivation.recurrence).question(argument) else {
        throw SessionError.builtin(
          "expand takes a number, all, or a derivative that stands", hint: "expand ∂h[t-1]/∂c[t-1]",
          argument?.place ?? place)
      }
      let atom = Atom(symbol: question.symbol, shift: question.shift, cut: derivation.target.cut)
      guard derivation.standing.contains(atom) else {
        throw SessionError.builtin("\(argument.place.text) does not stand in it", hint: nil, argument.place)
      }
      try result.open([atom])
    }
    return result
  }
}
