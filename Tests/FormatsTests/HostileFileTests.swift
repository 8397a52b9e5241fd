import XCTest

@testable import Formats

/// Valid files with bytes changed, cut, doubled: always content or an error, quickly, within the bounds.
final class HostileFileTests: XCTestCase {
  func testMutatedFiles() {
    let seeds: [(String, [UInt8])] = [
      ("npy", NumPySamples.float32), ("npy", NumPySamples.fortranCube), ("npy", npy("<f8", "(3, 2)", [1, 2, 3])),
      ("npz", NumPySamples.archive), ("npz", NumPySamples.compressedArchive),
      ("safetensors", SafeTensorsTests.sample),
      ("csv", Array("\"YEAR\",\"SUN, spots\"\r\n1700,5\r\n1701,\"1\"\"1\"\n1702,-1.5e-3\n".utf8)),
      ("csv", Array("a;b;σ\n1,5;NA;x\n2;;3\n".utf8)), ("tsv", Array("a\tb\n1\t2\n\t3\n".utf8)),
      ("dat", Array("MEANS\n=====\nYear Jan Feb\n-----\n1749 58.0 62.6\n1750 73 75\n1751 9\n---\nNote\n".utf8)),
      ("txt", Array("Before we proceed any further, hear me speak: σ, h̃, 🙂.\n".utf8)),
    ]
    var limits = FormatLimits()
    limits.bytes = 1 << 16
    limits.numbers = 1 << 12
    var random = SplitMix(seed: 2)
    var counts: [String: (read: Int, refused: Int)] = [:]
    for round in 0..<20_000 {
      let (ending, seed) = seeds[round % seeds.count]
      let bytes = mutated(seed, &random)
      do {
        let content = try FileReader.content(bytes, ending: ending, limits: limits)
        XCTAssertLessThanOrEqual(numbers(in: content), limits.numbers)
        counts[ending, default: (0, 0)].read += 1
      } catch {
        XCTAssertFalse(error.message.isEmpty)
        counts[ending, default: (0, 0)].refused += 1
      }
    }
    // Both ways are taken for every kind: the mutations are neither too mild nor too wild.
    for (ending, count) in counts {
      XCTAssertGreaterThan(count.read, 20, ending)
      XCTAssertGreaterThan(count.refused, 20, ending)
    }
  }

  private func mutated(_ seed: [UInt8], _ random: inout SplitMix) -> [UInt8] {
    var bytes = seed
    for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
      let at = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<8, using: &random) {
      case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 2: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...9, using: &random)))
      case 3: bytes.insert(contentsOf: Array("999999999999999999".utf8), at: at)
      case 4: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 20)], at: at)
      case 5: bytes.removeLast(bytes.count - at)
      case 6: bytes[at] = Array(",;\t\n\r\"'(){}0 -e.".utf8).randomElement(using: &random) ?? 0
      default:
        for offset in at..<min(bytes.count, at + 4) { bytes[offset] = 0xff }
      }
    }
    return bytes
  }

  private func numbers(in content: FileContent) -> Int {
    switch content {
    case .text: return 0
    case .array(let array): return array.values.count
    case .arrays(let arrays): return arrays.reduce(0) { $0 + $1.array.values.count }
    case .table(let table): return table.rowCount * table.columns.count
    }
  }
}
