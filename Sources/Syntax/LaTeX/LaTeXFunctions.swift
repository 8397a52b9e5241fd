/// Which words of papers are which functions of the language.
struct LaTeXFunctions {
  private let known: Set<String>

  init(known: Set<String>) { self.known = known }

  /// The functions as papers write them; the first spelling known here is the one that is meant.
  private static let spellings: [[String]] = [
    ["σ", "sigmoid", "sigm", "logistic", "logsig", "Sigmoid", "sig", "Sigm", "sgm", "sigmoidal"],
    ["tanh", "Tanh", "tansig", "TANH"],
    ["relu", "ReLU", "Relu", "RELU", "rectifier"],
    ["exp", "Exp"], ["log", "ln"], ["max"], ["min"], ["abs"], ["sqrt"],
    ["softmax", "Softmax", "SoftMax"], ["softplus", "Softplus"],
    ["LN", "LayerNorm", "layernorm", "Layernorm", "layerNorm", "Norm"],
    ["sign", "sgn"], ["sin"], ["cos"], ["silu", "SiLU", "swish", "Swish"], ["gelu", "GELU"], ["elu", "ELU"],
    ["diag"], ["mean"], ["sum"], ["leakyrelu", "LeakyReLU"], ["hardsigmoid"],
  ]

  private static let canonical: [String: [String]] = {
    var table: [String: [String]] = [:]
    for row in spellings { for spelling in row { table[spelling] = row } }
    return table
  }()

  /// The language's name for a paper's: the user's own function first.
  func name(of word: String) -> String? {
    if known.contains(word), word != "sigmoid" { return word }
    return Self.canonical[word]?.first { known.contains($0) }
  }

  /// Whether a word names a function in papers, known here or not.
  static func isFunctionWord(_ word: String) -> Bool { canonical[word] != nil }

  /// Letters that papers use for functions: before parentheses they are no factor.
  static func looksLikeFunction(_ base: String, _ style: LaTeXStyle) -> Bool {
    if style == .calligraphic { return true }
    guard let first = base.unicodeScalars.first else { return false }
    if first == "Δ" { return false }
    return "σφϕψςΦΨfgρ".unicodeScalars.contains(first)
      || base.unicodeScalars.filter { $0.properties.isAlphabetic }.count > 1
  }

  /// What an unknown function may mean, for the hint.
  static func example(for name: String) -> String { name.hasSuffix("_g") ? "sigmoid(z)" : "tanh(z)" }
}
