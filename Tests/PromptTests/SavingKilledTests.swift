import Foundation
import XCTest

/// A program that is killed while it saves: the file is the old one or the new one, whole, whenever it happens.
final class SavingKilledTests: XCTestCase {
  private func start(_ script: String) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: TerminalProgram.folder + "/carousel")
    process.arguments = ["-e", script]
    process.environment = ["LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"]
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    return process
  }

  func testTheFileIsAlwaysWhole() throws {
    let folder = try TemporaryFolder()
    let nets = "a = LSTM(x: 20, h: 20, seed: 1); b = LSTM(x: 20, h: 20, seed: 2); "
    let path = folder.path + "/net.safetensors"
    let once = try start(nets + "save(a, \"\(folder.path)/a.safetensors\"); save(b, \"\(folder.path)/b.safetensors\")")
    once.waitUntilExit()
    let whole = try ["a", "b"].map { try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\($0).safetensors")) }
    XCTAssertGreaterThan(whole[0].count, 12_000)
    XCTAssertNotEqual(whole[0], whole[1])
    try whole[0].write(to: URL(fileURLWithPath: path))

    let script = nets + "for k in 1..100000 { save(b, \"\(path)\"); save(a, \"\(path)\") }"
    var (found, beginnings) = ([0, 0], 0)
    for _ in 0..<50 {
      let before = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
      let process = try start(script)
      // Killed at some moment after it has begun to save.
      for _ in 0..<5000 {
        usleep(500)
        if try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int != before { break }
      }
      usleep(UInt32.random(in: 0..<80_000))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      XCTAssertEqual(process.terminationReason, .uncaughtSignal)
      let content = try Data(contentsOf: URL(fileURLWithPath: path))
      let index = whole.firstIndex(of: content)
      XCTAssertNotNil(index, "\(content.count) bytes")
      if let index { found[index] += 1 }
      // Some deaths were in the middle of writing: what was written then lies beside the file, unfinished.
      for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where name.hasPrefix(".carousel-") {
        beginnings += 1
        try FileManager.default.removeItem(atPath: folder.path + "/" + name)
      }
    }
    XCTAssertEqual(found[0] + found[1], 50)
    XCTAssertGreaterThan(min(found[0], found[1]), 0)
    XCTAssertGreaterThan(beginnings, 0)
  }
}
