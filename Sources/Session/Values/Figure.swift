import Figures

/// A picture as data; the terminal and files draw it.
enum Figure {
  /// Heatmaps, charts, diagrams: what can also be written to a file.
  case picture(any Picture)
  case steps(Steps)
  case product(StateProduct)
  case paths(Paths)
  case plan(PlanFigure)
  case flow(FlowFigure)
  case experiment(ExperimentFigure)
}

extension Figure {
  func lines(_ display: Display) -> [String] {
    switch self {
    case .picture(let picture): picture.lines(width: display.width, ink: display.ink)
    case .steps(let steps): steps.lines(width: display.width, display.notation, spelled: display.spelled)
    case .paths(let paths): paths.lines(width: display.width, display.notation)
    case .plan(let plan): plan.lines(width: display.width)
    case .flow(let flow): flow.lines(display)
    case .experiment(let experiment): experiment.lines(display)
    case .product(let product): product.lines(width: display.width, display.notation)
    }
  }
}

extension Figure {
  /// What a file is made of; nil for what is text alone.
  var drawn: (any Picture)? {
    switch self {
    case .picture(let picture): picture
    case .flow(let flow): flow.picture
    case .experiment(let experiment): experiment.picture
    case .steps, .product, .paths, .plan: nil
    }
  }

  /// The names of what stands after the point, `flow(LSTM).table`.
  var fieldNames: [String] {
    switch self {
    case .flow: FlowFigure.fields
    case .experiment: ExperimentFigure.fields
    case .picture, .steps, .product, .paths, .plan: []
    }
  }

  func field(_ name: String) throws(ValueProblem) -> Value? {
    switch self {
    case .flow(let flow): try flow.field(name)
    case .experiment(let experiment): try experiment.field(name)
    case .picture, .steps, .product, .paths, .plan: nil
    }
  }
}
