/// `\begin{…}` to `\end{…}`: rows of equations are spliced in, matrices become grids.
extension LaTeXStructure {
  mutating func environment(_ token: LaTeXToken) throws(LaTeXFault) -> [LaTeXAtom] {
    guard let (name, next) = LaTeXFormulas.environment(tokens, at: position) else {
      throw fault(.missingArgument("\\begin"), token.range)
    }
    position = next
    let isGrid = LaTeXCommands.gridEnvironments.contains(name)
    guard isGrid || LaTeXCommands.rowEnvironments.contains(name) else {
      throw fault(.unknownEnvironment(name), Range(from: token.range.lowerBound, to: endOfRead))
    }
    skipOptionalArgument()
    if LaTeXCommands.columnsEnvironments.contains(name), peek?.isMark("{") == true { _ = try rawArgument(token) }
    if isGrid { return [try grid(name, token)] }
    let start = LaTeXAtom(.rowBreak, token.range)
    let inside = try sequence(until: .environment)
    try end(name, token)
    return [start] + inside + [LaTeXAtom(.rowBreak, endOfRead..<endOfRead)]
  }

  mutating func grid(_ name: String, _ token: LaTeXToken) throws(LaTeXFault) -> LaTeXAtom {
    var rows: [[[LaTeXAtom]]] = []
    var row: [[LaTeXAtom]] = []
    while true {
      row.append(try sequence(until: .cell).visible)
      guard let next = peek else { throw fault(.unclosedEnvironment(name), token.range) }
      if next.isMark("&") {
        position += 1
        continue
      }
      let isEmpty = row.allSatisfy(\.isEmpty)
      if !isEmpty { rows.append(row) }
      row = []
      guard isRowBreak(next) else { break }
      position += 1
      skipSpacingArgument()
    }
    try end(name, token)
    return LaTeXAtom(.grid(name, rows), Range(from: token.range.lowerBound, to: endOfRead))
  }

  mutating func end(_ name: String, _ token: LaTeXToken) throws(LaTeXFault) {
    guard let close = peek, close.isCommand("end") else { throw fault(.unclosedEnvironment(name), token.range) }
    guard let (found, next) = LaTeXFormulas.environment(tokens, at: position + 1), found == name else {
      let other = LaTeXFormulas.environment(tokens, at: position + 1)?.name ?? ""
      throw fault(.wrongEnd(other, opened: name), close.range)
    }
    position = next
  }
}
