import Algebra
import Syntax

/// What an answer is an answer to: the derivatives by which its vectors are diagonal matrices, or its dW differentials.
public struct AnswerSubject: Sendable {
  /// What the claim's derivative is by; nil for a claim that is no derivative.
  public var cut: Cut?
  /// A derivative by a variable or input has a column for each of its entries; one by a parameter is a differential.
  public var isJacobian: Bool
  /// Of the claim: for every ∂ of the answer that holds nothing of its own.
  public var held: [Held] { cut?.held ?? [] }

  public init(cut: Cut?, isJacobian: Bool) {
    self.cut = cut
    self.isJacobian = isJacobian
  }

  /// By a cut of a recurrence.
  public init(_ cut: Cut, in recurrence: Recurrence) {
    let kind = recurrence.store[cut.symbol].kind
    self.init(cut: cut, isJacobian: kind == .variable || kind == .input)
  }
}
