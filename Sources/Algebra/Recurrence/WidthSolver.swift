/// Linear equations between widths, solved as they come: each new equation eliminates one width.
struct WidthSolver {
  /// How a width is called, and how willingly it gives way to another (low first): unnamed ones, then variables,
  /// states, outputs, inputs and declared ones.
  struct Unknown {
    var name: String
    var priority: Int
  }

  private(set) var unknowns: [Unknown] = []
  /// Eliminated widths, in widths that are not.
  private(set) var solution: [Dimension.Width: Dimension] = [:]

  mutating func add(_ name: String, priority: Int) -> Dimension {
    unknowns.append(Unknown(name: name, priority: priority))
    return Dimension(width: unknowns.count - 1)
  }

  func reduce(_ form: Dimension) -> Dimension {
    var result = form
    for term in form.terms {
      if let known = solution[term.width] { result = result.replacing(term.width, by: known) }
    }
    return result
  }

  /// Makes two forms equal; false if they cannot be, or if a width would not be positive.
  mutating func unify(_ left: Dimension, _ right: Dimension) -> Bool {
    // 2·h = 2·x + 2 says no more than h = x + 1.
    guard let difference = (reduce(left) - reduce(right)).withoutCommonFactor else { return false }
    if difference.terms.isEmpty { return difference.constant == 0 }
    if let term = giving(in: difference, where: { $0.coefficient.magnitude == 1 }) {
      // c·w + rest = 0, so w = −c · rest
      var rest = difference.replacing(term.width, by: Dimension(0))
      rest = Dimension(0) - (term.coefficient == 1 ? rest : Dimension(0) - rest)
      return eliminate(term.width, by: rest)
    }
    guard difference.terms.count == 1, let term = difference.terms.first,
      difference.constant % term.coefficient == 0
    else { return false }
    return eliminate(term.width, by: Dimension(0 &- difference.constant / term.coefficient))
  }

  private func giving(in form: Dimension, where condition: (Dimension.Term) -> Bool) -> Dimension.Term? {
    form.terms.filter(condition).min { a, b in
      let (left, right) = (unknowns[a.width].priority, unknowns[b.width].priority)
      return left != right ? left < right : a.width > b.width
    }
  }

  private mutating func eliminate(_ width: Dimension.Width, by form: Dimension) -> Bool {
    if cannotBePositive(form) { return false }
    var changed: [(Dimension.Width, Dimension)] = []
    for (other, value) in solution where value.coefficient(of: width) != 0 {
      let replaced = value.replacing(width, by: form)
      if cannotBePositive(replaced) { return false }
      changed.append((other, replaced))
    }
    for (other, value) in changed { solution[other] = value }
    solution[width] = form
    return true
  }

  /// Widths are at least 1, so a form without a positive part is no width.
  private func cannotBePositive(_ form: Dimension) -> Bool {
    form.constant <= 0 && form.terms.allSatisfy { $0.coefficient < 0 }
  }
}

extension Dimension {
  /// This form divided by the greatest common divisor of its coefficients; nil if its constant is no multiple of it,
  /// so that the form cannot be 0.
  fileprivate var withoutCommonFactor: Dimension? {
    var divisor: UInt = 0
    for term in terms {
      var (a, b) = (divisor, term.coefficient.magnitude)
      while b != 0 { (a, b) = (b, a % b) }
      divisor = a
    }
    guard divisor > 1, let divisor = Int(exactly: divisor) else { return self }
    guard constant % divisor == 0 else { return nil }
    var result = Dimension(constant / divisor)
    for term in terms { result.add(Dimension(width: term.width), times: term.coefficient / divisor) }
    return result
  }
}
