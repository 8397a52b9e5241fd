// What the light and linear recurrences and the steps of differential equations compute.

enum LibraryCasesLight {
  static let all: [LibraryCase] = simple + means + exponential + dynamics

  static let simple: [LibraryCase] = [
    LibraryCase(
      "SRU1", x: 3, parameters: ["W": [3, 3], "W_f": [3, 3], "b_f": [3], "W_r": [3, 3], "b_r": [3]], states: ["c": 3]
    ) { s in
      let input = s.matrix("W") * s.x
      let forget = (s.matrix("W_f") * s.x + s.vector("b_f")).squashed
      let show = (s.matrix("W_r") * s.x + s.vector("b_r")).squashed
      let cell = forget * s.c + (1 - forget) * input
      return ["x̃": input, "f": forget, "r": show, "c": cell, "h": show * cell.tanh + (1 - show) * s.x]
    },
    LibraryCase(
      "SRU", x: 3,
      parameters: [
        "W": [3, 3], "W_f": [3, 3], "v_f": [3], "b_f": [3], "W_r": [3, 3], "v_r": [3], "b_r": [3],
      ], states: ["c": 3]
    ) { s in
      let forget = (s.matrix("W_f") * s.x + s.vector("v_f") * s.c + s.vector("b_f")).squashed
      let show = (s.matrix("W_r") * s.x + s.vector("v_r") * s.c + s.vector("b_r")).squashed
      let cell = forget * s.c + (1 - forget) * (s.matrix("W") * s.x)
      let scale = (1.0 + 2.0).squareRoot()
      return ["f": forget, "r": show, "c": cell, "h": show * cell + scale * ((1 - show) * s.x)]
    },
    LibraryCase(
      "QRNN",
      parameters: ["W_z": [3, 2], "V_z": [3, 2], "W_f": [3, 2], "V_f": [3, 2], "W_o": [3, 2], "V_o": [3, 2]],
      states: ["c": 3]
    ) { s in
      func convolution(_ letter: String) -> Vector {
        s.matrix("V_" + letter) * s.lastX + s.matrix("W_" + letter) * s.x
      }
      let candidate = convolution("z").tanh
      let forget = convolution("f").squashed
      let show = convolution("o").squashed
      let cell = forget * s.c + (1 - forget) * candidate
      return ["z": candidate, "f": forget, "o": show, "c": cell, "h": show * cell]
    },
    LibraryCase("IndRNN", parameters: ["W": [3, 2], "u": [3], "b": [3]], states: ["h": 3]) { s in
      ["h": (s.matrix("W") * s.x + s.vector("u") * s.h + s.vector("b")).positive]
    },
  ]

  static let means: [LibraryCase] = [
    LibraryCase("TRNN", parameters: ["W": [3, 2], "V": [3, 2], "b": [3]], states: ["h": 3]) { s in
      let input = s.matrix("W") * s.x
      let forget = (s.matrix("V") * s.x + s.vector("b")).squashed
      return ["z": input, "f": forget, "h": forget * s.h + (1 - forget) * input]
    },
    LibraryCase(
      "minGRU", parameters: ["W_z": [3, 2], "b_z": [3], "W_h": [3, 2], "b_h": [3]], states: ["h": 3]
    ) { s in
      let update = (s.matrix("W_z") * s.x + s.vector("b_z")).squashed
      let candidate = s.matrix("W_h") * s.x + s.vector("b_h")
      return ["z": update, "h̃": candidate, "h": (1 - update) * s.h + update * candidate]
    },
    LibraryCase(
      "minLSTM",
      parameters: ["W_f": [3, 2], "b_f": [3], "W_i": [3, 2], "b_i": [3], "W_h": [3, 2], "b_h": [3]],
      states: ["h": 3]
    ) { s in
      let forget = (s.matrix("W_f") * s.x + s.vector("b_f")).squashed
      let write = (s.matrix("W_i") * s.x + s.vector("b_i")).squashed
      let candidate = s.matrix("W_h") * s.x + s.vector("b_h")
      let kept = forget / (forget + write)
      let added = write / (forget + write)
      return ["f": forget, "i": write, "h̃": candidate, "f′": kept, "i′": added, "h": kept * s.h + added * candidate]
    },
    LibraryCase(
      "RGLRU", x: 3, parameters: ["W_a": [3, 3], "b_a": [3], "W_i": [3, 3], "b_i": [3], "Λ": [3]], states: ["h": 3]
    ) { s in
      let recurrence = (s.matrix("W_a") * s.x + s.vector("b_a")).squashed
      let write = (s.matrix("W_i") * s.x + s.vector("b_i")).squashed
      let base = s.vector("Λ").squashed
      // σ(Λ)^(8 r), by the logarithm.
      let decay = (8.0 * (recurrence * base.log)).exp
      let hidden = decay * s.h + (1 - decay * decay).root * (write * s.x)
      return ["r": recurrence, "i": write, "a": decay, "h": hidden]
    },
  ]

