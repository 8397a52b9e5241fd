/// Joins sums over all times that read neighbours and add to neighbours: the gradients of four gates' weights are one
/// product.
enum SumWriter {
  static func joined(_ items: [PlanItem]) -> [PlanItem] {
    var outers: [OuterItem] = []
    var columns: [ColumnSumItem] = []
    var others: [PlanItem] = []
    for item in items {
      switch item {
      case .outer(let item): outers.append(item)
      case .columnSum(let item): columns.append(item)
      default: others.append(item)
      }
    }
    return others + joined(outers).map { .outer($0) } + joined(columns).map { .columnSum($0) }
  }

  private static func joined(_ items: [OuterItem]) -> [OuterItem] {
    var result: [OuterItem] = []
    let sorted = items.sorted {
      ($0.right.base, $0.right.count, $0.left.base, $0.result) < (
        $1.right.base, $1.right.count, $1.left.base, $1.result
      )
    }
    for item in sorted {
      if let last = result.last, last.right == item.right, ProductWriter.follows(last.left, item.left),
        last.resultStride == item.resultStride, last.result + last.left.count * last.resultStride == item.result
      {
        result[result.count - 1].left.count += item.left.count
      } else {
        result.append(item)
      }
    }
    return result
  }

  private static func joined(_ items: [ColumnSumItem]) -> [ColumnSumItem] {
    var result: [ColumnSumItem] = []
    for item in items.sorted(by: { ($0.source.base, $0.result) < ($1.source.base, $1.result) }) {
      if let last = result.last, ProductWriter.follows(last.source, item.source),
        last.result + last.source.count == item.result
      {
        result[result.count - 1].source.count += item.source.count
      } else {
        result.append(item)
      }
    }
    return result
  }
}
