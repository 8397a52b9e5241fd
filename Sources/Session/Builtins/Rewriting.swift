import Algebra
import Syntax

/// Cells with other equations.
extension BuiltinTable {
  static let rewriting: [Builtin] = [
    Builtin(
      "rewrite", theme: .cells, "rewrite(cell, equation, ...)",
      "the cell with some equations written anew (or added), each a text as in a cell; parameters that nothing needs any more are left out",
      example: #"gates(rewrite(linear, "y[t] = σ(W · x[t]) * y[t-1]")).controls"#,
      #"("how much of y[t-1] stays in y[t]",)"#, .general { call in try rewrite(&call) })
  ]

  private static func rewrite(_ call: inout Call) throws -> Value {
    guard case .cell(let cell) = call.values[0] else { throw call.wrong(0, needs: "a cell") }
    var text = CellRewriting(cell.recurrence)
    for position in 1..<max(call.count, 1) {
      guard text.replace(with: try call.text(position)) else {
        throw call.problem(
          at: position, "an equation gives a variable its value at time t", hint: "\"i[t] = 1 - f[t]\"")
      }
    }
    do {
      var recurrence = try Library.read(cell: text.cell, environment: call.interpreter.environment)
      recurrence.widths = cell.recurrence.widths.filter { recurrence.store.symbol(named: $0.name) != nil }
      recurrence.shapes = try recurrence.solvedShapes()
      return .cell(Cell(recurrence))
    } catch let error as any Explained where !(error is SessionError) {
      throw call.problem(at: 1, "\(cell.name) cannot be written so: \(error.diagnostic.message)")
    } catch let diagnostic as Diagnostic {
      throw call.problem(at: 1, "\(cell.name) cannot be written so: \(diagnostic.message)")
    } catch { throw NetProblem.explained(error, cell.recurrence, at: call.place) }
  }
}

/// A cell as text, whose equations are exchanged line by line.
private struct CellRewriting {
  private let header: String
  private var equations: [(left: String, text: String)] = []
  private var settings: [String] = []
  private let purpose: String?

  init(_ recurrence: Recurrence) {
    // On one line each, whatever the width.
    var text = CellText(recurrence, width: 100_000)
    let lines = text.lines()
    header = lines.first ?? ""
    var body = Array(lines.dropFirst().dropLast())
    purpose = recurrence.purpose == nil ? nil : body.first
    if recurrence.purpose != nil, !body.isEmpty { body.removeFirst() }
    for line in body.prefix(recurrence.equations.count) {
      equations.append((Self.left(line) ?? "", line))
    }
    settings = Array(body.dropFirst(recurrence.equations.count))
  }

  /// `i[t]` of `i[t] = 1 - f[t]`, without blanks.
  private static func left(_ text: String) -> String? {
    guard let equals = text.firstIndex(of: "=") else { return nil }
    let left = text[..<equals].filter { !$0.isWhitespace }
    return left.isEmpty ? nil : left.replacingTime
  }

  /// False if the text is no equation.
  mutating func replace(with text: String) -> Bool {
    guard let left = Self.left(text), left.hasSuffix("[t]") || left.hasSuffix("]") else { return false }
    if let place = equations.firstIndex(where: { $0.left == left }) {
      equations[place].text = "  " + text
    } else {
      equations.append((left, "  " + text))
    }
    return true
  }

  var cell: String {
    let body = equations.map(\.text)
    let whole = body.joined(separator: "\n")
    // `init b_f = 1` of a parameter that is no more.
    let kept = settings.filter { line in
      let words = line.split(separator: " ")
      guard words.count > 1 else { return true }
      return whole.contains(String(words[1].prefix { $0 != "[" && $0 != ":" }))
    }
    return ([header] + body + kept + ["}"]).joined(separator: "\n")
  }
}

extension String {
  /// `i_t` as `i[t]`.
  fileprivate var replacingTime: String { hasSuffix("_t") ? dropLast(2) + "[t]" : self }
}
