import XCTest

@testable import Formats

/// A `.npy` file put together by hand, apart from the code that is tested.
func npy(_ type: String, _ shape: String, _ data: [UInt8], fortran: Bool = false, version: UInt8 = 1) -> [UInt8] {
  let text = "{'descr': '\(type)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }\n"
  let length = text.utf8.count
  let lengthBytes = (0..<(version == 1 ? 2 : 4)).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
  return [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0] + lengthBytes + Array(text.utf8) + data
}

final class NumPyTests: XCTestCase {
  private func read(_ bytes: [UInt8], _ limits: FormatLimits = FormatLimits()) throws -> NumericArray {
    guard case .array(let array) = try FileReader.content(bytes, ending: "npy", limits: limits) else {
      throw FormatError.notNumPy
    }
    return array
  }

  func testFilesOfNumPy() throws {
    let matrix: [Double] = [1, -2.5, 3, 4, 5, 6e10]
    let cases: [([UInt8], [Int], ElementType, [Double])] = [
      (NumPySamples.float32, [2, 3], .float32, matrix.map { Double(Float($0)) }),
      (NumPySamples.bigEndianFortran, [2, 3], .float64, matrix),
      (NumPySamples.truths, [3], .truth, [1, 0, 1]),
      (NumPySamples.halves, [4], .float16, [0.3330078125, 65504, -0.0, .infinity]),
      (NumPySamples.oneNumber, [], .float64, [2.5]),
      (NumPySamples.fortranCube, [2, 3, 4], .uint16, (0..<24).map { Double($0) }),
      (NumPySamples.nothing, [0, 3], .float32, []),
    ]
    for (bytes, shape, type, values) in cases {
      let array = try read(bytes)
      XCTAssertEqual(array.shape, shape)
      XCTAssertEqual(array.elementType, type)
      XCTAssertEqual(array.values, values)
      XCTAssertEqual(array.notes, [])
    }
    XCTAssertEqual(try read(NumPySamples.halves).values[2].sign, .minus)
  }

  func testIntegersBeyondFloat64AreSaid() throws {
    let array = try read(NumPySamples.integers)
    XCTAssertEqual(array.values, [9_007_199_254_740_992, -7])
    XCTAssertEqual(array.notes, [.roundedIntegers(count: 1)])
  }

  func testTypesAndVersions() throws {
    let cases: [(String, [UInt8], [Double])] = [
      ("|i1", [0xff, 0x7f], [-1, 127]), ("|u1", [0xff, 0x01], [255, 1]),
      ("<i2", [0xfe, 0xff, 2, 1], [-2, 258]), (">i2", [0xff, 0xfe, 1, 2], [-2, 258]),
      ("<u2", [0xfe, 0xff, 2, 1], [65534, 258]), (">u4", [0, 0, 1, 0, 255, 255, 255, 255], [256, 4_294_967_295]),
      ("<i4", [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0x80], [-1, -2_147_483_648]),
      ("<u8", [0, 0, 0, 0, 1, 0, 0, 0] + [UInt8](repeating: 0, count: 8), [4_294_967_296, 0]),
      ("<f4", [0, 0, 0x80, 0x3f, 0, 0, 0xc0, 0x7f], [1, .nan]), ("f4", [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0], [1, -2]),
      (">f8", [0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0], [1.5, -2]), ("|?", [0, 1], [0, 1]),
    ]
    for (type, data, values) in cases {
      for version: UInt8 in 1...3 {
        let array = try read(npy(type, "(2,)", data, version: version))
        XCTAssertEqual(array.values.map(\.bitPattern), values.map(\.bitPattern), type)
      }
    }
    XCTAssertEqual(try read(npy("<i2", "(2L, 1L)", [1, 0, 2, 0])).shape, [2, 1])
    XCTAssertEqual(try read(npy("<i2", "()", [7, 0, 1])).notes, [.bytesAfterArray(count: 1)])
  }

