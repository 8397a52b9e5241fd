/// Which column and which row each node stands in.
///
/// Rows from the top: a row for each track; the operations, those that feed a track or a box counted up from the
/// boxes, those that a track feeds counted down from it; the boxes; what else comes from an earlier time; the inputs.
/// Columns by precedence: a node stands right of what it reads in its own row, and above or right of what it reads in
/// others. So a gate stands below the product that it opens.
struct DiagramPlacement {
  private(set) var columns: [Int]
  private(set) var rows: [Int]
  private let diagram: Diagram
  private let operands: [[Int]]
  private let readers: [[Int]]
  private var trackOfNode: [Int: Int] = [:]

  init(_ diagram: Diagram) {
    self.diagram = diagram
    var operands: [[Int]] = Array(repeating: [], count: diagram.nodes.count)
    var readers = operands
    for edge in diagram.edges {
      operands[edge.to].append(edge.from)
      readers[edge.from].append(edge.to)
    }
    self.operands = operands
    self.readers = readers
    columns = Array(repeating: 0, count: diagram.nodes.count)
    rows = columns
    for (number, track) in diagram.tracks.enumerated() { for node in track { trackOfNode[node] = number } }
    placeRows()
    placeColumns()
    placeResults()
  }

  private func isSmall(_ node: Int) -> Bool {
    (diagram.nodes[node].role == .operation || diagram.nodes[node].role == .function) && trackOfNode[node] == nil
  }

  // MARK: Rows

  private mutating func placeRows() {
    let count = diagram.nodes.count
    // From the last to the first: whether a track is reached through small nodes alone, or a box.
    var feeds = Array(repeating: false, count: count)
    for node in (0..<count).reversed() where isSmall(node) {
      feeds[node] = readers[node].contains {
        trackOfNode[$0] != nil || diagram.nodes[$0].role == .box || isSmall($0) && feeds[$0]
      }
    }
    var height = Array(repeating: 0, count: count)
    var depth = height
    for node in 0..<count where isSmall(node) {
      let fromTrack = operands[node].contains {
        trackOfNode[$0] != nil && diagram.nodes[$0].role != .earlier || depth[$0] > 0
      }
      if fromTrack && !feeds[node] {
        depth[node] = 1 + (operands[node].map { depth[$0] }.max() ?? 0)
      } else {
        height[node] = 1 + (operands[node].map { height[$0] }.max() ?? 0)
      }
    }
    let tracks = diagram.tracks.count
    let middle = max(height.max() ?? 0, depth.max() ?? 0)
    let boxes = tracks + middle
    var next = boxes + 1
    for node in 0..<count {
      let role = diagram.nodes[node].role
      if let track = trackOfNode[node] {
        rows[node] = track
      } else if isSmall(node) {
        rows[node] = depth[node] > 0 ? tracks + depth[node] - 1 : boxes - height[node]
      } else if role == .earlier {
        rows[node] = next
        next += 1
      } else {
        rows[node] = boxes
      }
    }
    for node in 0..<count where diagram.nodes[node].role == .input { rows[node] = next }
  }

  // MARK: Columns

  private mutating func placeColumns() {
    var taken: Set<GridPoint> = []
    for node in diagram.nodes.indices {
      let role = diagram.nodes[node].role
      guard role != .earlier, role != .result else { continue }
      var column = 1
      for operand in operands[node] where diagram.nodes[operand].role != .input {
        let leavesTrack =
          trackOfNode[operand] != nil && trackOfNode[node] == nil && diagram.nodes[operand].role != .earlier
        let isBeside = rows[operand] == rows[node] || leavesTrack || rows[operand] < rows[node] && role == .box
        column = max(column, columns[operand] + (isBeside ? 1 : 0))
      }
      while !taken.insert(GridPoint(x: column, y: rows[node])).inserted { column += 1 }
      columns[node] = column
    }
  }

  /// At the right end, each in the row of what it is the value of, or the next free one.
  private mutating func placeResults() {
    let last = (columns.max() ?? 0) + 1
    var taken: Set<Int> = []
    let results = diagram.nodes.indices.filter { diagram.nodes[$0].role == .result }
    for node in results.filter({ trackOfNode[$0] != nil }) {
      columns[node] = last
      taken.insert(rows[node])
    }
    for node in results where trackOfNode[node] == nil {
      var row = operands[node].first.map { rows[$0] } ?? 0
      while !taken.insert(row).inserted { row += 1 }
      (columns[node], rows[node]) = (last, row)
    }
  }
}
