/// The reference page, made from the tables: a section a theme, a session an entry.
extension Session {
  /// All built-in functions and words in Markdown. Its examples are transcripts.
  public static func referencePage() -> String {
    var lines = [
      "# Reference", "",
      "Made from the program's own tables; `?name` at the prompt shows the same. Numbers show 5 digits.", "",
    ]
    for theme in Builtin.Theme.allCases {
      let rows = BuiltinTable.rows.filter { $0.theme == theme }
      guard !rows.isEmpty else { continue }
      lines += ["## \(theme.rawValue)", ""]
      for row in rows { lines += entry(row) }
    }
    lines += ["## Operators and words", ""]
    for row in KeywordHelp.table { lines += entry(row) }
    return lines.joined(separator: "\n")
  }

  private static func entry(_ row: Builtin) -> [String] {
    var lines = ["### `\(row.signature)`", "", sentence(row.summary)]
    if row.names.count > 1 { lines[2] += " Also written `\(row.names.dropFirst().joined(separator: "`, `"))`." }
    if let equation = row.equation { lines += ["", "`\(equation)`"] }
    if let derivative = row.derivative { lines += ["", "Derivative: `\(derivative)`."] }
    return lines + transcript(row.example, row.result)
  }

  private static func entry(_ row: KeywordHelp) -> [String] {
    let lines = ["### `\(row.form)`", "", sentence(row.summary)]
    return row.example.isEmpty ? lines + [""] : lines + transcript(row.example, row.result)
  }

  private static func sentence(_ summary: String) -> String {
    summary.prefix(1).uppercased() + summary.dropFirst() + "."
  }

  private static func transcript(_ statement: String, _ result: String) -> [String] {
    ["", "```", "> \(statement)", result, "```", ""]
  }
}
