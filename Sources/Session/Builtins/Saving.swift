import Algebra
import Figures
import Formats
import Runtime
import Syntax

extension BuiltinTable {
  static let saving: [Builtin] = [
    Builtin(
      "save", theme: .training, "save(value, path)",
      "writes a net to a .safetensors file: parameters, the cell's text, and how far training has come; or a figure to .svg, .png, .pdf, .html or .tex; the old file stays whole until the new one is",
      example: "net = linear(x: 2, y: 1); save(net, \"net.safetensors\"); load(\"net.safetensors\").W == net.W", "true",
      .general(save)),
    Builtin(
      "load", theme: .training, "load(net?, path?, layout: layout)",
      "a net from a file that save wrote; load(net, path, layout: pytorch) takes weights from another program into a net (layouts pytorch, keras, onnx)",
      example: "net = linear(x: 2, y: 1); save(net, \"net.safetensors\"); type(load(\"net.safetensors\"))", "\"net\"",
      .general(load)),
    layout(.pytorch, "weights as PyTorch's state dict has them: gates i f g o of nn.LSTM, r z n of nn.GRU"),
    layout(.keras, "weights in the order of Keras' get_weights: gates i f c o of LSTM, z r h of GRU"),
    layout(.onnx, "weights as ONNX has them, W, R and B: gates i o f c of LSTM, z r h of GRU"),
  ]

  private static func layout(_ layout: WeightLayout, _ summary: String) -> Builtin {
    Builtin(
      layout.rawValue, theme: .training, layout.rawValue, summary, example: layout.rawValue, "\"\(layout.rawValue)\"",
      .word(layout.rawValue))
  }

  // MARK: Saving

  @Sendable private static func save(_ call: inout Call) throws -> Value {
    if case .figure(let figure) = call.values[0], let picture = figure.drawn { return try save(picture, call) }
    guard case .net(let value) = call.values[0] else {
      if case .cell(let cell) = call.values[0] {
        let open = cell.recurrence.shapes.openWidths.map { "\($0): 3" }.joined(separator: ", ")
        throw call.wrong(0, needs: "a net", hint: "net = \(cell.name)(\(open))")
      }
      throw call.wrong(0, needs: "a net", hint: "write(path, value) writes numbers, tables and text")
    }
    let path = try call.text(1)
    guard path.lowercased().hasSuffix(".safetensors") else {
      throw call.problem(at: 1, "a net is saved as .safetensors", hint: "save(net, \"\(stem(path)).safetensors\")")
    }
    guard value.net.clamps.isEmpty else {
      throw call.problem(
        at: 0, "this net has variables held by clamp, which no file says", hint: "save the net that it was made from")
    }
    let file = try file(of: value.net, call)
    do { try file.write(path: path) } catch {
      throw SessionError.file(error.message, hint: error.hint, call.places[1])
    }
    return .nothing
  }

  /// A figure in the format that the path ends in.
  private static func save(_ picture: any Picture, _ call: Call) throws -> Value {
    let path = try call.text(1)
    guard let format = PictureFile(path: path) else {
      let known = PictureFile.allCases.map { ".\($0.rawValue)" }.joined(separator: ", ")
      throw call.problem(at: 1, "a figure is saved as \(known)", hint: "save(figure, \"\(stem(path)).svg\")")
    }
    let bytes: [UInt8]
    do { bytes = try format.bytes(of: picture, isInterrupted: call.interpreter.isInterrupted) } catch {
      throw problem(error, call.place)
    }
    do throws(FormatError) { try AtomicFile.write(bytes, to: path) } catch {
      throw SessionError.file(error.message, hint: error.hint, call.places[1])
    }
    return .nothing
  }

  /// Why a program that draws for us did not.
  static func problem(_ failure: ExternalProgram.Failure, _ place: Place?) -> any Error {
    switch failure {
    case .interrupted: Interrupted()
    case .missing(let program, let package):
      SessionError.builtin(
        "the program \(program) draws this, and it is not installed", hint: "apt-get install \(package)", place)
    case .failed(let program, let message): SessionError.builtin("\(program): \(message)", hint: nil, place)
    case .tookTooLong(let program, let seconds):
      SessionError.builtin("\(program) took longer than \(seconds) s", hint: "a smaller figure?", place)
    }
  }

