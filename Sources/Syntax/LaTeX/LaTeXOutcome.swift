/// What a piece of LaTeX was understood to say.
public struct LaTeXOutcome: Sendable {
  /// The equations, in the order written, as if they had been typed in a cell's braces.
  public var items: [CellItem]
  /// What was decided and not forced, merged for printing.
  public var decisions: [Decision]
  /// Lines of derivatives: no part of the cell, but they can be given to `check`.
  public var skipped: [Skipped]
}

/// A decision that the LaTeX left open: `* is elementwise (3 times)`.
public struct Decision: Sendable {
  /// One line, without a full stop.
  public var text: String
  /// Everywhere it was taken.
  public var places: [Place]
}

/// A line of derivatives, `∂C_t/∂C_{t-1} = … = …`.
public struct Skipped: Sendable {
  /// What it is called: `∂C[t]/∂C[t-1]`.
  public var name: String
  /// The left side and what it is said to equal, if they could be read.
  public var claim: Expression?
  public var answers: [Expression]
  /// Why the line could not be read as a claim, if it could not.
  public var obstacle: Diagnostic?
  public var place: Place
}
