import Algebra

extension BuiltinTable {
  /// The functions that a cell may apply are functions of the prompt too: the same rows, so that `σ` in a cell, `σ` on
  /// a vector and `σ'` cannot differ.
  static let operators: [Builtin] = OperatorTable.rows.compactMap { row in
    guard case .unary(let function) = row.meaning, !row.example.isEmpty else { return nil }
    return Builtin(
      names: [row.name] + row.spellings, theme: .mathematics, "\(row.name)(z)",
      "\(row.purpose); values in \(row.range)", example: row.example, row.result, equation: row.equation,
      derivative: "\(row.name)'(z) = \(row.derivative)",
      slope: (try? ScalarFunction(operator: row.name)?.derivative())?.value, .elementwise(function))
  }
}
