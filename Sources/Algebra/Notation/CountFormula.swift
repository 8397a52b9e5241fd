/// How many numbers parameters hold, as a formula in the widths: `4·h·(h + x) + 4·h`.
struct CountFormula {
  /// A product of widths, by name, with their powers.
  private struct Monomial: Hashable {
    var powers: [Dimension.Width: Int]
    var degree: Int { powers.values.reduce(0, +) }
  }

  private struct Polynomial {
    var coefficients: [Monomial: Int] = [:]

    /// The product of some widths, so many times.
    mutating func add(_ dimensions: [Dimension], times factor: Int) {
      var product: [Monomial: Int] = [Monomial(powers: [:]): factor]
      for dimension in dimensions {
        var next: [Monomial: Int] = [:]
        for (monomial, coefficient) in product {
          next[monomial, default: 0] &+= coefficient &* dimension.constant
          for term in dimension.terms {
            var powers = monomial.powers
            powers[term.width, default: 0] += 1
            next[Monomial(powers: powers), default: 0] &+= coefficient &* term.coefficient
          }
        }
        product = next
      }
      for (monomial, coefficient) in product where coefficient != 0 {
        coefficients[monomial, default: 0] &+= coefficient
      }
      coefficients = coefficients.filter { $0.value != 0 }
    }
  }

  /// The formula for parameters of these shapes: matrices, then vectors, then numbers, each with its common factor
  /// taken out; with one width alone it is a plain polynomial, `24·x + 216`.
  static func text(_ shapes: [Shape], name: (Dimension.Width) -> String) -> String {
    text(of: shapes.map { ($0.dimensions, 1) }, name: name)
  }

  /// The formula for a sum of products of widths, each so many times; those of most factors first.
  static func text(of products: [(dimensions: [Dimension], times: Int)], name: (Dimension.Width) -> String) -> String {
    let widths = Set(products.flatMap { $0.dimensions.flatMap { $0.terms.map(\.width) } })
    if widths.count <= 1 {
      var polynomial = Polynomial()
      for product in products { polynomial.add(product.dimensions, times: product.times) }
      return plain(polynomial, name)
    }
    var parts: [String] = []
    for rank in [3, 2, 1, 0] {
      var polynomial = Polynomial()
      for product in products where product.dimensions.count == rank {
        polynomial.add(product.dimensions, times: product.times)
      }
      if !polynomial.coefficients.isEmpty { parts.append(factored(polynomial, name)) }
    }
    return parts.isEmpty ? "0" : parts.joined(separator: " + ")
  }

  /// By falling powers.
  private static func plain(_ polynomial: Polynomial, _ name: (Dimension.Width) -> String) -> String {
    var sum = ""
    for (monomial, coefficient) in polynomial.coefficients.sorted(by: { $0.key.degree > $1.key.degree }) {
      let magnitude = coefficient.magnitude
      let powers = text(monomial.powers, name)
      let term = powers.isEmpty ? "\(magnitude)" : magnitude == 1 ? powers : "\(magnitude)·\(powers)"
      let sign = coefficient < 0 ? (sum.isEmpty ? "-" : " - ") : sum.isEmpty ? "" : " + "
      sum += sign + term
    }
    return sum.isEmpty ? "0" : sum
  }

  private static func factored(_ polynomial: Polynomial, _ name: (Dimension.Width) -> String) -> String {
    var factor = 0
    var common: [Dimension.Width: Int]?
    for (monomial, coefficient) in polynomial.coefficients {
      factor = greatestCommonDivisor(factor, abs(coefficient))
      if let known = common {
        common = known.compactMapValues { $0 }.reduce(into: [:]) { result, entry in
          let power = min(entry.value, monomial.powers[entry.key] ?? 0)
          if power > 0 { result[entry.key] = power }
        }
      } else {
        common = monomial.powers
      }
    }
    let outer = common ?? [:]
    let rest = polynomial.coefficients.map { monomial, coefficient in
      (
        powers: monomial.powers.reduce(into: [Dimension.Width: Int]()) { result, entry in
          let power = entry.value - (outer[entry.key] ?? 0)
          if power > 0 { result[entry.key] = power }
        }, coefficient: coefficient / max(factor, 1)
      )
    }
    // The width that was taken out comes first: h·(h + x).
    let ordered = rest.sorted { a, b in
      let left = (a.powers.keys.contains { outer[$0] != nil } ? 0 : 1, a.powers.isEmpty ? 1 : 0)
      let right = (b.powers.keys.contains { outer[$0] != nil } ? 0 : 1, b.powers.isEmpty ? 1 : 0)
      if left != right { return left < right }
      return text(a.powers, name) < text(b.powers, name)
    }
    var head = factor == 1 && !outer.isEmpty ? "" : "\(factor)"
    if !outer.isEmpty { head += (head.isEmpty ? "" : "·") + text(outer, name) }
    if ordered.count == 1, ordered[0].powers.isEmpty, ordered[0].coefficient == 1 { return head }
    var sum = ""
    for term in ordered {
      let magnitude = term.coefficient.magnitude
      var body = text(term.powers, name)
      if body.isEmpty { body = "\(magnitude)" } else if magnitude != 1 { body = "\(magnitude)·\(body)" }
      sum += sum.isEmpty ? (term.coefficient < 0 ? "-" : "") + body : (term.coefficient < 0 ? " - " : " + ") + body
    }
    if head == "1" { return sum }
    return ordered.count == 1 ? "\(head)·\(sum)" : "\(head)·(\(sum))"
  }

  private static func text(_ powers: [Dimension.Width: Int], _ name: (Dimension.Width) -> String) -> String {
    powers.map { (name($0.key), $0.value) }.sorted { $0.0 < $1.0 }
      .map { $0.1 == 1 ? $0.0 : $0.0 + superscript($0.1) }.joined(separator: "·")
  }

  private static func superscript(_ number: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return String(String(number).compactMap { $0.wholeNumberValue }.map { digits[$0] })
  }

  private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : greatestCommonDivisor(b, a % b) }
}

extension Recurrence {
  /// How many numbers are learned, as a formula in the widths (a number if all are set).
  public var countFormula: String {
    var learned = parameters.compactMap { shapes.symbols[$0] }
    learned += learnedStarts.compactMap { shapes.symbols[$0] }
    return CountFormula.text(learned) { shapes.name($0) }
  }
}
