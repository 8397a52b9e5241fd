/// What is known of nodes, by node: as a dictionary, without its hashing. Pages of a store of which nothing is known
/// take no room.
@frozen public struct NodeMap<Value> {
  @usableFromInline var pages: [[Value?]] = []

  @inlinable public init() {}

  @inlinable static var pageSize: Int { 256 }

  @inlinable public subscript(_ id: NodeID) -> Value? {
    get {
      let page = Int(id.index) / NodeMap.pageSize
      guard page < pages.count, !pages[page].isEmpty else { return nil }
      return pages[page][Int(id.index) % NodeMap.pageSize]
    }
    set {
      let page = Int(id.index) / NodeMap.pageSize
      while pages.count <= page { pages.append([]) }
      if pages[page].isEmpty { pages[page] = [Value?](repeating: nil, count: NodeMap.pageSize) }
      pages[page][Int(id.index) % NodeMap.pageSize] = newValue
    }
  }
}
