/// A derivative that stands unopened: `∂f[t]/∂c[t-1]`, or `dh[t-1]` if it is by a parameter.
public struct Atom: Hashable, Sendable {
  /// A variable (or parameter made of parameters) and its time, counted from t.
  public var symbol: SymbolID
  public var shift: Int
  public var cut: Cut

  public init(symbol: SymbolID, shift: Int, cut: Cut) {
    self.symbol = symbol
    self.shift = shift
    self.cut = cut
  }
}

/// What a derivative is by, and what is held while it varies.
public struct Cut: Hashable, Sendable {
  public var symbol: SymbolID
  /// The time, counted from t; 0 for a parameter.
  public var shift: Int
  public var held: [Held]

  public init(symbol: SymbolID, shift: Int, held: [Held] = []) {
    self.symbol = symbol
    self.shift = shift
    self.held = held
  }
}

/// `holding h[t-1]`, or `holding h` for all times.
public struct Held: Hashable, Sendable {
  public var symbol: SymbolID
  public var shift: Int?

  public init(symbol: SymbolID, shift: Int?) {
    self.symbol = symbol
    self.shift = shift
  }
}
