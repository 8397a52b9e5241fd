/// A formula in pieces: the parts of its rows between line ends, commas and wide space.
extension LaTeXLines {
  /// Systems of equations in `array` or `cases` are rows like others.
  static func flattened(_ atoms: [LaTeXAtom]) -> [LaTeXAtom] {
    var flat: [LaTeXAtom] = []
    for atom in atoms {
      switch atom.nucleus {
      case .fenced("", let inside): flat += flattened(inside)
      case .grid(_, let rows) where rows.allSatisfy({ $0.joined().contains { $0.isSign("=") } }):
        for row in rows {
          flat.append(LaTeXAtom(.rowBreak, atom.range))
          flat += row.joined()
        }
        flat.append(LaTeXAtom(.rowBreak, atom.range))
      default: flat.append(atom)
      }
    }
    return flat
  }

  /// `f', i' = a, b` is `f' = a, i' = b`.
  static func paired(_ atoms: [LaTeXAtom]) -> [LaTeXAtom] {
    guard atoms.contains(where: { $0.isSign(",") }) else { return atoms }
    var out: [LaTeXAtom] = []
    var row: [LaTeXAtom] = []
    func close() {
      let sides = row.split(atSigns: ["="])
      let lefts = sides[0].split(atSigns: [","])
      let rights = sides.count == 2 ? withoutPunctuation(sides[1]).split(atSigns: [","]) : []
      let isList = lefts.count > 1 && lefts.count == rights.count && lefts.allSatisfy { $0.visible.count == 1 }
      if isList, let equal = row.first(where: { $0.isSign("=") }) {
        for (left, right) in zip(lefts, rights) { out += left + [equal] + right + [LaTeXAtom(.rowBreak, equal.range)] }
      } else {
        out += row
      }
      row = []
    }
    for atom in atoms {
      switch atom.nucleus {
      case .rowBreak, .newline:
        close()
        out.append(atom)
      default: row.append(atom)
      }
    }
    close()
    return out
  }

  static func pieces(_ atoms: [LaTeXAtom]) -> [(Separator, [LaTeXAtom])] {
    var pieces: [(Separator, [LaTeXAtom])] = []
    var separator = Separator.start
    var piece: [LaTeXAtom] = []
    func close(_ next: Separator) {
      if !piece.isEmpty {
        pieces.append((separator, piece))
        piece = []
        separator = next
      } else if separator != .start, separator == .space || next == .row || (separator, next) == (.newline, .newline) {
        // `\\` with a newline after it is one end of a row; an empty line ends a row too.
        separator = (separator, next) == (.newline, .newline) ? .row : next
      }
    }
    for atom in atoms {
      switch atom.nucleus {
      case .rowBreak: close(.row)
      case .newline: close(.newline)
      case .wideSpace: close(.space)
      case .sign(","), .sign(";"):
        close(.comma)
        // The comma itself stays at the head of what follows, for an error to point to.
        piece.append(atom)
      case .text where !piece.isEmpty && piece.contains(where: { $0.isSign("=") }):
        close(.space)
        piece.append(atom)
      case .word(let word) where atom.style == .upright && connectives.contains(word) && piece.count > 2:
        close(.space)
        piece.append(atom)
      default: piece.append(atom)
      }
    }
    close(.row)
    return pieces
  }
}
