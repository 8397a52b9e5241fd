import Figures

/// A picture as data; the terminal and files draw it.
enum Figure {
  /// Heatmaps, charts, diagrams: what can also be written to a file.
  case picture(any Picture)
  case steps(Steps)
  case product(StateProduct)
  case paths(Paths)
  case plan(PlanFigure)
}

extension Figure {
  func lines(_ display: Display) -> [String] {
    switch self {
    case .picture(let picture): picture.lines(width: display.width, ink: display.ink)
    case .steps(let steps): steps.lines(width: display.width, display.notation)
    case .paths(let paths): paths.lines(width: display.width, display.notation)
    case .plan(let plan): plan.lines(width: display.width)
    case .product(let product): product.lines(width: display.width, display.notation)
    }
  }
}
