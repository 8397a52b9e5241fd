/// How another program orders the weights of its recurrent layers.
///
/// All of them stack the gates of a layer into one matrix for the input and one for the state. What differs is the
/// order of the gates, which side of the matrix they stand on, and how many biases there are:
///
/// | | PyTorch | Keras | ONNX |
/// |---|---|---|---|
/// | arrays of a layer | `weight_ih_l0` [gates·h, x], `weight_hh_l0` [gates·h, h], `bias_ih_l0`, `bias_hh_l0` [gates·h] | kernel [x, gates·h], recurrent kernel [h, gates·h], bias [gates·h] (of a GRU with reset_after [2, gates·h]) | `W` [directions, gates·h, x], `R` [directions, gates·h, h], `B` [directions, 2·gates·h] |
/// | next layers, directions | `_l1`, `_l2`; `_reverse` | the next arrays, in the order of get_weights | `W_l1`, `R_l1`, `B_l1`; the first axis |
/// | LSTM | i f g o | i f g o (g is called c) | i o f g (g is called c) |
/// | GRUAfter (the product before the reset gate) | r z n | z r n (reset_after=True; n is called h) | z r n (linear_before_reset=1; n is called h) |
/// | GRU (the reset gate before the product) | – | z r n (reset_after=False) | z r n (linear_before_reset=0) |
/// | RNN | n | n | n |
///
/// Where there are two biases only their sum counts, except for n of GRUAfter, whose second one, `b_n`, stands inside
/// the reset gate's product. z of Keras and ONNX weighs the old state, as it does in GRUAfter; in GRU it weighs the
/// new one, so that its weights change sign: 1 - σ(a) = σ(-a).
///
/// Sources: torch.nn.LSTM, GRU, RNN; keras.layers.LSTM, GRU, SimpleRNN; ONNX operators LSTM-14, GRU-14, RNN-14.
enum WeightLayout: String, CaseIterable {
  case pytorch, keras, onnx

  /// What it is called in sentences.
  var title: String {
    switch self {
    case .pytorch: "PyTorch"
    case .keras: "Keras"
    case .onnx: "ONNX"
    }
  }
}

/// A cell of the library that other programs have too, by the names of its parameters.
struct PeerCell {
  struct Gate {
    let letter: Character
    /// The matrices that multiply the input and the state; one that multiplies both stands twice.
    let input: String
    let recurrent: String
    let bias: String
    /// A bias of the state's product alone.
    var recurrentBias: String?
    /// Here it is one minus what it is elsewhere.
    var isComplement = false
  }

  let name: String
  let gates: [Gate]
  /// The order of the gates in each layout that has the cell.
  let orders: [WeightLayout: String]

  /// The gates as a layout orders them; nil if it has no such cell.
  func gates(in layout: WeightLayout) -> [Gate]? {
    orders[layout]?.compactMap { letter in gates.first { $0.letter == letter } }
  }

  var parameters: Set<String> {
    Set(gates.flatMap { [$0.input, $0.recurrent, $0.bias] + ($0.recurrentBias.map { [$0] } ?? []) })
  }

  static let table = [
    PeerCell(
      name: "LSTM",
      gates: ["i", "f", "g", "o"].map {
        Gate(letter: $0, input: "W_\($0)", recurrent: "W_\($0)", bias: "b_\($0)")
      }, orders: [.pytorch: "ifgo", .keras: "ifgo", .onnx: "iofg"]),
    PeerCell(
      name: "GRUAfter",
      gates: [
        Gate(letter: "r", input: "W_r", recurrent: "U_r", bias: "b_r"),
        Gate(letter: "z", input: "W_z", recurrent: "U_z", bias: "b_z"),
        Gate(letter: "n", input: "W", recurrent: "U", bias: "b", recurrentBias: "b_n"),
      ], orders: [.pytorch: "rzn", .keras: "zrn", .onnx: "zrn"]),
    PeerCell(
      name: "GRU",
      gates: [
        Gate(letter: "r", input: "W_r", recurrent: "W_r", bias: "b_r"),
        Gate(letter: "z", input: "W_z", recurrent: "W_z", bias: "b_z", isComplement: true),
        Gate(letter: "n", input: "W", recurrent: "W", bias: "b"),
      ], orders: [.keras: "zrn", .onnx: "zrn"]),
    PeerCell(
      name: "RNN", gates: [Gate(letter: "n", input: "W", recurrent: "U", bias: "b")],
      orders: [.pytorch: "n", .keras: "n", .onnx: "n"]),
  ]
}
