import Runtime

/// What `fit` answers: the net, its losses as vectors that can be plotted, and the epochs as a table that can be saved.
enum HistoryRecord {
  static func record(_ history: TrainingHistory, _ net: NetValue) throws(ValueProblem) -> Record {
    let epochs = history.epochs
    var columns: [(String, Table.Column)] = [
      ("epoch", .numbers(epochs.indices.map { Double($0 + 1) })), ("loss", .numbers(epochs.map(\.loss))),
    ]
    let validation = epochs.compactMap(\.validation)
    if !validation.isEmpty { columns.append(("validation", .numbers(validation))) }
    columns += [
      ("seconds", .numbers(epochs.map(\.seconds))), ("steps_per_second", .numbers(epochs.map(\.stepsPerSecond))),
    ]
    var fields: [(String, Value)] = [
      ("net", .net(net)), ("loss", .tensor(Tensor(vector: epochs.map(\.loss)))),
    ]
    if !validation.isEmpty { fields.append(("validation", .tensor(Tensor(vector: validation)))) }
    fields += [
      ("batches", .tensor(Tensor(vector: history.steps))),
      ("epochs", .table(Table(headings: columns.map(\.0), columns: columns.map(\.1)))),
      ("best", .number(Double(history.best))), ("end", .text(history.end.rawValue)),
    ]
    return try Record(fields.map(\.0), fields.map(\.1))
  }
}