  private static func file(of net: Net, _ call: Call) throws -> SafeTensors {
    do { return try NetFile.file(of: net) } catch SessionError.builtin(let message, let hint, _) {
      throw call.problem(at: 0, message, hint: hint)
    }
  }

  private static func stem(_ path: String) -> String {
    guard let point = path.lastIndex(of: "."), point > path.startIndex else { return path }
    return String(path[..<point])
  }

  // MARK: Loading

  @Sendable private static func load(_ call: inout Call) throws -> Value {
    if case .net(let value) = call.values.first { return try load(into: value, call) }
    guard call.count == 1 else {
      throw call.count == 0
        ? SessionError.argumentMissing("path", function: call.builtin.signature, call.place)
        : call.wrong(0, needs: "a net, then a path")
    }
    if let (_, place) = call.label("layout") {
      throw SessionError.builtin(
        "a layout says how weights go into a net, and there is none here",
        hint: "load(net, \"…\", layout: pytorch)", place)
    }
    let path = call.interpreter.resolve(try call.text(0), call.place)
    return try explaining(path, at: 0, call) {
      let net = try NetFile.net(from: try tensors(path, call), isInterrupted: call.interpreter.isInterrupted)
      return .net(NetValue(net))
    }
  }

  private static func load(into value: NetValue, _ call: Call) throws -> Value {
    guard call.has(1) else { throw SessionError.argumentMissing("path", function: call.builtin.signature, call.place) }
    let path = call.interpreter.resolve(try call.text(1), call.place)
    let layout = try layout(call)
    try explaining(path, at: 1, call) {
      guard let layout else { return try NetFile.setParameters(of: value.net, from: try tensors(path, call)) }
      let content = try call.interpreter.content(ofFile: path, call.places[1])
      guard case .arrays(let arrays) = content else {
        throw NetFile.Problem("it holds no named arrays", hint: "weights come in .safetensors or .npz")
      }
      var weights = try WeightImport(value.net, arrays, layout)
      for note in try weights.run() { call.interpreter.say("note: \(note)") }
    }
    return .nothing
  }

  private static func layout(_ call: Call) throws -> WeightLayout? {
    guard let (value, place) = call.label("layout") else { return nil }
    guard case .text(let word) = value, let layout = WeightLayout(rawValue: word) else {
      throw SessionError.badSetting(
        "layout", allowed: WeightLayout.allCases.map(\.rawValue).joined(separator: ", "), value.described, place)
    }
    return layout
  }

  private static func tensors(_ path: String, _ call: Call) throws -> SafeTensors {
    var limits = FormatLimits()
    limits.isInterrupted = call.interpreter.isInterrupted
    do throws(FormatError) { return try SafeTensors(path: path, limits: limits) } catch {
      if case .within(_, .interrupted) = error { throw Interrupted() }
      throw SessionError.file(error.message, hint: error.hint, call.place)
    }
  }

  /// Says in which file something is wrong.
  private static func explaining<Answer>(
    _ path: String, at position: Int, _ call: Call, _ body: () throws -> Answer
  ) throws -> Answer {
    let place = call.places[position]
    do { return try body() } catch let problem as NetFile.Problem {
      throw SessionError.file("\(path): \(problem.message)", hint: problem.hint, place)
    } catch let error as FormatError {
      throw SessionError.file("\(path): \(error.message)", hint: error.hint, place)
    } catch let error as NetError {
      if case .interrupted = error { throw Interrupted() }
      throw SessionError.file("\(path): its widths make no net of its cell", hint: nil, place)
    } catch is ShapeError {
      throw SessionError.file("\(path): the shapes of its cell do not fit", hint: nil, place)
    } catch let diagnostic as Diagnostic {
      throw SessionError.file("\(path): its cell cannot be read: \(diagnostic.message)", hint: nil, place)
    } catch let error as any Explained where !(error is SessionError) {
      throw SessionError.file("\(path): its cell cannot be read: \(error.diagnostic.message)", hint: nil, place)
    }
  }
}
