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
  private lazy var phrases = EquationPhrases(recurrence, openIdentity: openIdentity)
  /// The sums that stand in the equations, and mean what they mean there.
  private(set) var quoted: Set<NodeID> = []
  /// The terms of sums as they were written, before vectors and numbers became multiples of I.
  private var written: [NodeID: [Term]] = [:]
  /// What is wrong with sums that may yet grow into one of the equations'.
  private var unfit: [NodeID: AnswerMisfit] = [:]
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

  // MARK: Sums

  /// A sum, of whose terms those that stand for diagonal matrices have been made such.
  func note(_ terms: [Term], in sum: NodeID) -> NodeID {
    written[sum] = terms
    return sum
  }

  /// A sum that does not fit as it is: it is told when it has ended.
  func note(_ terms: [Term], unfit misfit: AnswerMisfit) throws -> NodeID {
    if phrases.isEmpty { throw misfit }
    let sum = store.insert(.sum(terms))
    unfit[sum] = misfit
    return note(terms, in: sum)
  }

  func writtenTerms(of sum: NodeID, _ terms: [Term]) -> [Term] { written[sum] ?? terms }

  /// The equations' own sum of such terms, if there is one.
  func phrase(_ terms: [Term]) -> NodeID? {
    guard let phrase = phrases.phrase(of: store.insert(.sum(terms))) else { return nil }
    quoted.insert(phrase)
    return phrase
  }

  // MARK: Shapes

  func checkShape(of id: NodeID, _ place: Place) throws {
    if let misfit = unfit[id] { throw error(misfit, place) }
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
