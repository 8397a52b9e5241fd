/// How a derivation is written.
public enum Notation: String, Sendable, CaseIterable {
  /// As on the board: `f[t] + ∂f[t]/∂c[t-1] * c[t-1]`.
  case elementwise
  /// With matrices alone: `diag(f[t]) + diag(c[t-1]) · ∂f[t]/∂c[t-1]`.
  case matrix
  /// Per unit, for reading: `f[t]_j * δ_jk + c[t-1]_j * ∂f[t]_j/∂c[t-1]_k`.
  case index
}
