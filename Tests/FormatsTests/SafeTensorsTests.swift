import Foundation
import XCTest

@testable import Formats

final class SafeTensorsTests: XCTestCase {
  /// A file from its two halves, by the published format.
  static func file(_ header: String, _ data: [UInt8] = []) -> [UInt8] {
    let length = UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8) + data
  }

  /// W = [1, -2.5; 0.1, 3] as F32, b = 1/3 as F64, written by hand: every bit by IEEE 754.
  static let sample =
    file(
      """
      {"__metadata__":{"by":"hand \\u00e9\\ud83d\\ude42"},\
      "b":{"dtype":"F64","shape":[],"data_offsets":[0,8]},\
      "W":{"dtype":"F32","shape":[2,2],"data_offsets":[8,24]}}
      """, [0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0xd5, 0x3f])
    + [0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc0, 0xcd, 0xcc, 0xcc, 0x3d, 0, 0, 0x40, 0x40]

  func testAFileWrittenByHand() throws {
    let file = try SafeTensors(Self.sample)
    XCTAssertEqual(file.tensors.map(\.name), ["b", "W"])
    XCTAssertEqual(file.tensor("b"), NumericArray(shape: [], values: [1.0 / 3]))
    let W = try XCTUnwrap(file.tensor("W"))
    XCTAssertEqual(W.shape, [2, 2])
    XCTAssertEqual(W.values, [1, -2.5, Double(Float(0.1)), 3])
    XCTAssertEqual(W.elementType, .float32)
    XCTAssertEqual(file.text("by"), "hand é🙂")
    XCTAssertNil(file.text("at"))
  }

  func testEveryType() throws {
    let cases: [(String, [UInt8], [Double])] = [
      ("F16", [0x55, 0x35, 0xff, 0x7b], [Double(Float16(0.33325)), 65504]),
      ("BF16", [0x80, 0x3f, 0x20, 0xc0], [1, -2.5]), ("I8", [0x80, 0x7f], [-128, 127]),
      ("U8", [0x80, 0xff], [128, 255]), ("BOOL", [0, 1], [0, 1]), ("I16", [0, 0x80, 1, 0], [-32768, 1]),
      ("U16", [0, 0x80, 1, 0], [32768, 1]), ("I32", [0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0], [-1, 2]),
      ("U32", [0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0], [4_294_967_295, 2]),
      ("I64", [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 3, 0, 0, 0, 0, 0, 0, 0], [-1, 3]),
    ]
    for (type, data, values) in cases {
      let header = "{\"a\":{\"dtype\":\"\(type)\",\"shape\":[2],\"data_offsets\":[0,\(data.count)]}}   "
      XCTAssertEqual(try SafeTensors(Self.file(header, data)).tensors[0].array.values, values, type)
    }
  }

  /// What was written is read again, to the last bit, and stands where it should.
  func testWritingAndReading() throws {
    let single = [0.1, -0.0, .infinity, 1e-45, 3.4e38, 2].map { Double(Float($0)) }
    let double = [0.1, -.pi, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
    let file = SafeTensors(
      tensors: [
        .init(name: "h̃ \"\\\n", array: .init(shape: [2, 3], values: single, elementType: .float32)),
        .init(name: "W", array: .init(shape: [4, 1], values: double)),
        .init(name: "none", array: .init(shape: [0, 3], values: [])),
        .init(name: "half", array: .init(shape: [3], values: [1, -2.5, 3], elementType: .bfloat16)),
        .init(name: "A", array: .init(shape: [1], values: [7])),
      ], metadata: [.init("cell", "σ(W · x[t])\n\u{1}"), .init("empty", "")])
    let bytes = try file.bytes()
    XCTAssertEqual(bytes, try file.bytes())
    let again = try SafeTensors(bytes)
    XCTAssertEqual(again.metadata, file.metadata)
    XCTAssertEqual(again.tensors.map(\.name), ["A", "W", "none", "h̃ \"\\\n", "half"])
    for tensor in file.tensors {
      let read = try XCTUnwrap(again.tensor(tensor.name))
      XCTAssertEqual(read.shape, tensor.array.shape)
      XCTAssertEqual(read.values.map(\.bitPattern), tensor.array.values.map(\.bitPattern), tensor.name)
    }
    // Numbers begin at a multiple of 8 bytes, as readers that map the file need it.
    XCTAssertEqual(bytes[0] % 8, 0)
    let same = NamedArray(name: "a", array: .init(shape: [], values: [1]))
    XCTAssertThrowsError(try SafeTensors(tensors: [same, same]).bytes()) {
      XCTAssertEqual($0 as? FormatError, .sameName("a"))
    }
  }

  /// bfloat16 rounds to the nearest, ties to even.
  func testRoundingToBfloat16() throws {
    let cases: [(Double, Double)] = [
      (1 + 1.0 / 256, 1), (1 + 3.0 / 256, 1 + 4.0 / 256), (1 + 1.1 / 256, 1 + 2.0 / 256), (3.4e38, .infinity),
    ]
    for (value, rounded) in cases {
      let tensor = NamedArray(name: "a", array: .init(shape: [], values: [value], elementType: .bfloat16))
      XCTAssertEqual(try SafeTensors(SafeTensors(tensors: [tensor]).bytes()).tensors[0].array.values, [rounded])
    }
  }

  func testBrokenFiles() {
    func tensor(_ name: String, _ shape: String, _ offsets: String, type: String = "F32") -> String {
      "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}"
    }
    let eight = [UInt8](repeating: 0, count: 8)
    let huge = String(repeating: "[", count: 100_000)
    let cases: [([UInt8], String)] = [
      ([], "this is no safetensors file: it has 0 bytes"),
      ([0, 0, 0, 0, 0, 0, 0, 0], "this is no safetensors file: its header is no JSON object"),
      (
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7b],
        "this is no safetensors file: its header's length is 18446744073709551615, and 1 byte follow"
      ),
      (Self.file("[]"), "this is no safetensors file: its header is no JSON object"),
      (Self.file("{"), "its header is broken: a name in quotes was expected (at byte 2 of its JSON)"),
      (Self.file("{\"a\":\(huge)"), "its header is broken: it is nested deeper than 32 (at byte 38 of its JSON)"),
      (Self.file("{} x"), "its header is broken: something follows its end (at byte 4 of its JSON)"),
      (Self.file("{\"a\":01}"), "its header is broken: a number begins with 0 (at byte 8 of its JSON)"),
      (Self.file("{\"\\ud800\":1}"), "its header is broken: half a character (at byte 9 of its JSON)"),
      (Self.file("{\"a\":1}"), "its header is broken: \"a\" is no object"),
      (Self.file("{\"a\":{}}"), "its header is broken: \"a\" has no dtype"),
      (Self.file("{\"__metadata__\":{\"a\":1}}"), "its header is broken: \"a\" of its metadata is no text"),
      (
        Self.file("{\(tensor("a", "[]", "[0,1]", type: "F8_E4M3"))}", [1]),
        "a: its elements are of type \"F8_E4M3\", not real numbers"
      ),
      (
        Self.file("{\(tensor("a", "[2]", "[0,8]")),\(tensor("a", "[2]", "[0,8]"))}", eight),
        "its header is broken: \"a\" twice"
      ),
      (Self.file("{\(tensor("a", "[2]", "[0,16]"))}", eight), "\"a\" is said to stand at bytes 0 to 16 of 8"),
      (Self.file("{\(tensor("a", "[2]", "[8,0]"))}", eight), "\"a\" is said to stand at bytes 8 to 0 of 8"),
      (
        Self.file("{\(tensor("a", "[3]", "[0,8]"))}", eight),
        "\"a\", 3 of float32, does not take 8 bytes"
      ),
      (
        Self.file("{\(tensor("a", "[-1]", "[0,8]"))}", eight),
        "its header is broken: the shape of \"a\" are not whole numbers from 0 to 2^53"
      ),
      (
        Self.file("{\(tensor("a", "[2]", "[0,1e300]"))}", eight),
        "its header is broken: the data_offsets of \"a\" are not whole numbers from 0 to 2^53"
      ),
      (
        Self.file("{\(tensor("a", "[4294967296,4294967296]", "[0,8]"))}", eight),
        "a: 4294967296 × 4294967296 is more than the 134217728 numbers that are read"
      ),
      (
        Self.file("{\(tensor("a", "[0,9000000000000000]", "[0,0]"))}", eight),
        "a: 0 × 9000000000000000 is more than the 134217728 numbers that are read"
      ),
      (
        Self.file("{\(tensor("a", "[1]", "[0,4]")),\(tensor("b", "[2]", "[0,8]"))}", eight),
        "\"a\" and \"b\" overlap"
      ),
      (Self.file("{\(tensor("a", "[1]", "[4,8]"))}", eight), "its bytes 0 to 4 belong to no tensor"),
      (Self.file("{\(tensor("a", "[1]", "[0,4]"))}", eight), "its bytes 4 to 8 belong to no tensor"),
    ]
    for (bytes, message) in cases {
      XCTAssertThrowsError(try SafeTensors(bytes), message) { XCTAssertEqual(($0 as? FormatError)?.message, message) }
    }
  }

  func testJSON() throws {
    let cases: [(String, JSONValue)] = [
      (
        "[1,-2.5e3,true,false,null,\"\"]",
        .list([.number(1), .number(-2500), .truth(true), .truth(false), .null, .text("")])
      ),
      (" { \"a\" : [ ] , \"b\" : { } } ", .object([.init("a", .list([])), .init("b", .object([]))])),
      ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00E9\"", .text("\"\\/\u{8}\u{c}\n\r\té")),
    ]
    for (text, value) in cases {
      XCTAssertEqual(try JSONValue(text), value)
      XCTAssertEqual(try JSONValue(value.written), value)
    }
    for text in ["", "[1,]", "{\"a\" 1}", "nul", "+1", ".5", "1.", "1e", "\"a", "\"\\x\"", "\"\n\"", "[1 2]"] {
      XCTAssertThrowsError(try JSONValue(text), text)
    }
    XCTAssertEqual(JSONValue.number(.infinity).written, "\"inf\"")
  }

  /// As a file, by its ending.
  func testByEnding() throws {
    let path = NSTemporaryDirectory() + "tensors-" + UUID().uuidString + ".safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let arrays = [NamedArray(name: "a", array: .init(shape: [2], values: [1, 2.5]))]
    try FileWriter.write(.arrays(arrays), path: path)
    XCTAssertEqual(try FileReader.read(path: path), .arrays(arrays))
    XCTAssertThrowsError(try FileWriter.write(.text("a"), path: path)) {
      XCTAssertEqual(
        ($0 as? FormatError)?.hint, "a .safetensors file holds named arrays: write a record of them")
    }
    XCTAssertEqual(try FileReader.read(path: path), .arrays(arrays))
  }
}
