/// Expressions as text in the language, so that what is printed reads back as the same expression.
public struct TextNotation {
  private var builder: MathTreeBuilder
  private var writer = TextWriter()

  public init(_ store: Store) { builder = MathTreeBuilder(store) }

  /// - Parameter notation: `matrix` writes derivations with matrices alone; `index`, which is not an expression, is
  ///   `elementwise` here.
  public init(_ recurrence: Recurrence, notation: Notation) {
    builder = MathTreeBuilder(recurrence, isMatrixNotation: notation == .matrix)
  }

  /// The text of an expression, on one line.
  public mutating func text(_ root: NodeID) -> String {
    let part = builder.part(root)
    return writer.text(part, in: builder.tree)
  }

  /// The right side of a derivation.
  public mutating func derivative(_ root: NodeID) -> String {
    let part = builder.derivative(root)
    return writer.text(part, in: builder.tree)
  }

  /// What names the block of columns that multiplies `part` of a vector: `h`, `r * h`, `x[t-1]`.
  public mutating func blockName(_ part: NodeID, of whole: NodeID) -> String {
    let name = builder.blockName(part, in: whole)
    return writer.text(name, in: builder.tree)
  }

  /// `c[t]`, `c[t-1]`, `W_f`.
  public static func read(_ symbol: Symbol, shift: Int) -> String {
    symbol.isTimed ? "\(symbol.name)[\(TextWriter.time(shift))]" : symbol.name
  }
}
