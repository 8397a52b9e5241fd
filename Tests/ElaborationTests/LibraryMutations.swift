import Foundation

/// Wrong copies of a cell's text, each with one slip that a hand might make: two parameters swapped, a sign turned, one
/// squashing function for another, an old value for a new one, a transpose or a bias forgotten, a product made a sum.
/// Texts in quotes and the lines that only declare (`init`, `param`, `const`) are left alone.
struct LibraryMutation: Sendable {
  var title: String
  var text: String

  static func all(of text: String, parameters: [String: [Int]]) -> [LibraryMutation] {
    swaps(in: text, parameters: parameters) + slips(in: text, parameters: parameters)
  }

  /// Each parameter exchanged with the next one of the same shape, wherever they stand.
  private static func swaps(in text: String, parameters: [String: [Int]]) -> [LibraryMutation] {
    var result: [LibraryMutation] = []
    for (_, names) in Dictionary(grouping: parameters.keys.sorted(), by: { parameters[$0] ?? [] }) {
      for (first, second) in zip(names, names.dropFirst()) {
        let swapped = mapEquations(of: text) { equation in
          replaceName(second, by: first, in: replaceName(first, by: "\u{1}", in: equation))
            .replacingOccurrences(of: "\u{1}", with: second)
        }
        result.append(LibraryMutation(title: "\(first) and \(second) swapped", text: swapped))
      }
    }
    return result
  }

  private static func slips(in text: String, parameters: [String: [Int]]) -> [LibraryMutation] {
    var replacements: [(String, String)] = [
      (" + ", " - "), (" - ", " + "), (" * ", " + "), ("σ(", "tanh("), ("tanh(", "σ("), ("relu(", "tanh("),
      ("exp(", "tanh("), ("softplus(", "tanh("), ("√(", "("), ("LN(", "tanh("), ("max(", "min("), ("[t-1]", "[t]"),
      ("[t-1]", "[t-2]"), ("[t]", "[t-1]"), ("Uᵀ", "U"), ("1 - ", "0 - "), ("1 + ", "2 + "), (" / ", " * "),
      ("^2", "^3"),
      ("8 *", "7 *"),
    ]
    for (name, shape) in parameters where shape.count < 2 { replacements.append((" + \(name)", "")) }
    var result: [LibraryMutation] = []
    for (old, new) in replacements {
      var occurrence = 0
      while let mutated = replace(occurrence, of: old, by: new, in: text) {
        result.append(LibraryMutation(title: "occurrence \(occurrence + 1) of '\(old)' made '\(new)'", text: mutated))
        occurrence += 1
      }
    }
    return result
  }

  /// The text with one occurrence replaced, counted over the right-hand sides only; nil if there are not so many.
  private static func replace(_ occurrence: Int, of old: String, by new: String, in text: String) -> String? {
    var left = occurrence
    var done = false
    let result = mapEquations(of: text) { equation in
      var result = ""
      var rest = equation[...]
      while !done, let range = rest.range(of: old) {
        result += rest[..<range.lowerBound]
        // A bias is only dropped as a whole name.
        let follows = rest[range.upperBound...].first
        let isWhole = !new.isEmpty || follows.map { !($0.isLetter || $0 == "_" || $0.isNumber) } ?? true
        if isWhole, left == 0 {
          result += new
          done = true
        } else {
          result += rest[range]
          if isWhole { left -= 1 }
        }
        rest = rest[range.upperBound...]
      }
      return result + rest
    }
    return done ? result : nil
  }

  /// Applies a change to the right-hand side of each equation: not to its left-hand side, nor to texts in quotes.
  private static func mapEquations(of text: String, _ change: (String) -> String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let trimmed = line.trimmingCharacters(in: .whitespaces)
      for word in ["cell ", "init ", "param ", "const ", "\"", "}"] where trimmed.hasPrefix(word) {
        return String(line)
      }
      let quote = line.firstIndex(of: "\"") ?? line.endIndex
      // A line that goes on an equation has no left-hand side.
      let start = line[..<quote].range(of: " = ")?.upperBound ?? line.startIndex
      return line[..<start] + change(String(line[start..<quote])) + line[quote...]
    }.joined(separator: "\n")
  }

  private static func replaceName(_ name: String, by new: String, in text: String) -> String {
    var result = ""
    var rest = text[...]
    while let range = rest.range(of: name) {
      let before = rest[..<range.lowerBound].last ?? result.last
      let after = rest[range.upperBound...].first
      func isPart(_ character: Character?) -> Bool {
        character.map { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "′" } ?? false
      }
      // A name followed by [ is a variable.
      let isWhole = !isPart(before) && !isPart(after) && after != "["
      result += rest[..<range.lowerBound] + (isWhole ? new[...] : rest[range])
      rest = rest[range.upperBound...]
    }
    return result + rest
  }
}
