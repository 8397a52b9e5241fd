/// What the letters in scripts count: time, units, layers. Found by looking at all equations together.
struct LaTeXConventions {
  private(set) var timeLetter = "t"

  /// Letters that papers use for time, most usual first.
  private static let timeLetters = ["t", "n", "k", "τ", "s", "m", "j", "i"]
  private static let unitLetters: Set<String> = ["i", "j", "k", "m"]
  private static let layerLetters: Set<String> = ["l", "ℓ"]

  init(_ lines: [LaTeXLine], inputs: [String]) {
    // By letter: whether an input or left side stands at it, and whether something stands one step before.
    var stands: Set<String> = []
    var delays: Set<String> = []
    func look(_ atom: LaTeXAtom, isLeft: Bool, next: LaTeXAtom?) {
      let name: String
      switch atom.nucleus {
      case .letter(let letter): name = letter
      case .word(let word): name = word
      default: return
      }
      let isInput = inputs.contains { $0 == name || $0.hasPrefix(name + "_") }
      var pieces = atom.subscripts.flatMap { $0.visible.split(atSigns: [","]) }
      pieces += atom.superscripts.flatMap { LaTeXScripts.unwrapped($0).split(atSigns: [","]) }
      if let next, case .fenced(_, let inside) = next.nucleus, !next.hasScripts { pieces.append(inside) }
      for piece in pieces {
        let piece = LaTeXScripts.unwrapped(piece)
        guard piece.count == 1 || piece.count == 3, let letter = piece.first?.bareLetter,
          let offset = LaTeXScripts.offset(piece, from: letter)
        else { continue }
        if isLeft || isInput { stands.insert(letter) }
        if offset != 0 { delays.insert(letter) }
      }
    }
    for line in lines {
      for (index, side) in line.sides.enumerated() { Self.visit(side) { look($0, isLeft: index == 0, next: $1) } }
    }
    if stands.contains("t") || delays.contains("t") { return }
    timeLetter = Self.timeLetters.first { stands.contains($0) && delays.contains($0) } ?? "t"
  }

  /// Each atom with the one after it.
  private static func visit(_ atoms: [LaTeXAtom], _ body: (LaTeXAtom, LaTeXAtom?) -> Void) {
    LaTeXVisit.first([LaTeXAtom(.fenced("(", atoms), 0..<0)]) { atom in
      let groups: [[LaTeXAtom]]
      switch atom.nucleus {
      case .fenced(_, let inside): groups = [inside]
      case .fraction(let above, let below): groups = [above, below]
      case .root(let inside, _): groups = [inside]
      case .grid(_, let rows): groups = rows.flatMap { $0 }
      default: groups = []
      }
      for group in groups {
        for (index, atom) in group.enumerated() { body(atom, index + 1 < group.count ? group[index + 1] : nil) }
      }
      return false
    }
  }

  /// Finds the letters of units and layers on the left sides.
  func readIndices(of lines: [LaTeXLine], scripts: inout LaTeXScripts) {
    var common: Set<String>?
    var calligraphic: Set<String> = []
    var other: Set<String> = []
    for line in lines {
      var letters: Set<String> = []
      let left = line.sides[0]
      LaTeXVisit.first(left) { atom in
        for script in atom.subscripts + atom.superscripts {
          let inside = LaTeXScripts.unwrapped(script)
          for piece in inside.split(atSigns: [","]) {
            let piece = LaTeXScripts.unwrapped(piece)
            if piece.count == 1, let letter = piece.first?.bareLetter { letters.insert(letter) }
          }
        }
        for script in atom.superscripts where script.visible.count == 1 {
          if case .number? = script.visible.first?.nucleus, case .letter(let letter) = atom.nucleus {
            scripts.numberedBases.insert(letter)
          }
        }
        return false
      }
      if let layer = Self.layerLetters.sorted().first(where: { letters.contains($0) }) { scripts.layerLetter = layer }
      letters.remove(timeLetter)
      let units = letters.intersection(Self.unitLetters)
      common = common.map { $0.intersection(units) } ?? units
      for side in line.sides {
        LaTeXVisit.first(side) { atom in
          guard case .letter(let letter) = atom.nucleus else { return false }
          if atom.style == .calligraphic { calligraphic.insert(letter) } else { other.insert(letter) }
          return false
        }
      }
    }
    scripts.twofoldBases = calligraphic.intersection(other)
    guard let common, common.count == 1, let unit = common.first else { return }
    scripts.unitLetter = unit
    scripts.unitLetters = [unit]
    for side in lines.flatMap(\.sides) {
      LaTeXVisit.first(side) { atom in
        if atom.isSign("∑"), let letter = LaTeXSums.letter(atom), letter != timeLetter {
          scripts.unitLetters.insert(letter)
        }
        return false
      }
    }
  }
}

