/// A formula as it is written, before it is text, LaTeX or MathML: what stands over, under and beside what.
///
/// It is made once from nodes, with every parenthesis decided; the three writers only spell it. A flat array with
/// parts before the whole, so that writers are loops and a formula of any depth is nothing special.
struct MathTree {
  /// The index of a part.
  struct ID: Hashable, Sendable {
    var index: Int
  }

  /// What is read where two factors meet.
  enum Joint: Sendable {
    /// `*`, elementwise: ⊙ on paper.
    case elementwise
    /// A number times something: nothing on paper.
    case scaling
    /// `·`, written out.
    case dot
    /// `·` of a matrix and what it maps: nothing on paper.
    case map
  }

  struct SignedPart: Sendable {
    var isNegative: Bool
    var part: ID
  }

  enum Part: Sendable {
    case number(String)
    /// `t`, `π`, `I`: a word of the language that no cell defines.
    case word(String)
    case identifier(Identifier)
    case sum([SignedPart])
    /// One joint fewer than factors.
    case product([ID], joints: [Joint])
    case fraction(ID, over: ID)
    case power(ID, ID)
    case transpose(ID)
    /// `[a, b]`
    case brackets([ID])
    case apply(Operator.ID, [ID])
    /// `mean(M, over: 1)`: of each column.
    case reduced(Operator.ID, ID)
    /// `diag(v)`.
    case call(String, [ID])
    /// `total(a)`: on paper the sum over all t.
    case total(ID)
    /// `∂y/∂x`; what is held while x varies stands below it on paper.
    case derivative(of: ID, by: ID, held: [ID])
    /// `∂/∂x (E)`
    case derivativeOperator(by: ID, ID)
    /// The columns of a matrix that multiply a part: `W_f[h]`.
    case block(ID, by: ID)
    /// The rows of something that a split gives to a name.
    case rows(ID, of: String)
    /// Parentheses. Those that only a line needs, `a / (b + c)`, are not written where a fraction bar or a raised
    /// exponent says as much.
    case fence(ID, isOnlyInLine: Bool)
    /// An entry of something: `(A · B)_jk`.
    case entry(ID, String)
    /// `Σ_l ...`, `mean_l ...`
    case summation(String, over: String, ID)
  }

  /// A symbol with what is attached to it.
  struct Identifier: Sendable {
    var name: String
    /// Steps from now; nil for what has no time, or is named without it.
    var shift: Int?
    /// `dW`.
    var isDifferential = false
    /// Which entry: `jk`.
    var entry = ""
  }

  private(set) var parts: [Part] = []

  subscript(_ id: ID) -> Part { parts[id.index] }

  mutating func add(_ part: Part) -> ID {
    parts.append(part)
    return ID(index: parts.count - 1)
  }
}
