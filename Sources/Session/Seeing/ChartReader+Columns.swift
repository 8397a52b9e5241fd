import Figures

/// Vectors, matrices, tracks, tables and pairs as lines.
extension ChartReader {
  mutating func add(_ tensor: Tensor, named name: String, _ position: Int, _ over: Over) throws {
    var tensor = tensor
    if tensor.rank > 2 {
      notes.append("\(name): the first of \(tensor.columns) sequences")
      let (length, width) = (tensor.rows, tensor.shape[2])
      let numbers = tensor.numbers
      let first = (0..<length).flatMap { time in
        numbers[time * tensor.columns * width..<time * tensor.columns * width + width]
      }
      tensor = Tensor(try Shape([length, width]), first, isTimed: true)
    }
    let length = tensor.shape[0]
    let places: [Double]
    switch over {
    case .unsaid: places = (0..<length).map { Double($0 + 1) }
    case .range(let range, let isLogarithmic): places = Self.spread(range.lower, range.upper, length, isLogarithmic)
    case .places(let given):
      guard given.count == length else {
        throw call.problem(
          at: position, "\(name) has \(counted(length, "value")), and over: says \(counted(given.count, "place"))")
      }
      places = given
    }
    let isTrack = if case .unsaid = over { tensor.isTimed } else { false }
    try add(tensor, places, named: name, across: isTrack ? "t" : "")
  }

  /// A vector, or the columns of a matrix, at some places.
  mutating func add(_ tensor: Tensor, _ places: [Double], named name: String, across: String) throws {
    let width = tensor.rank == 1 ? 1 : tensor.columns
    let lines = width > Self.mostColumns ? 3 : width
    guard series.count + lines <= Self.mostSeries else {
      throw call.problem(
        "plot draws up to \(Self.mostSeries) lines, and these are \(series.count + lines)", hint: "some of them")
    }
    guard lines == width else { return try add(summaryOf: tensor, places, named: name, across: across) }
    let numbers = tensor.numbers
    let isShort = name.count <= 12
    if !isShort, width > 1 { subject = name }
    for column in 0..<width {
      try call.poll()
      let line = places.indices.map { Point(places[$0], numbers[$0 * width + column]) }
      let index = tensor.isTimed ? "[t, \(column + 1)]" : "[:, \(column + 1)]"
      try append(width == 1 ? name : isShort ? name + index : index, line, across: across)
    }
  }

  /// Of many columns what they are together.
  mutating func add(
    summaryOf tensor: Tensor, _ places: [Double], named name: String, across: String
  ) throws {
    let (width, numbers) = (tensor.columns, tensor.numbers)
    var lines = [[Point]](repeating: [], count: 3)
    for (row, x) in places.enumerated() {
      try call.poll()
      var (least, greatest, sum, count) = (Double.infinity, -Double.infinity, 0.0, 0)
      for value in numbers[row * width..<(row + 1) * width] where !value.isNaN {
        least = min(least, value)
        greatest = max(greatest, value)
        sum += value
        count += 1
      }
      let mean = sum / Double(count)
      for (index, y) in [mean, least, greatest].enumerated() { lines[index].append(Point(x, count > 0 ? y : .nan)) }
    }
    for (line, what) in zip(lines, ["mean", "least", "greatest"]) {
      try append("\(what) of \(name)", line, across: across)
    }
    notes.append(
      "\(name) has \(width) \(tensor.isTimed ? "units" : "columns"), more than are told apart as lines; a heatmap shows each"
    )
  }

  // MARK: Several in one

  mutating func add(pair list: List, _ position: Int) throws {
    guard list.count == 2, let x = list.items[0].asTensor, x.isVector, let y = list.items[1].asTensor else {
      throw call.problem(
        at: position, "a list is drawn as a pair of places and values, and this is \(call.values[position].kind)",
        hint: "plot((x, y)) with two vectors; plot(u, v) draws each")
    }
    guard y.rank <= 2, x.count == y.shape[0] else {
      throw call.problem(
        at: position, "these are \(counted(x.count, "place")) and \(counted(y.shape[0], "value"))")
    }
    var names = call.written(position).split(separator: ",").map {
      $0.filter { $0 != "(" && $0 != ")" && $0 != " " }
    }
    if names.count != 2 { names = ["", "pair \(position + 1)"] }
    try add(y, x.numbers, named: names[1], across: names[0])
  }

  mutating func add(_ record: Record, _ position: Int, _ over: Over) throws {
    if case .table(let epochs)? = record["epochs"], record["loss"] != nil { return try add(epochs, position) }
    for (name, value) in zip(record.names, record.values) {
      guard let tensor = value.asTensor, value.isSequence else {
        throw call.problem(
          at: position, "the fields of a record are drawn as lines, and \(name) is \(value.kind)",
          hint: "plot(record.\(name)) for one of them")
      }
      try add(tensor, named: name, position, over)
    }
  }

  /// What training says of itself beside the losses is of another size.
  private static let asides = ["seconds", "steps_per_second"]

  /// The columns of a table, over the first if it grows.
  mutating func add(_ table: Table, _ position: Int) throws {
    var columns: [(name: String, numbers: [Double])] = []
    var left: [String] = []
    let isHistory = table.headings.prefix(2) == ["epoch", "loss"]
    for (name, column) in zip(table.headings, table.columns) {
      if isHistory, Self.asides.contains(name) { continue }
      if case .numbers(let numbers) = column {
        columns.append((name, numbers))
      } else {
        left.append(name)
      }
    }
    guard let first = columns.first else {
      throw call.problem(at: position, "this table has no column of numbers to draw")
    }
    if !left.isEmpty { notes.append("not drawn: \(left.joined(separator: ", "))") }
    let grows = columns.count > 1 && zip(first.numbers, first.numbers.dropFirst()).allSatisfy { $0 < $1 }
    let places = grows ? first.numbers : first.numbers.indices.map { Double($0 + 1) }
    for (name, numbers) in columns.dropFirst(grows ? 1 : 0) {
      try add(Tensor(vector: numbers), places, named: name, across: grows ? first.name : "row")
    }
  }
}

extension Value {
  /// Numbers one after the other, not a number alone.
  var isSequence: Bool {
    switch self {
    case .tensor, .range: true
    default: false
    }
  }
}