/// Rewrites what is one thing though it is written as two: `Δ t`, `h(t-1)`.
enum LaTeXCompounds {
  /// Joins Δ to the letter after it where both are one name: `Δt`, or where a left side is so called.
  static func joined(_ lines: [LaTeXLine]) -> [LaTeXLine] {
    var names: Set<String> = ["t", "τ"]
    for line in lines {
      let left = line.sides.first?.visible ?? []
      if left.count == 2, isDelta(left[0]), case .letter(let letter) = left[1].nucleus { names.insert(letter) }
    }
    return rewritten(lines) { atoms in
      guard atoms.contains(where: isDelta) else { return atoms }
      var out: [LaTeXAtom] = []
      for atom in atoms {
        if let last = out.last, isDelta(last), case .letter(let letter) = atom.nucleus, names.contains(letter) {
          var joined = atom
          joined.nucleus = .word("Δ" + letter)
          joined.range = last.range.through(atom.range)
          joined.style = last.style
          out[out.count - 1] = joined
        } else {
          out.append(atom)
        }
      }
      return out
    }
  }

  private static func isDelta(_ atom: LaTeXAtom) -> Bool { atom.bareLetter == "Δ" }

  /// `h(t-1)` and `h[t-1]` are `h_{t-1}`.
  static func timesAbsorbed(_ lines: [LaTeXLine], letter: String) -> [LaTeXLine] {
    rewritten(lines) { atoms in
      var out: [LaTeXAtom] = []
      for atom in atoms {
        if let last = out.last, isName(last), case .fenced(let fence, let inside) = atom.nucleus, !atom.hasScripts,
          fence == "(" || fence == "[", LaTeXScripts.offset(inside.visible, from: letter) != nil,
          !(last.subscripts + last.superscripts).contains(where: {
            LaTeXScripts.offset(LaTeXScripts.unwrapped($0), from: letter) != nil
          })
        {
          out[out.count - 1].superscripts.append([atom])
          out[out.count - 1].range = last.range.through(atom.range)
        } else {
          out.append(atom)
        }
      }
      return out
    }
  }

  private static func isName(_ atom: LaTeXAtom) -> Bool {
    switch atom.nucleus {
    case .letter(let letter): return letter != "σ"
    case .word(let word): return !LaTeXFunctions.isFunctionWord(word)
    default: return false
    }
  }

  private static func rewritten(_ lines: [LaTeXLine], _ change: ([LaTeXAtom]) -> [LaTeXAtom]) -> [LaTeXLine] {
    lines.map { line in
      var line = line
      line.sides = line.sides.map { deep($0, change) }
      return line
    }
  }

  private static func deep(_ atoms: [LaTeXAtom], _ change: ([LaTeXAtom]) -> [LaTeXAtom]) -> [LaTeXAtom] {
    change(
      atoms.map { atom in
        var atom = atom
        switch atom.nucleus {
        case .fenced(let fence, let inside): atom.nucleus = .fenced(fence, deep(inside, change))
        case .fraction(let above, let below): atom.nucleus = .fraction(deep(above, change), deep(below, change))
        case .root(let inside, let degree): atom.nucleus = .root(deep(inside, change), degree: degree)
        case .grid(let kind, let rows):
          atom.nucleus = .grid(kind, rows.map { row in row.map { deep($0, change) } })
        default: break
        }
        return atom
      })
  }
}
