import Algebra
import Runtime
import Syntax
import Typography

/// The words for what is wrong with training.
enum TrainingProblem {
  static func explained(_ error: any Error, _ recurrence: Recurrence, _ call: Call) -> any Error {
    let data = call.places.count > 1 ? call.places[1] : call.place
    switch error {
    case TrainingError.data(let error):
      let (message, hint) = words(error)
      return SessionError.builtin(message, hint: hint, data)
    case TrainingError.interrupted: return Interrupted()
    case let error as TrainingError:
      let (message, hint, label) = words(error, recurrence)
      return SessionError.builtin(message, hint: hint, label.flatMap { call.label($0)?.place } ?? data)
    case let error as LossFailure:
      let (message, hint) = words(error)
      return SessionError.builtin(message, hint: hint, call.label("loss")?.place ?? call.place)
    default: return NetProblem.explained(error, recurrence, at: call.place)
    }
  }

  private static func words(_ error: TrainingDataError) -> (String, String?) {
    switch error {
    case .empty: ("there are no sequences to train on", nil)
    case .size(let name, let needed, let got): ("\(name) has \(got) numbers, and the data needs \(needed)", nil)
    case .lengths(let needed, let got):
      ("there are \(counted(needed, "sequence")), and lengths of \(got)", nil)
    case .length(let sequence, let length, let time):
      ("sequence \(sequence) is said to have \(counted(length, "step")), and the data has \(time)", nil)
    case .classNumber(let name, let sequence, let number, let count):
      ("\(name) of sequence \(sequence) has the class \(number), and there are \(count)", "classes count from 1")
    case .notFinite(let name, let sequence):
      (
        "\(name) of sequence \(sequence) has a number that is not finite",
        "gaps are left out, or filled, before training"
      )
    }
  }

  /// What is wrong, what to do, and the label that it is about.
  private static func words(_ error: TrainingError, _ recurrence: Recurrence) -> (String, String?, String?) {
    switch error {
    case .data, .interrupted: return ("this failed", nil, nil)
    case .missing(let name, let has):
      return ("the data has nothing for \(name)", has.isEmpty ? nil : "it has \(listed(has))", nil)
    case .width(let name, let needed, let got):
      let isOutput = recurrence.outputs.contains { recurrence.store[$0].name == name }
      return (
        "\(name) is \(needed) wide, and the data is \(got) wide",
        isOutput ? "a read-out is as wide as the data: stack(…, linear(\(got)))" : nil, nil
      )
    case .classes(let name, let width, let classes):
      return (
        "\(name) is \(width) wide, and the data has \(counted(classes, "class", "classes"))",
        "an output for each class: linear(\(classes))", nil
      )
    case .batchTooLarge(let batch, let count):
      return (
        "a mini-batch of \(batch) is more than the \(counted(count, "sequence")) of the data",
        "batch: \(count) takes all at once", "batch"
      )
    case .needsWhole(let cell, let option):
      return (
        "\(cell) has a part that runs from the end, so it cannot be run in parts", "leave out \(option)", option
      )
    case .diverged(let found): return (text(found), hint(found), "optimizer")
    }
  }

  private static func text(_ found: Divergence) -> String {
    let loss =
      found.loss.isNaN
      ? "is no number any more" : "has grown to \(about(found.loss))"
    var text = "the loss \(loss) at step \(found.step), in epoch \(found.epoch)"
    if let place = found.place {
      text += "; it begins with \(place.variable)[\(place.time)] = \(about(place.value)) in sequence \(place.sequence)"
    } else if let gradient = found.gradient {
      text = "the gradient of \(gradient) is no number any more at step \(found.step), in epoch \(found.epoch)"
    }
    return text
  }

  /// Two digits: the size is what matters.
  private static func about(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return NumberText.significant(value) }
    let scale = Power.of(10, Double(Int(Power.log10(value.magnitude))) - 1)
    return NumberText.significant((value / scale).rounded() * scale, digits: 2)
  }

  private static func hint(_ found: Divergence) -> String {
    found.step == 1
      ? "it is so before the first step: look at the data and the starting values"
      : "a smaller lr, or clip: 1; the net is as it was before that step"
  }

  private static func words(_ error: LossFailure) -> (String, String?) {
    switch error {
    case .noOutput(let cell): ("\(cell) has no output that the data has a target for", nil)
    case .ownLoss(_, let name):
      ("\(name) is a sum over all times, a loss of the cell's own", "leave it out: fit adds up what its loss gives")
    case .matrixOutput(let name): ("\(name) is a matrix at each step, and losses compare vectors", nil)
    case .oneClass(let output):
      (
        "crossentropy needs an output for each class, and \(output) is 1 wide",
        "two classes are linear(2); of one number mse"
      )
    case .matrixLoss(let name): ("\(name) answers a matrix, and a loss is a number", "sum(…) or mean(…)")
    case .constantLoss(let name): ("\(name) does not depend on the output", "fn \(name)(y, target) = …")
    }
  }
}
