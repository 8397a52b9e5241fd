import Foundation
import XCTest

@testable import Session

/// Nets that are saved come back as they were, to the last bit, and go on learning as if nothing had been between.
final class SavingTests: XCTestCase {
  private var folder = ""

  override func setUpWithError() throws {
    folder = NSTemporaryDirectory() + "saving-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  override func tearDown() { try? FileManager.default.removeItem(atPath: folder) }

  /// Every cell of the library, and cells made of cells: the same answers from what was loaded.
  func testEveryCellComesBack() throws {
    let session = wideSession()
    let index = try String(
      contentsOfFile: try XCTUnwrap(session.options.libraryFolder) + "/cells/index.txt", encoding: .utf8)
    let names = index.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { $0.split(separator: " ").first }
    XCTAssertGreaterThan(names.count, 45)
    _ = session.printed(
      """
      cell Learned(x) -> h { h[t] = swish(W · [h[t-1], x[t]] + p * h[t-2]) * β; init h[0] = 0.5; learn h[0]; const β = 0.75; param p: h }
      """)
    let composed = [
      "stack(LSTM(h: 3), linear(2))", "bidirectional(GRU(h: 2))", "residual(RNN)", "embed(7, 2)",
      "stack(enc: bidirectional(LSTM(h: 2)), mid: residual(minGRU), out: linear(2))", "stack(LSTM(h: 3), softmax)",
    ]
    _ = session.printed("X = normal(0, 1, 5, 3)")
    for (position, name) in (names.map(String.init) + composed).enumerated() {
      for type in [position % 2 == 0 ? "f32" : "f64"] {
        let width = name.hasPrefix("embed") ? 1 : 3
        let text = """
          c = \(name)
          n = c(x: \(width), seed: 7, dtype: \(type))
          save(n, "\(folder)/n.safetensors")
          m = load("\(folder)/n.safetensors")
          X_n = \(width == 1 ? "[1; 2; 7]" : "X")
          feed(n, X_n) == feed(m, X_n)
          """
        var lines = session.printed(text)
        if lines.contains(where: { $0.contains("still open") || $0.contains("is a cell") }) {
          lines = session.printed(text.replacingOccurrences(of: "c(x: \(width),", with: "c(x: \(width), h: 4,"))
        }
        if lines.contains(where: { $0.contains("the width c of") }) {
          lines = session.printed(text.replacingOccurrences(of: "c(x: \(width),", with: "c(x: \(width), h: 4, c: 5,"))
        }
        XCTAssertEqual(lines.last, "true", "\(name) \(type): \(lines)")
      }
    }
  }

  /// Training in two halves with a file between, and in one: the same losses, the same parameters.
  func testTrainingGoesOnBitForBit() {
    let cases = [
      ("stack(LSTM(h: 4), linear(1))", "optimizer: adam(lr: 0.05), clip: 0.01"),
      ("stack(Start(h: 3), Start(h: 2), linear(1))", "optimizer: sgd(0.1, momentum: 0.9), clip: 0.05"),
      ("stack(bidirectional(GRU(h: 2)), linear(1))", "optimizer: rmsprop(0.01), validation: 0.2, patience: 3"),
      ("stack(LSTM(h: 3), linear(1))", "optimizer: adamw(0.02), schedule: stepped(3, warmup: 5), truncate: 2"),
    ]
    for (model, options) in cases {
      let session = wideSession()
      let call = "(X, Y), loss: mse, batch: 3, seed: 4, \(options)"
      let lines = session.printed(
        """
        cell Start(x) -> h { h[t] = tanh(W · x[t] + U · h[t-1]); learn h[0] }
        set seed 3
        X = uniform(-1, 1, 10, 5, 2); Y = X[:, :, 1]
        whole = \(model)(x: 2, seed: 5)
        halves = \(model)(x: 2, seed: 5)
        a = fit(whole, \(call), epochs: 4)
        b = fit(halves, \(call), epochs: 2)
        save(halves, "\(folder)/half.safetensors")
        halves = load("\(folder)/half.safetensors")
        c = fit(halves, \(call), epochs: 4, resume: true)
        print(length(a.batches), length(b.batches), length(c.batches))
        print(a.batches == [b.batches, c.batches])
        save(whole, "\(folder)/whole.safetensors")
        save(halves, "\(folder)/half.safetensors")
        """)
      XCTAssertEqual(lines.last, "true", "\(model): \(lines)")
      // All that the files hold is the same: parameters, memory, and how far training has come.
      let whole = FileManager.default.contents(atPath: folder + "/whole.safetensors")
      XCTAssertNotNil(whole)
      XCTAssertEqual(whole, FileManager.default.contents(atPath: folder + "/half.safetensors"), model)
    }
  }

  /// Interrupted in the middle of a mini-batch that is learned in parts, saved, loaded, resumed: as if nothing had been.
  func testInterruptedBetweenThePartsOfAMiniBatch() {
    let call = "(X, X), loss: mse, optimizer: adam(lr: 0.02), batch: 4, truncate: 3, epochs: 3"
    for moment in [2, 5, 8, 13] {
      let session = librarySession()
      var (asked, isPressed) = (0, false)
      session.isInterrupted = {
        asked += isPressed ? 1 : 0
        return isPressed && asked > moment
      }
      session.endInterrupt = { isPressed = false }
      XCTAssertEqual(
        session.printed(
          """
          X = uniform(-1, 1, 8, 12, 1)
          whole = stack(LSTM(h: 3), linear(1), x: 1, seed: 5); a = fit(whole, \(call))
          halves = stack(LSTM(h: 3), linear(1), x: 1, seed: 5)
          """), [])
      isPressed = true
      let lines = session.printed("b = fit(halves, \(call))")
      XCTAssertTrue(lines.first?.hasPrefix("interrupted in epoch ") == true, "\(lines)")
      XCTAssertEqual(
        session.printed(
          """
          save(halves, "\(folder)/middle.safetensors"); halves = load("\(folder)/middle.safetensors")
          c = fit(halves, \(call), resume: true)
          print(a.batches == (if length(b.batches) > 0 { [b.batches, c.batches] } else { c.batches }))
          save(whole, "\(folder)/whole.safetensors"); save(halves, "\(folder)/half.safetensors")
          """), ["true"])
      let whole = FileManager.default.contents(atPath: folder + "/whole.safetensors")
      XCTAssertNotNil(whole)
      XCTAssertEqual(whole, FileManager.default.contents(atPath: folder + "/half.safetensors"), "moment \(moment)")
    }
  }

  /// What the session calls by a name has no part in a cell that is read, and names in a file none in the session.
  func testAFileStandsForItself() {
    let session = wideSession()
    XCTAssertEqual(
      session.printed(
        """
        fn act(z) = tanh(z)^2
        cell Own(x) -> h { h[t] = act(W · x[t]) * sigmoid(h[t-1]) }
        net = Own(x: 2, h: 2, seed: 1)
        save(net, "\(folder)/own.safetensors")
        fn act(z) = 5 * z; fn tanh(z) = 7; fn sigmoid(z) = 8; fn σ(z) = 9
        again = load("\(folder)/own.safetensors")
        print(feed(net, [1, 2; -3, 4]) == feed(again, [1, 2; -3, 4]))
        """
      ).last, "true")
    let other = wideSession()
    XCTAssertEqual(
      other.printed(
        """
        net = load("\(folder)/own.safetensors")
        print(shape(net.W))
        show(Own)
        """
      ).prefix(2), ["[2, 2]", "error: Own is not known here"])
  }

  func testErrors() throws {
    let session = wideSession()
    _ = session.printed(
      """
      net = LSTM(x: 2, h: 3)
      save(net, "\(folder)/lstm.safetensors")
      write("\(folder)/plain.safetensors", {W: [1, 2]})
      held = clamp(net, f: 1)
      other = GRU(x: 2, h: 3)
      small = LSTM(x: 2, h: 2)
      """)
    let whole = try XCTUnwrap(FileManager.default.contents(atPath: folder + "/lstm.safetensors"))
    try whole.dropLast(3).write(to: URL(fileURLWithPath: folder + "/cut.safetensors"))
    let cases: [(String, String, String?)] = [
      ("save(LSTM, \"a.safetensors\")", "save takes a net, and this is a cell", "net = LSTM(h: 3, x: 3)"),
      (
        "save(3, \"a.safetensors\")", "save takes a net, and this is a number",
        "write(path, value) writes numbers, tables and text"
      ),
      ("save(net, \"a.npz\")", "a net is saved as .safetensors", "save(net, \"a.safetensors\")"),
      (
        "save(held, \"a.safetensors\")", "this net has variables held by clamp, which no file says",
        "save the net that it was made from"
      ),
      (
        "save(net, \"\(folder)/no/a.safetensors\")", "\(folder)/no/a.safetensors: there is no folder \(folder)/no",
        "make the folder first"
      ),
      ("load(\"\(folder)/none.safetensors\")", "\(folder)/none.safetensors: there is no such file", nil),
      (
        "load(\"\(folder)/plain.safetensors\")", "\(folder)/plain.safetensors: it holds tensors, and no net",
        "load(net, \"…\", layout: pytorch) takes weights into a net"
      ),
      (
        "load(\"\(folder)/lstm.safetensors\", layout: pytorch)",
        "a layout says how weights go into a net, and there is none here", nil
      ),
      ("load(net, \"\(folder)/lstm.safetensors\", layout: torch)", "torch is not known here", nil),
      (
        "load(net, \"\(folder)/lstm.safetensors\", layout: \"torch\")",
        "layout is pytorch, keras, onnx, and this is \"torch\"", nil
      ),
      ("load(other, \"\(folder)/lstm.safetensors\")", "\(folder)/lstm.safetensors: it has no W_z", nil),
      (
        "load(small, \"\(folder)/lstm.safetensors\")", "\(folder)/lstm.safetensors: W_f is 3 × 5 in it, and 2 × 4 here",
        nil
      ),
    ]
    for (text, message, hint) in cases {
      let lines = session.printed(text)
      XCTAssertEqual(lines.first, "error: " + message, text)
      if let hint { XCTAssertEqual(lines.last, "hint: " + hint, text) }
    }
    XCTAssertTrue(
      session.printed("load(\"\(folder)/cut.safetensors\")").first?.contains("is said to stand at bytes") == true)
    // A net that exists takes its parameters from a file by name.
    XCTAssertEqual(
      session.printed(
        """
        again = LSTM(x: 2, h: 3, seed: 99)
        print(again.W_f == net.W_f)
        load(again, "\(folder)/lstm.safetensors")
        print(again.W_f == net.W_f, again.b_o == net.b_o)
        """), ["false", "true true"])
  }

  /// Files with bytes changed: a net or an error, never an end of the program.
  func testHostileFiles() throws {
    let session = wideSession()
    _ = session.printed(
      """
      net = stack(RNN(h: 2), linear(1))(x: 1)
      h = fit(net, (uniform(-1, 1, 4, 3, 1), uniform(-1, 1, 4, 3, 1)), loss: mse, epochs: 1)
      save(net, "\(folder)/n.safetensors")
      """)
    let seed = Array(try XCTUnwrap(FileManager.default.contents(atPath: folder + "/n.safetensors")))
    var state: UInt64 = 5
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    var (read, refused) = (0, 0)
    for round in 0..<160 {
      var bytes = seed
      let at = 8 + random(bytes.count - 8)
      switch round % 4 {
      case 0: bytes[at] = UInt8(random(95) + 32)
      case 1: bytes[at] = UInt8(ascii: "9")
      case 2: bytes[at] = Array("[]{},:\"-·σ".utf8)[random(10)]
      default: bytes.swapAt(at, 8 + random(bytes.count - 8))
      }
      _ = FileManager.default.createFile(atPath: folder + "/b.safetensors", contents: Data(bytes))
      let lines = session.printed("b = load(\"\(folder)/b.safetensors\"); y = feed(b, [1; 2]); print(\"read\")")
      if lines.last == "read" { read += 1 } else { refused += 1 }
      XCTAssertFalse(lines.isEmpty)
    }
    XCTAssertGreaterThan(read, 20)
    XCTAssertGreaterThan(refused, 20)
  }
}

/// A session of the library whose errors stand on one line each.
func wideSession() -> Session {
  let session = librarySession()
  session.options.width = 1000
  return session
}
