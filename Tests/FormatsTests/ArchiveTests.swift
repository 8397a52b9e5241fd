import XCTest

@testable import Formats

final class ArchiveTests: XCTestCase {
  private func read(_ bytes: [UInt8], _ limits: FormatLimits = FormatLimits()) throws -> [NamedArray] {
    guard case .arrays(let arrays) = try FileReader.content(bytes, ending: "npz", limits: limits) else {
      throw FormatError.noArrays
    }
    return arrays
  }

  private func message(_ bytes: [UInt8], _ limits: FormatLimits = FormatLimits()) -> String? {
    do {
      _ = try read(bytes, limits)
      return nil
    } catch {
      return (error as? FormatError)?.message
    }
  }

  func testArchivesOfNumPy() throws {
    let plain = try read(NumPySamples.archive)
    XCTAssertEqual(plain.map(\.name), ["W", "b"])
    XCTAssertEqual(plain[0].array.values, [1, -2.5, 3, 4, 5, Double(Float(6e10))])
    XCTAssertEqual(plain[0].array.shape, [2, 3])
    XCTAssertEqual(plain[1].array.values, [1, 2])
    XCTAssertEqual(plain[1].array.elementType, .int32)
    let compressed = try read(NumPySamples.compressedArchive)
    XCTAssertEqual(compressed.map(\.name), ["W_f", "σ"])
    XCTAssertEqual(compressed[0].array.shape, [8, 5])
    XCTAssertEqual(compressed[0].array.values, (0..<40).map { Double($0) })
    XCTAssertEqual(compressed[1].array, NumericArray(shape: [], values: [0.5]))
  }

  func testWrittenArchivesComeBack() throws {
    let arrays = [
      NamedArray(name: "W_f", array: NumericArray(shape: [2, 3], values: [1, 2, 3, 4, 5, 6.5])),
      NamedArray(name: "h̃", array: NumericArray(shape: [], values: [0.25], elementType: .float32)),
      NamedArray(name: "big", array: NumericArray(shape: [20_000], values: (0..<20_000).map { Double($0 % 7) })),
    ]
    for isCompressed in [false, true] {
      let bytes = try NumPyArchive.write(arrays, isCompressed: isCompressed)
      XCTAssertEqual(try read(bytes), arrays)
      XCTAssertEqual(bytes, try NumPyArchive.write(arrays, isCompressed: isCompressed))
      XCTAssertEqual(bytes.count < 20_000, isCompressed)
    }
    XCTAssertEqual(try read(try NumPyArchive.write([NamedArray(name: "a", array: arrays[0].array)])).count, 1)
    let same = [arrays[0], arrays[0]]
    XCTAssertThrowsError(try NumPyArchive.write(same)) { XCTAssertEqual($0 as? FormatError, .sameName("W_f")) }
    let nameless = [NamedArray(name: "", array: arrays[0].array)]
    XCTAssertThrowsError(try NumPyArchive.write(nameless)) { XCTAssertEqual($0 as? FormatError, .badEntryName("")) }
  }

  func testBombsAreBounded() throws {
    let zeros = NumericArray(shape: [1_000_000], values: [Double](repeating: 0, count: 1_000_000))
    let bomb = try NumPyArchive.write([NamedArray(name: "zeros", array: zeros)], isCompressed: true)
    XCTAssertLessThan(bomb.count, 20_000)
    var limits = FormatLimits()
    limits.bytes = 1 << 20
    XCTAssertEqual(message(bomb, limits), "unpacked it is more than the 1 MiB that are read")
    limits = FormatLimits()
    limits.numbers = 10_000
    XCTAssertEqual(message(bomb, limits), "zeros: 1000000 is more than the 10000 numbers that are read")

    // The size that the entry claims, in its local header and in the directory, is no measure of what comes out.
    limits = FormatLimits()
    limits.bytes = 1 << 20
    for claim: [UInt8] in [[1, 0, 0, 0], [0xfe, 0xff, 0xff, 0x7f]] {
      var lie = bomb
      for (signature, offset) in [([0x50, 0x4b, 3, 4] as [UInt8], 22), ([0x50, 0x4b, 1, 2], 24)] {
        let start = try XCTUnwrap((0..<lie.count - 4).first { Array(lie[$0..<$0 + 4]) == signature })
        lie.replaceSubrange(start + offset..<start + offset + 4, with: claim)
      }
      XCTAssertEqual(message(lie, limits), "unpacked it is more than the 1 MiB that are read")
    }
    limits = FormatLimits()
    limits.entries = 1
    XCTAssertEqual(message(NumPySamples.archive, limits), "2 entries are more than the 1 that are read")
  }

  /// Two arrays share the bound: what one takes the next cannot have.
  func testTheBoundIsForAllEntriesTogether() throws {
    let array = NumericArray(shape: [100], values: [Double](repeating: 1, count: 100))
    let arrays = ["a", "b"].map { NamedArray(name: $0, array: array) }
    let bytes = try NumPyArchive.write(arrays)
    var limits = FormatLimits()
    limits.numbers = 199
    XCTAssertEqual(message(bytes, limits), "b: 100 is more than the 99 numbers that are read")
    limits.numbers = 200
    XCTAssertNil(message(bytes, limits))
    limits.bytes = 1800
    XCTAssertEqual(message(bytes, limits), "unpacked it is more than the 1.7 KiB that are read")
  }

  func testBrokenArchives() {
    for bytes in [[0x50, 0x4b, 3, 4], Array(NumPySamples.archive.dropLast(30)), NumPySamples.float32] {
      let text = message(bytes)
      XCTAssertTrue(text?.hasPrefix("the archive is broken: ") ?? false, "\(text ?? "read")")
    }
    XCTAssertEqual(message([]), "there is no array in the archive")
    // A changed number: the checksum says so.
    var changed = NumPySamples.archive
    changed[180] ^= 1
    XCTAssertEqual(message(changed), "W: the archive is broken: CRC error")
  }
}
