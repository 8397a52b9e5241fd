// What the plain networks, the GRUs and their gated relatives compute.

extension Step {
  /// W_k · x + U_k · h + b_k with the old h.
  fileprivate func sum(_ letter: String) -> Vector {
    matrix("W_" + letter) * x + matrix("U_" + letter) * h + vector("b_" + letter)
  }
}

/// Shapes of W_k, U_k, b_k for some gates, and more.
private func shapes(_ letters: [String], _ more: [String: [Int]] = [:], x: Int = 2) -> [String: [Int]] {
  var result = more
  for letter in letters {
    result["W_" + letter] = [3, x]
    result["U_" + letter] = [3, 3]
    result["b_" + letter] = [3]
  }
  return result
}

enum LibraryCasesGated {
  static let all: [LibraryCase] = plain + gru + searched + relatives + linear + highway

  static let plain: [LibraryCase] = [
    LibraryCase("RNN", parameters: ["W": [3, 2], "U": [3, 3], "b": [3]], states: ["h": 3]) { s in
      ["h": (s.matrix("W") * s.x + s.matrix("U") * s.h + s.vector("b")).tanh]
    },
    LibraryCase("IRNN", parameters: ["W": [3, 2], "U": [3, 3], "b": [3]], states: ["h": 3]) { s in
      ["h": (s.matrix("W") * s.x + s.matrix("U") * s.h + s.vector("b")).positive]
    },
  ]

  static let gru: [LibraryCase] = [
    LibraryCase(
      "GRU", parameters: ["W_z": [3, 5], "W_r": [3, 5], "W": [3, 5], "b_z": [3], "b_r": [3], "b": [3]],
      states: ["h": 3]
    ) { s in
      let update = (s.matrix("W_z").times(s.h, s.x) + s.vector("b_z")).squashed
      let reset = (s.matrix("W_r").times(s.h, s.x) + s.vector("b_r")).squashed
      let candidate = (s.matrix("W").times(reset * s.h, s.x) + s.vector("b")).tanh
      return ["z": update, "r": reset, "h̃": candidate, "h": (1 - update) * s.h + update * candidate]
    },
    LibraryCase(
      "GRUAfter", parameters: shapes(["z", "r"], ["W": [3, 2], "U": [3, 3], "b": [3], "b_n": [3]]),
      states: ["h": 3]
    ) { s in
      let update = s.sum("z").squashed
      let reset = s.sum("r").squashed
      let seen = s.matrix("U") * s.h + s.vector("b_n")
      let candidate = (s.matrix("W") * s.x + s.vector("b") + reset * seen).tanh
      return ["z": update, "r": reset, "h̃": candidate, "h": (1 - update) * candidate + update * s.h]
    },
    LibraryCase(
      "MGU", parameters: ["W_f": [3, 5], "W_h": [3, 5], "b_f": [3], "b_h": [3]], states: ["h": 3]
    ) { s in
      let gate = (s.matrix("W_f").times(s.h, s.x) + s.vector("b_f")).squashed
      let candidate = (s.matrix("W_h").times(gate * s.h, s.x) + s.vector("b_h")).tanh
      return ["f": gate, "h̃": candidate, "h": (1 - gate) * s.h + gate * candidate]
    },
    LibraryCase("UGRNN", parameters: shapes(["g", "c"]), states: ["h": 3]) { s in
      let gate = s.sum("g").squashed
      let candidate = s.sum("c").tanh
      return ["g": gate, "c": candidate, "h": gate * s.h + (1 - gate) * candidate]
    },
  ]

  static let searched: [LibraryCase] = [
    LibraryCase(
      "MUT1", x: 3, parameters: shapes(["r"], ["W_z": [3, 3], "b_z": [3], "U": [3, 3], "b": [3]], x: 3),
      states: ["h": 3]
    ) { s in
      let update = (s.matrix("W_z") * s.x + s.vector("b_z")).squashed
      let reset = s.sum("r").squashed
      let candidate = (s.matrix("U") * (reset * s.h) + s.x.tanh + s.vector("b")).tanh
      return ["z": update, "r": reset, "h̃": candidate, "h": candidate * update + s.h * (1 - update)]
    },
    LibraryCase(
      "MUT2", x: 3,
      parameters: shapes(["z"], ["U_r": [3, 3], "b_r": [3], "U": [3, 3], "W": [3, 3], "b": [3]], x: 3),
      states: ["h": 3]
    ) { s in
      let update = s.sum("z").squashed
      let reset = (s.x + s.matrix("U_r") * s.h + s.vector("b_r")).squashed
      let candidate = (s.matrix("U") * (reset * s.h) + s.matrix("W") * s.x + s.vector("b")).tanh
      return ["z": update, "r": reset, "h̃": candidate, "h": candidate * update + s.h * (1 - update)]
    },
    LibraryCase(
      "MUT3", parameters: shapes(["z", "r"], ["U": [3, 3], "W": [3, 2], "b": [3]]), states: ["h": 3]
    ) { s in
      let update = (s.matrix("W_z") * s.x + s.matrix("U_z") * s.h.tanh + s.vector("b_z")).squashed
      let reset = s.sum("r").squashed
      let candidate = (s.matrix("U") * (reset * s.h) + s.matrix("W") * s.x + s.vector("b")).tanh
      return ["z": update, "r": reset, "h̃": candidate, "h": candidate * update + s.h * (1 - update)]
    },
  ]

