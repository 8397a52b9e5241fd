import Algebra
import Syntax

/// What answers may say besides what equations may: derivatives, blocks, differentials, and vectors and numbers that
/// stand for diagonal matrices.
///
/// In a Jacobian's context a vector v next to `+ - =` with a matrix is `v * I`, a number n is `n * I`; left of `·` with
/// a matrix on its right v is diag(v), which is `v * M`, since a vector scales rows. Right of `·` a vector is a vector,
/// unless `readsVectorsAsDiagonals` tries the other reading.
final class AnswerContext {
  let recurrence: Recurrence
  let subject: AnswerSubject
  let blocks: BlockSearch
  /// Numbers of the session.
  let number: (String) -> Double?
  let readsVectorsAsDiagonals: Bool
  /// Vectors right of `·` that were taken for diagonal matrices.
  var diagonals: [NodeID] = []
  /// Vectors that were written in `diag`, of a width for which there is no I.
  var unnamedDiagonals: Set<NodeID> = []
  private var shapes = NodeMap<AnswerShape>()
  /// `I`, before it is known how large.
  let openIdentity: NodeID

  init(
    _ recurrence: Recurrence, _ subject: AnswerSubject, blocks: BlockSearch, readsVectorsAsDiagonals: Bool,
    number: @escaping (String) -> Double?
  ) {
    self.recurrence = recurrence
    self.subject = subject
    self.blocks = blocks
    self.readsVectorsAsDiagonals = readsVectorsAsDiagonals
    self.number = number
    openIdentity = recurrence.store.insert(.identity(equation: -1))
  }

  var store: Store { recurrence.store }
  var isJacobian: Bool { subject.isJacobian }

  // MARK: Shapes

  func checkShape(of id: NodeID, _ place: Place) throws {
    do { _ = try shape(of: id) } catch let misfit as AnswerMisfit { throw error(misfit, place) }
  }

  func error(_ misfit: AnswerMisfit, _ place: Place) -> ElaborationError {
    .shape(message: misfit.message, place, marks: [], hint: misfit.hint)
  }

  func words(_ id: NodeID) -> String { ((try? shape(of: id)) ?? .number).words(recurrence.shapes) }

  func text(_ rows: Dimension, _ columns: Dimension) -> String {
    recurrence.shapes.text(.matrix(rows: rows, columns: columns))
  }

  func shape(of root: NodeID) throws -> AnswerShape {
    if let shape = shapes[root] { return shape }
    let rules = AnswerShapes(recurrence: recurrence, isJacobian: isJacobian)
    // What is read grows from the inside out, so mostly all but the root is known.
    let isNextToKnown = store[root].operands.allSatisfy { shapes[$0] != nil }
    for id in isNextToKnown ? [root] : store.closure(of: [root]) where shapes[id] == nil {
      do {
        shapes[id] = try rules.shape(of: id) { shapes[$0] ?? .number }
      } catch {
        // What stands in an equation has the shape that it has there.
        guard let known = recurrence.shapes.nodes[id] else { throw error }
        shapes[id] = AnswerShape(known)
      }
    }
    return shapes[root] ?? .number
  }
}
