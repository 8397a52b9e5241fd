import Algebra
import Elaboration
import Runtime
import Syntax

/// `loss: crossentropy, on: last`: what `fit` and `test` compare, and where.
enum LossReader {
  private static let names = ["crossentropy", "mse"]

  static func loss(_ call: Call) throws -> Loss {
    guard let (value, place) = call.label("loss") else {
      throw call.problem(
        "\(call.builtin.name) needs a loss", hint: "loss: mse, loss: crossentropy, or a function of output and target")
    }
    switch value {
    case .text("mse"): return .meanSquare
    case .text("crossentropy"): return .crossEntropy
    case .text(let word):
      throw SessionError.builtin(
        "there is no loss \(word)",
        hint: didYouMean(nearNames(word, among: names)) ?? "losses are mse, crossentropy and your own functions", place)
    case .function(let function):
      guard case .user(let user) = function.kind else { break }
      let interpreter = call.interpreter
      return .function(
        try LossFunctionReader.read(user.code.definition, environment: interpreter.environment) { name in
          if case .number(let number)? = interpreter.value(of: name) { number } else { nil }
        })
    default: break
    }
    throw SessionError.badSetting(
      "loss", allowed: "mse, crossentropy or a function of output and target", value.described, place)
  }

  /// Class numbers as targets mean something to cross-entropy alone.
  static func usesClasses(_ loss: Loss) -> Bool { if case .crossEntropy = loss { true } else { false } }

  static func isOnLast(_ call: Call) throws -> Bool {
    guard let (value, place) = call.label("on") else { return false }
    switch value {
    case .text("last"): return true
    case .text("every"): return false
    default: throw SessionError.badSetting("on", allowed: "every or last", value.described, place)
    }
  }

  /// The outputs that the data has targets for, each with the loss.
  static func losses(
    _ loss: Loss, _ recurrence: Recurrence, _ data: TrainingData
  ) -> [(output: SymbolID, loss: Loss)] {
    recurrence.outputs.filter { output in
      data.targets.contains { $0.name == recurrence.store[output].name }
    }.map { ($0, loss) }
  }
}
