/// What one step of a cell costs, as formulas in its widths (numbers where they are set).
///
/// Every expression that varies with time is computed once, however often it stands; what a plan saves by stacking
/// and fusing is not counted, and neither is the backward pass, which costs about twice as much again.
public struct Work {
  /// Terms of a sum: a product of widths, so many times.
  private typealias Count = (dimensions: [Dimension], times: Int)

  /// Multiplications, each with an addition, in products of matrices and vectors: `4·h·(h + x)`.
  public let products: String
  /// σ, tanh and their like: `5·h`.
  public let activations: String
  /// Sums, products and quotients, element by element.
  public let elementwise: String

  public init(_ recurrence: Recurrence) {
    let store = recurrence.store
    var (products, activations, elementwise): ([Count], [Count], [Count]) = ([], [], [])
    func sides(_ id: NodeID) -> [Dimension] { recurrence.shapes.nodes[id]?.dimensions ?? [] }
    var told: Set<NodeID> = []
    let nodes = recurrence.equations.flatMap { store.closure(of: [$0.body]) }
    for id in nodes where told.insert(id).inserted && store.variation(id) == .withTime {
      switch store[id] {
      case .matrixProduct(let a, let b):
        let (left, right) = (sides(a), sides(b))
        if left.isEmpty || right.isEmpty {
          elementwise.append((sides(id), 1))
        } else if left.count == 1 {
          // An inner or an outer product.
          products.append((sides(id).isEmpty ? left : sides(id), 1))
        } else {
          products.append((left + right.dropFirst(), 1))
        }
      case .apply: activations.append((sides(id), 1))
      case .sum(let terms): elementwise.append((sides(id), terms.count - 1))
      case .product(let factors): elementwise.append((sides(id), factors.count - 1))
      case .quotient, .power: elementwise.append((sides(id), 1))
      default: break
      }
    }
    func text(_ counts: [Count]) -> String {
      let counts = counts.filter { $0.times > 0 }
      return counts.isEmpty ? "0" : CountFormula.text(of: counts) { recurrence.shapes.name($0) }
    }
    self.products = text(products)
    self.activations = text(activations)
    self.elementwise = text(elementwise)
  }
}

extension Recurrence {
  /// The numbers of some symbols together, as a formula in the widths: `2·h`.
  public func size(of symbols: [SymbolID]) -> String {
    let shapes = symbols.compactMap { self.shapes.symbols[$0] }
    return shapes.isEmpty ? "0" : CountFormula.text(shapes) { self.shapes.name($0) }
  }
}