  /// With σ and with exp for the forget gate.
  static let exponential: [LibraryCase] = ["sLSTM", "sLSTMexp"].map { name in
    var parameters: [String: [Int]] = [:]
    for letter in ["z", "i", "f", "o"] {
      parameters["W_" + letter] = [3, 2]
      parameters["R_" + letter] = [3, 3]
      parameters["b_" + letter] = [3]
    }
    return LibraryCase(name, parameters: parameters, states: ["h": 3, "c": 3, "n": 3, "m": 3]) { s in
      func sum(_ letter: String) -> Vector {
        s.matrix("W_" + letter) * s.x + s.matrix("R_" + letter) * s.h + s.vector("b_" + letter)
      }
      let logWrite = sum("i")
      let logForget = name == "sLSTM" ? sum("f").squashed.log : sum("f")
      let stabiliser = Vector.larger(logForget + s.old("m"), logWrite)
      let write = (logWrite - stabiliser).exp
      let forget = (logForget + s.old("m") - stabiliser).exp
      let cell = forget * s.c + write * sum("z").tanh
      let normaliser = forget * s.old("n") + write
      let show = sum("o").squashed
      return [
        "z": sum("z").tanh, "ĩ": logWrite, "f̃": logForget, "o": show, "m": stabiliser, "i′": write, "f′": forget,
        "c": cell, "n": normaliser, "h": show * (cell / normaliser),
      ]
    }
  }

  static let dynamics: [LibraryCase] = [
    LibraryCase("AntisymmetricRNN", parameters: ["U": [3, 3], "W": [3, 2], "b": [3]], states: ["h": 3]) { s in
      let u = s.matrix("U").rows
      var turn = u
      for row in 0..<3 {
        for column in 0..<3 { turn[row][column] = u[row][column] - u[column][row] - (row == column ? 0.01 : 0) }
      }
      let push = (Matrix(rows: turn) * s.h + s.matrix("W") * s.x + s.vector("b")).tanh
      return ["h": s.h + 0.01 * push]
    },
    LibraryCase(
      "coRNN", parameters: ["U": [3, 3], "V": [3, 3], "W": [3, 2], "b": [3]], states: ["h": 3, "v": 3]
    ) { s in
      let push = (s.matrix("U") * s.h + s.matrix("V") * s.old("v") + s.matrix("W") * s.x + s.vector("b")).tanh
      let velocity = s.old("v") + 0.042 * (push - 2.7 * s.h - 4.7 * s.old("v"))
      return ["v": velocity, "h": s.h + 0.042 * velocity]
    },
    LibraryCase(
      "LEM",
      parameters: [
        "W_1": [3, 3], "V_1": [3, 2], "b_1": [3], "W_2": [3, 3], "V_2": [3, 2], "b_2": [3], "W_z": [3, 3],
        "V_z": [3, 2], "b_z": [3], "W_h": [3, 3], "V_h": [3, 2], "b_h": [3],
      ], states: ["h": 3, "z": 3]
    ) { s in
      func sum(_ letter: String, _ state: Vector) -> Vector {
        s.matrix("W_" + letter) * state + s.matrix("V_" + letter) * s.x + s.vector("b_" + letter)
      }
      let slowStep = sum("1", s.h).squashed
      let step = sum("2", s.h).squashed
      let slow = (1 - slowStep) * s.old("z") + slowStep * sum("z", s.h).tanh
      let hidden = (1 - step) * s.h + step * sum("h", slow).tanh
      return ["δ": slowStep, "δ̄": step, "z": slow, "h": hidden]
    },
  ]
}

/// Every cell of the library.
enum LibraryCases {
  static let all: [LibraryCase] = LibraryCasesLSTM.all + LibraryCasesGated.all + LibraryCasesLight.all
}
