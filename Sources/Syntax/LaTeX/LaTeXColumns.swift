/// Columns in brackets: `\begin{bmatrix} i_t \\ f_t \end{bmatrix}`, also `\left( \begin{array}{c} … \end{array} \right)`.
enum LaTeXColumns {
  /// The cells of a column or of a row; nil if the atom is neither.
  static func cells(_ atom: LaTeXAtom) -> [[LaTeXAtom]]? {
    switch atom.nucleus {
    case .grid(_, let rows):
      if rows.allSatisfy({ $0.count == 1 }) { return rows.map { $0[0] } }
      return rows.count == 1 ? rows[0] : nil
    case .fenced(_, let inside):
      let visible = inside.visible
      guard visible.count == 1, let only = visible.first, case .grid = only.nucleus, !only.hasScripts else {
        return nil
      }
      return cells(only)
    default: return nil
    }
  }

  /// Whether an atom is brackets with rows and columns, whatever their number.
  static func isGrid(_ atom: LaTeXAtom) -> Bool {
    switch atom.nucleus {
    case .grid: return true
    case .fenced(_, let inside):
      let visible = inside.visible
      guard visible.count == 1, let only = visible.first, case .grid = only.nucleus else { return false }
      return true
    default: return false
    }
  }
}