  static let relatives: [LibraryCase] = [
    LibraryCase("JANET", parameters: shapes(["f", "c"]), states: ["h": 3, "c": 3]) { s in
      let gate = s.sum("f")
      let candidate = s.sum("c").tanh
      let cell = gate.squashed * s.c + (1 - (gate - 1).squashed) * candidate
      return ["s": gate, "c̃": candidate, "c": cell, "h": cell]
    },
    LibraryCase("LiGRU", parameters: shapes(["z", "h"]), states: ["h": 3]) { s in
      let update = s.sum("z").squashed
      let candidate = s.sum("h").positive
      return ["z": update, "h̃": candidate, "h": update * s.h + (1 - update) * candidate]
    },
    LibraryCase("LightRU", parameters: shapes(["f"], ["W_h": [3, 2]]), states: ["h": 3]) { s in
      let gate = s.sum("f").squashed
      let candidate = (s.matrix("W_h") * s.x).tanh
      return ["f": gate, "h̃": candidate, "h": (1 - gate) * s.h + gate * candidate]
    },
    LibraryCase(
      "MinimalRNN", parameters: ["W": [3, 2], "b_z": [3], "U": [3, 3], "V": [3, 3], "b_u": [3]], states: ["h": 3]
    ) { s in
      let mapped = (s.matrix("W") * s.x + s.vector("b_z")).tanh
      let update = (s.matrix("U") * s.h + s.matrix("V") * mapped + s.vector("b_u")).squashed
      return ["z": mapped, "u": update, "h": update * s.h + (1 - update) * mapped]
    },
    LibraryCase("CFN", parameters: shapes(["θ", "η"], ["W": [3, 2]]), states: ["h": 3]) { s in
      let keep = s.sum("θ").squashed
      let take = s.sum("η").squashed
      return ["θ": keep, "η": take, "h": keep * s.h.tanh + take * (s.matrix("W") * s.x).tanh]
    },
    LibraryCase(
      "STAR", parameters: shapes(["k"], ["W_z": [3, 2], "b_z": [3]]), states: ["h": 3]
    ) { s in
      let gate = s.sum("k").squashed
      let mapped = (s.matrix("W_z") * s.x + s.vector("b_z")).tanh
      return ["k": gate, "z": mapped, "h": ((1 - gate) * s.h + gate * mapped).tanh]
    },
    LibraryCase(
      "FastGRNN", parameters: ["W": [3, 2], "U": [3, 3], "b_z": [3], "b_h": [3], "ζ̂": [], "ν̂": []], states: ["h": 3]
    ) { s in
      let shared = s.matrix("W") * s.x + s.matrix("U") * s.h
      let gate = (shared + s.vector("b_z")).squashed
      let candidate = (shared + s.vector("b_h")).tanh
      let zeta = Vector([s.number("ζ̂")]).squashed.entries[0]
      let nu = Vector([s.number("ν̂")]).squashed.entries[0]
      return ["z": gate, "h̃": candidate, "h": (zeta * (1 - gate) + nu) * candidate + gate * s.h]
    },
  ]

  static let linear: [LibraryCase] = [
    LibraryCase(
      "RAN", parameters: ["W_c": [3, 2], "b_c": [3], "W_i": [3, 5], "b_i": [3], "W_f": [3, 5], "b_f": [3]],
      states: ["h": 3, "c": 3]
    ) { s in
      let content = s.matrix("W_c") * s.x + s.vector("b_c")
      let write = (s.matrix("W_i").times(s.h, s.x) + s.vector("b_i")).squashed
      let forget = (s.matrix("W_f").times(s.h, s.x) + s.vector("b_f")).squashed
      let cell = write * content + forget * s.c
      return ["c̃": content, "i": write, "f": forget, "c": cell, "h": cell.tanh]
    },
    LibraryCase("ATR", parameters: ["W": [3, 2], "U": [3, 3]], states: ["h": 3]) { s in
      let input = s.matrix("W") * s.x
      let history = s.matrix("U") * s.h
      let write = (input + history).squashed
      let forget = (input - history).squashed
      return ["p": input, "q": history, "i": write, "f": forget, "h": write * input + forget * s.h]
    },
    LibraryCase(
      "BRC", parameters: ["W_a": [3, 2], "w_a": [3], "W_c": [3, 2], "w_c": [3], "W": [3, 2]], states: ["h": 3]
    ) { s in
      let feedback = (s.matrix("W_a") * s.x + s.vector("w_a") * s.h).tanh + 1
      let update = (s.matrix("W_c") * s.x + s.vector("w_c") * s.h).squashed
      let candidate = (s.matrix("W") * s.x + feedback * s.h).tanh
      return ["a": feedback, "c": update, "h": update * s.h + (1 - update) * candidate]
    },
  ]

  static let highway: [LibraryCase] = ["RHN", "CoupledRHN"].map { name in
    let letters = name == "RHN" ? ["H", "T", "C"] : ["H", "T"]
    var parameters: [String: [Int]] = [:]
    for letter in letters {
      parameters["W_" + letter] = [3, 2]
      for layer in ["1", "2"] {
        parameters["R_" + letter + layer] = [3, 3]
        parameters["b_" + letter + layer] = [3]
      }
    }
    return LibraryCase(name, parameters: parameters, states: ["h": 3]) { s in
      var values: [String: Vector] = [:]
      var state = s.h
      for layer in ["1", "2"] {
        func sum(_ letter: String) -> Vector {
          let own = s.matrix("R_" + letter + layer) * state + s.vector("b_" + letter + layer)
          return layer == "1" ? own + s.matrix("W_" + letter) * s.x : own
        }
        let candidate = sum("H").tanh
        let transform = sum("T").squashed
        let carry = letters.count == 3 ? sum("C").squashed : 1 - transform
        values["H_" + layer] = candidate
        values["T_" + layer] = transform
        if letters.count == 3 { values["C_" + layer] = carry }
        state = candidate * transform + state * carry
        values[layer == "1" ? "s_1" : "h"] = state
      }
      return values
    }
  }
}
