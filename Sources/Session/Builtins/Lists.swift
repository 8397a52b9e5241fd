extension BuiltinTable {
  static let lists: [Builtin] = [
    Builtin(
      "map", theme: .lists, "map(f, xs)", "f of every element, row or item", example: "map(sqrt, (4, 9))", "(2, 3)",
      .general(map)),
    Builtin(
      "filter", theme: .lists, "filter(f, xs)", "the elements, rows or items of which f is true",
      example: "filter(isnan, [1, NaN, 2])", "[NaN]", .general(filter)),
    Builtin(
      "reduce", theme: .lists, "reduce(f, xs, start?)", "f of the first two, then of that and the third, and so on",
      example: "reduce(max, (3, 8, 5))", "8",
      .general { call in
        let function = try call.function(0)
        let items = try Items(call.values[1], call.places[1])
        guard call.has(2) || items.count > 0 else { throw call.problem("reduce of no items needs a start") }
        var result = call.has(2) ? call.values[2] : try items.item(0)
        for position in (call.has(2) ? 0 : 1)..<max(items.count, 1) where position < items.count {
          try call.poll()
          result = try call.interpreter.call(function, [result, try items.item(position)], call.place)
        }
        return result
      }),
    Builtin(
      "list", theme: .lists, "list(xs)", "the elements, rows or characters as a list", example: "list([1, 2])",
      "(1, 2)",
      .general { call in
        let items = try Items(call.values[0], call.places[0])
        guard items.count <= List.bound else { throw ValueProblem.listTooLong(items.count) }
        return .list(try List(try (0..<items.count).map { try items.item($0) }))
      }),
    Builtin(
      "vector", theme: .lists, "vector(xs)", "a list or range of numbers as a vector", example: "vector((1, 2))",
      "[1, 2]",
      .general { call in
        guard case .list(let list) = call.values[0] else { return .tensor(try call.vector(0)) }
        return .tensor(
          Tensor(
            vector: try list.items.map {
              guard case .number(let number) = $0 else { throw call.wrong(0, needs: "a list of numbers") }
              return number
            }))
      }),
    Builtin(
      "fields", theme: .lists, "fields(x)", "the names of a record's fields or of a table's columns",
      example: "fields({lr: 0.1, steps: 5})", "(\"lr\", \"steps\")",
      .general { call in
        switch call.values[0] {
        case .record(let record): return .list(try List(record.names.map { .text($0) }))
        case .table(let table): return .list(try List(table.headings.map { .text($0) }))
        default: throw call.wrong(0, needs: "a record or a table")
        }
      }),
    Builtin(
      "table", theme: .lists, "table(record)", "columns of the same length, from a record of vectors or lists of texts",
      example: "length(table({year: 1955..1957, spots: [38, 141.7, 190.2]}))", "3",
      .general { call in
        guard case .record(let record) = call.values[0] else { throw call.wrong(0, needs: "a record of columns") }
        var table = Table(headings: [], columns: [])
        for (name, value) in zip(record.names, record.values) {
          table = try table.setting(name, to: value, call.places[0])
        }
        return .table(table)
      }),
  ]

  @Sendable private static func map(_ call: inout Call) throws -> Value {
    let function = try call.function(0)
    let items = try Items(call.values[1], call.places[1])
    var results: [Value] = []
    for position in 0..<items.count {
      try call.poll()
      results.append(try call.interpreter.call(function, [try items.item(position)], call.place))
    }
    if case .list = call.values[1] { return .list(try List(results)) }
    // Numbers of numbers stay a vector.
    let numbers = results.compactMap { if case .number(let number) = $0 { number } else { nil } }
    return numbers.count == results.count ? .tensor(Tensor(vector: numbers)) : .list(try List(results))
  }

  @Sendable private static func filter(_ call: inout Call) throws -> Value {
    let function = try call.function(0)
    let items = try Items(call.values[1], call.places[1])
    var kept: [Int] = []
    for position in 0..<items.count {
      try call.poll()
      let answer = try call.interpreter.call(function, [try items.item(position)], call.place)
      guard case .truth(let keeps) = answer else {
        throw call.problem(at: 0, "filter needs true or false of \(function.name), and got \(answer.kind)")
      }
      if keeps { kept.append(position) }
    }
    switch call.values[1] {
    case .list(let list): return .list(try List(kept.map { list.items[$0] }))
    case .table(let table): return .table(table.rows(kept))
    case .text, .record: return .list(try List(try kept.map { try items.item($0) }))
    default: return try call.tensor(1).part([.some(kept)])
    }
  }
}
