/// Strongly connected components (Tarjan 1972), without recursion: a stack of twelve hundred equations is not rare.
package enum Components {
  /// Visits components so that each comes after the components it reaches.
  package static func visit(
    roots: [Int]? = nil, count: Int, successors: (Int) -> [Int], _ report: ([Int]) -> Void
  ) {
    var order = [Int](repeating: -1, count: count)
    var low = [Int](repeating: 0, count: count)
    var isOnStack = [Bool](repeating: false, count: count)
    var stack: [Int] = []
    var work: [(node: Int, edges: [Int], next: Int)] = []
    var counter = 0

    func open(_ node: Int) {
      order[node] = counter
      low[node] = counter
      counter += 1
      stack.append(node)
      isOnStack[node] = true
      work.append((node, successors(node), 0))
    }

    for root in roots ?? Array(0..<count) where order[root] < 0 {
      open(root)
      while let frame = work.last {
        if frame.next < frame.edges.count {
          work[work.count - 1].next += 1
          let target = frame.edges[frame.next]
          if order[target] < 0 {
            open(target)
          } else if isOnStack[target] {
            low[frame.node] = min(low[frame.node], order[target])
          }
          continue
        }
        work.removeLast()
        if let parent = work.last?.node { low[parent] = min(low[parent], low[frame.node]) }
        guard low[frame.node] == order[frame.node] else { continue }
        var component: [Int] = []
        while let node = stack.popLast() {
          isOnStack[node] = false
          component.append(node)
          if node == frame.node { break }
        }
        report(component.reversed())
      }
    }
  }
}
