// What the LSTM, its descendants and Greff's variants compute.

private let gateShapes: [String: [Int]] = [
  "W_f": [3, 5], "W_i": [3, 5], "W_g": [3, 5], "W_o": [3, 5], "b_f": [3], "b_i": [3], "b_g": [3], "b_o": [3],
]
private let peepholeShapes: [String: [Int]] = ["p_f": [3], "p_i": [3], "p_o": [3]]

private func without(_ letter: String, _ shapes: [String: [Int]]) -> [String: [Int]] {
  shapes.filter { !$0.key.hasSuffix("_" + letter) }
}

extension Step {
  /// W_k · [h, x] + b_k with the old h.
  fileprivate func gate(_ letter: String) -> Vector {
    matrix("W_" + letter).times(h, x) + vector("b_" + letter)
  }

  fileprivate func peephole(_ letter: String, _ cell: Vector) -> Vector { vector("p_" + letter) * cell }
}

enum LibraryCasesLSTM {
  static let all: [LibraryCase] = plain + projected + normalised + multiplicative + greff

  static let plain: [LibraryCase] = [
    LibraryCase("LSTM", parameters: gateShapes, states: ["h": 3, "c": 3]) { s in
      let forget = s.gate("f").squashed
      let write = s.gate("i").squashed
      let candidate = s.gate("g").tanh
      let show = s.gate("o").squashed
      let cell = forget * s.c + write * candidate
      return ["f": forget, "i": write, "g": candidate, "o": show, "c": cell, "h": show * cell.tanh]
    },
    LibraryCase("LSTM97", parameters: without("f", gateShapes), states: ["h": 3, "c": 3]) { s in
      let write = s.gate("i").squashed
      let candidate = s.gate("g").tanh
      let show = s.gate("o").squashed
      let cell = s.c + write * candidate
      return ["i": write, "g": candidate, "o": show, "c": cell, "h": show * cell.tanh]
    },
    LibraryCase("CIFG", parameters: without("i", gateShapes), states: ["h": 3, "c": 3]) { s in
      let forget = s.gate("f").squashed
      let write = 1 - forget
      let candidate = s.gate("g").tanh
      let show = s.gate("o").squashed
      let cell = forget * s.c + write * candidate
      return ["f": forget, "i": write, "g": candidate, "o": show, "c": cell, "h": show * cell.tanh]
    },
    LibraryCase(
      "PeepholeLSTM", parameters: gateShapes.merging(peepholeShapes) { $1 }, states: ["h": 3, "c": 3]
    ) { s in
      let forget = (s.gate("f") + s.peephole("f", s.c)).squashed
      let write = (s.gate("i") + s.peephole("i", s.c)).squashed
      let candidate = s.gate("g").tanh
      let cell = forget * s.c + write * candidate
      let show = (s.gate("o") + s.peephole("o", cell)).squashed
      return ["f": forget, "i": write, "g": candidate, "o": show, "c": cell, "h": show * cell.tanh]
    },
  ]

  /// h is 3 wide and c 4: the projection is 3 × 4, every gate 4 × (3 + 2).
  static let projected: [LibraryCase] = [
    LibraryCase(
      "LSTMP", more: ["c": 4],
      parameters: gateShapes.mapValues { $0.count == 2 ? [4, 5] : [4] }.merging(["W_p": [3, 4]]) { $1 },
      states: ["h": 3, "c": 4]
    ) { s in
      let forget = s.gate("f").squashed
      let write = s.gate("i").squashed
      let candidate = s.gate("g").tanh
      let show = s.gate("o").squashed
      let cell = forget * s.c + write * candidate
      let projected = s.matrix("W_p") * (show * cell.tanh)
      return ["f": forget, "i": write, "g": candidate, "o": show, "c": cell, "h": projected]
    },
    LibraryCase(
      "PeepholeLSTMP", more: ["c": 4],
      parameters: gateShapes.merging(peepholeShapes) { $1 }.mapValues { $0.count == 2 ? [4, 5] : [4] }
        .merging(["W_p": [3, 4]]) { $1 },
      states: ["h": 3, "c": 4]
    ) { s in
      let forget = (s.gate("f") + s.peephole("f", s.c)).squashed
      let write = (s.gate("i") + s.peephole("i", s.c)).squashed
      let candidate = s.gate("g").tanh
      let cell = forget * s.c + write * candidate
      let show = (s.gate("o") + s.peephole("o", cell)).squashed
      let projected = s.matrix("W_p") * (show * cell.tanh)
      return ["f": forget, "i": write, "g": candidate, "o": show, "c": cell, "h": projected]
    },
  ]