  func testBrokenAndHostileFiles() {
    let cases: [([UInt8], String)] = [
      ([], "this does not begin as a .npy file"),
      (Array("1,2,3\n".utf8), "this does not begin as a .npy file"),
      (NumPyHeader.magic, "its header is broken: it ends early"),
      (NumPyHeader.magic + [4, 0, 0, 0], "its version of .npy is 4; known are 1 to 3"),
      (NumPyHeader.magic + [1, 0, 255, 255], "its header is broken: its length is 65535, and 0 bytes follow"),
      (
        NumPyHeader.magic + [2, 0, 255, 255, 255, 255],
        "its header is broken: its length is 4294967295, and 0 bytes follow"
      ),
      (npy("<f8", "(2,)", [0, 0]), "it ends too early: 2 bytes of numbers, and its header promises 16"),
      (
        npy("<f8", "(1000000000000000000,)", []), "1000000000000000000 is more than the 134217728 numbers that are read"
      ),
      (
        npy("<f8", "(4294967296, 4294967296)", []),
        "4294967296 × 4294967296 is more than the 134217728 numbers that are read"
      ),
      (npy("<f8", "(100000, 100000)", []), "100000 × 100000 is more than the 134217728 numbers that are read"),
      (
        npy("<f8", "(0, 1000000000000000000)", []),
        "0 × 1000000000000000000 is more than the 134217728 numbers that are read"
      ),
      (npy("<f8", "(99999999999999999999,)", []), "its header is broken: a length in its shape is above 2^63"),
      (npy("<f8", "(-1,)", []), "its header is broken: the shape is no tuple of lengths"),
      (npy("<f8", "(2)", []), "its header is broken: the shape is no tuple"),
      (npy("<f8", "(" + String(repeating: "1,", count: 65) + ")", []), "its header is broken: it has 65 axes"),
      (npy("|O", "(2,)", []), "its elements are Python objects (pickled), not real numbers"),
      (npy("<c16", "(2,)", []), "its elements are complex numbers, not real numbers"),
      (npy("<U3", "(2,)", []), "its elements are texts, not real numbers"),
      (npy("<f16", "(2,)", []), "its elements are of type \"<f16\", not real numbers"),
      (npy("zz", "(2,)", []), "its header is broken: unknown type \"zz\""),
      (
        header("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }"),
        "its elements are records of several fields, not real numbers"
      ),
      (header("{'descr': '<f4', 'shape': (1,), }"), "its header is broken: no 'fortran_order'"),
      (header("{'descr': '<f4', 'descr': '<f4'}"), "its header is broken: \"descr\" twice"),
      (
        header("{'descr': '<f4', 'fortran_order': 1, 'shape': (1,), }"),
        "its header is broken: 'fortran_order' is neither True nor False"
      ),
      (header("__import__('os')"), "its header is broken: { was expected"),
      (header("{'descr"), "its header is broken: a quote is not closed"),
      (header(""), "its header is broken: { was expected"),
      (
        header("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x"),
        "its header is broken: something follows its closing brace"
      ),
    ]
    for (bytes, message) in cases {
      XCTAssertThrowsError(try read(bytes)) { XCTAssertEqual(($0 as? FormatError)?.message, message) }
    }
  }

  private func header(_ text: String) -> [UInt8] {
    NumPyHeader.magic + [1, 0, UInt8(text.utf8.count), 0] + Array(text.utf8)
  }

  func testWhatIsWrittenIsWhatNumPyWrites() throws {
    for bytes in [
      NumPySamples.float32, NumPySamples.truths, NumPySamples.halves, NumPySamples.oneNumber,
      NumPySamples.nothing,
    ] {
      XCTAssertEqual(try FileWriter.bytes(of: .array(try read(bytes)), ending: "npy"), bytes)
    }
  }

  func testEveryTypeComesBack() throws {
    for type in ElementType.allCases where type != .bfloat16 {
      let values: [Double] = type == .truth ? [1, 0, 0, 1, 1, 1] : [0, 1, 2, 64, 127, 3]
      let array = NumericArray(shape: [3, 1, 2], values: values, elementType: type)
      let bytes = try FileWriter.bytes(of: .array(array), ending: "npy")
      XCTAssertEqual(try read(bytes), array)
      XCTAssertEqual(bytes.count % 64, values.count * type.size)
    }
    XCTAssertThrowsError(try NumPyArray.write(NumericArray(shape: [1], values: [128], elementType: .int8))) {
      XCTAssertEqual(($0 as? FormatError)?.message, "128.0 cannot be stored as int8")
    }
    for shape in [[2], [-1, -3], [1 << 62, 4], [2, 2]] {
      XCTAssertThrowsError(try NumPyArray.write(NumericArray(shape: shape, values: [1, 2, 3])))
    }
  }
}
