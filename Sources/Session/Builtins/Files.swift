import Formats

extension BuiltinTable {
  /// The examples read what they have written; a test runs them in a folder of its own.
  static let files: [Builtin] = [
    Builtin(
      "read", theme: .files, "read(path)",
      "a file: .csv, .tsv, .dat a table (without names a matrix), .npy a tensor, .npz and .safetensors a record, else text",
      example: "write(\"two.csv\", {a: [1, 2]}); read(\"two.csv\").a", "[1, 2]", .general(read)),
    Builtin(
      "write", theme: .files, "write(path, value)",
      "writes a value to a file, by the file's ending; the old one stays whole until then",
      example: "write(\"one.txt\", \"hello\"); read(\"one.txt\")", "\"hello\"", .general(write)),
  ]

  @Sendable private static func read(_ call: inout Call) throws -> Value {
    let path = call.interpreter.resolve(try call.text(0), call.place)
    let content = try call.interpreter.content(ofFile: path, call.places[0])
    for note in content.notes { call.interpreter.say("note: \(path): \(note.message)") }
    return try value(of: content)
  }

  private static func value(of content: FileContent) throws -> Value {
    switch content {
    case .text(let text):
      guard text.utf8.count <= Texts.bound else { throw ValueProblem.textTooLong(text.utf8.count) }
      return .text(text)
    case .array(let array): return try value(of: array)
    case .arrays(let arrays): return .record(try Record(arrays.map(\.name), try arrays.map { try value(of: $0.array) }))
    case .table(let table):
      // Numbers without names are what `write` makes of a vector or matrix.
      if !table.hasHeader, let matrix = table.matrix {
        let shape = matrix.shape[1...] == [1] ? [table.rowCount] : matrix.shape
        return try value(of: NumericArray(shape: shape, values: matrix.values))
      }
      let columns: [Table.Column] = table.columns.map {
        switch $0.values {
        case .numbers(let numbers): .numbers(numbers)
        case .texts(let texts): .texts(texts)
        }
      }
      return .table(Table(headings: table.columns.map(\.key), columns: columns))
    }
  }

  private static func value(of array: NumericArray) throws -> Value {
    guard !array.shape.isEmpty else { return .number(array.values.first ?? .nan) }
    return .tensor(Tensor(try Shape(array.shape), array.values))
  }

  @Sendable private static func write(_ call: inout Call) throws -> Value {
    let path = try call.text(0)
    let content = try content(of: call.values[1], path, call)
    do { try FileWriter.write(content, path: path) } catch {
      throw SessionError.file(error.message, hint: error.hint, call.places[0])
    }
    return .nothing
  }

  private static func content(of value: Value, _ path: String, _ call: Call) throws -> FileContent {
    switch value {
    case .text(let text): return .text(text)
    case .number(let number): return .array(NumericArray(shape: [], values: [number]))
    case .tensor, .range:
      let tensor = try call.tensor(1)
      return .array(NumericArray(shape: tensor.shape.sizes, values: tensor.numbers))
    case .table(let table): return content(of: table)
    case .record(let record):
      if [".npz", ".safetensors"].contains(where: path.lowercased().hasSuffix) {
        return .arrays(
          try zip(record.names, record.values).map { name, value in
            if case .number(let number) = value {
              return NamedArray(name: name, array: NumericArray(shape: [], values: [number]))
            }
            guard let tensor = try value.tensorOrProblem() else { throw call.wrong(1, needs: "a record of tensors") }
            return NamedArray(name: name, array: NumericArray(shape: tensor.shape.sizes, values: tensor.numbers))
          })
      }
      var table = Table(headings: [], columns: [])
      for (name, value) in zip(record.names, record.values) {
        table = try table.setting(name, to: value, call.places[1])
      }
      return content(of: table)
    default: throw call.wrong(1, needs: "a text, numbers, a record or a table")
    }
  }

  private static func content(of table: Table) -> FileContent {
    .table(
      Formats.Table(
        columns: zip(table.headings, table.columns).map { heading, column in
          switch column {
          case .numbers(let numbers): Column(name: heading, values: .numbers(numbers))
          case .texts(let texts): Column(name: heading, values: .texts(texts))
          }
        }))
  }
}
