import Algebra
import Runtime

/// A cell as a value: its system of equations.
final class Cell {
  let recurrence: Recurrence
  /// The name it was defined under, for errors.
  var name: String { recurrence.name }

  init(_ recurrence: Recurrence) { self.recurrence = recurrence }
}

/// A net as a value: it changes in place, and every name for it sees that.
final class NetValue {
  let net: Net
  /// It was fed a batch, `[time, batch, width]`, and answers batches.
  var isBatched: Bool

  init(_ net: Net, isBatched: Bool = false) {
    self.net = net
    self.isBatched = isBatched
  }

  var recurrence: Recurrence { net.recurrence }
}

/// `net.layer1`: the part of a net whose names begin so.
struct NetPart {
  let net: NetValue
  /// With the point at its end: `layer1.`.
  let prefix: String
}

/// `net.f`: a variable or input over all times that were reached, as it is now. A value: later feeds do not change it.
final class TrackValue {
  let net: NetValue
  let symbol: SymbolID
  /// How it was named.
  let name: String

  init(_ net: NetValue, _ symbol: SymbolID, name: String) {
    self.net = NetValue(net.net.copy(), isBatched: net.isBatched)
    self.symbol = symbol
    self.name = name
  }
}

/// `c[t]` at the prompt: a symbol with its equation. A class, so that values stay small.
final class Formula {
  struct Equation {
    let recurrence: Recurrence
    let targets: [SymbolID]
    let body: NodeID
    /// Steps from now.
    let shift: Int
  }

  /// The equation in one line, or what the symbol is if it has none.
  let text: String
  /// Nil for inputs, which have none.
  let equation: Equation?

  init(text: String, equation: Equation? = nil) {
    self.text = text
    self.equation = equation
  }
}