  /// The sum is 12 wide: forget, input, output, candidate, three each.
  static let normalised: [LibraryCase] = [
    LibraryCase(
      "LayerNormLSTM",
      parameters: [
        "U": [12, 3], "W": [12, 2], "γ_h": [12], "γ_x": [12], "b": [12], "γ_c": [3], "b_c": [3],
      ], states: ["h": 3, "c": 3]
    ) { s in
      let sum =
        s.vector("γ_h") * (s.matrix("U") * s.h).normalised + s.vector("γ_x") * (s.matrix("W") * s.x).normalised
        + s.vector("b")
      let (toForget, toWrite, toShow, toAdd) = (sum.part(0, 3), sum.part(3, 3), sum.part(6, 3), sum.part(9, 3))
      let cell = toForget.squashed * s.c + toWrite.squashed * toAdd.tanh
      let hidden = toShow.squashed * (s.vector("γ_c") * cell.normalised + s.vector("b_c")).tanh
      return [
        "a_f": toForget, "a_i": toWrite, "a_o": toShow, "a_g": toAdd, "f": toForget.squashed,
        "i": toWrite.squashed, "g": toAdd.tanh, "o": toShow.squashed, "c": cell, "h": hidden,
      ]
    }
  ]

  static let multiplicative: [LibraryCase] = [
    LibraryCase(
      "mLSTM16",
      parameters: [
        "W_m": [3, 2], "U_m": [3, 3], "W_f": [3, 2], "U_f": [3, 3], "b_f": [3], "W_i": [3, 2], "U_i": [3, 3],
        "b_i": [3], "W_g": [3, 2], "U_g": [3, 3], "b_g": [3], "W_o": [3, 2], "U_o": [3, 3], "b_o": [3],
      ], states: ["h": 3, "c": 3]
    ) { s in
      let middle = (s.matrix("W_m") * s.x) * (s.matrix("U_m") * s.h)
      func sum(_ letter: String) -> Vector {
        s.matrix("W_" + letter) * s.x + s.matrix("U_" + letter) * middle + s.vector("b_" + letter)
      }
      let cell = sum("f").squashed * s.c + sum("i").squashed * sum("g").tanh
      return [
        "m": middle, "f": sum("f").squashed, "i": sum("i").squashed, "g": sum("g").tanh, "o": sum("o").squashed,
        "c": cell, "h": sum("o").squashed * cell.tanh,
      ]
    }
  ]

  /// One closure for all of Greff's variants: what each leaves out is nil or a switch.
  static let greff: [LibraryCase] = [
    variant("NIG", drops: "i") { $0.hasWrite = false },
    variant("NFG", drops: "f") { $0.hasForget = false },
    variant("NOG", drops: "o") { $0.hasShow = false },
    variant("NIAF", drops: nil) { $0.squashesInput = false },
    variant("NOAF", drops: nil) { $0.squashesOutput = false },
    variant("PeepholeCIFG", drops: "i") { $0.isCoupled = true },
    variant("NP", drops: nil) { $0.hasPeepholes = false },
    variant("FGR", drops: nil) { $0.hasFullRecurrence = true },
  ]

  private struct Variant {
    var hasWrite = true, hasForget = true, hasShow = true
    var squashesInput = true, squashesOutput = true
    var isCoupled = false, hasPeepholes = true, hasFullRecurrence = false
  }

  private static func variant(_ name: String, drops: String?, _ change: (inout Variant) -> Void) -> LibraryCase {
    var kind = Variant()
    change(&kind)
    let v = kind
    var shapes = gateShapes
    if v.hasPeepholes { shapes.merge(peepholeShapes) { $1 } }
    if let drops { shapes = without(drops, shapes) }
    var states = ["h": 3, "c": 3]
    if v.hasFullRecurrence {
      for from in ["i", "f", "o"] {
        states[from] = 3
        for to in ["i", "f", "o"] { shapes["R_" + from + to] = [3, 3] }
      }
    }
    return LibraryCase(name, parameters: shapes, states: states) { s in
      func gate(_ letter: String, _ seen: Vector) -> Vector {
        var sum = s.gate(letter)
        if v.hasPeepholes { sum = sum + s.peephole(letter, seen) }
        if v.hasFullRecurrence {
          for from in ["i", "f", "o"] { sum = sum + s.matrix("R_" + from + letter) * s.old(from) }
        }
        return sum.squashed
      }
      var values: [String: Vector] = [:]
      let candidate = v.squashesInput ? s.gate("g").tanh : s.gate("g")
      values["g"] = candidate
      var kept = s.c
      if v.hasForget {
        let forget = gate("f", s.c)
        values["f"] = forget
        kept = forget * s.c
        if v.isCoupled { values["i"] = 1 - forget }
      }
      if v.hasWrite, !v.isCoupled { values["i"] = gate("i", s.c) }
      let cell = kept + (values["i"].map { $0 * candidate } ?? candidate)
      values["c"] = cell
      let shown = v.squashesOutput ? cell.tanh : cell
      if v.hasShow {
        let show = gate("o", cell)
        values["o"] = show
        values["h"] = show * shown
      } else {
        values["h"] = shown
      }
      return values
    }
  }
}
