import Foundation
import XCTest

@testable import Formats

final class FileTests: XCTestCase {
  private var folder = ""

  override func setUpWithError() throws {
    folder = NSTemporaryDirectory() + "formats-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  override func tearDown() { try? FileManager.default.removeItem(atPath: folder) }

  private func put(_ name: String, _ bytes: [UInt8]) -> String {
    let path = folder + "/" + name
    _ = FileManager.default.createFile(atPath: path, contents: Data(bytes))
    return path
  }

  private func failure<T>(_ body: () throws -> T) -> FormatError? {
    do {
      _ = try body()
      return nil
    } catch FormatError.within(_, let error) {
      return error
    } catch {
      return nil
    }
  }

  func testEndingsAndBeginnings() throws {
    let numbers = try FileReader.read(path: put("a.npy", NumPySamples.float32))
    XCTAssertEqual(try FileReader.read(path: put("weights", NumPySamples.float32)), numbers)
    XCTAssertEqual(try FileReader.read(path: put("A.NPY", NumPySamples.float32)), numbers)
    guard case .arrays = try FileReader.read(path: put("a.bin", NumPySamples.archive)) else {
      return XCTFail("archive")
    }
    let play = Array("First Citizen:\nBefore we proceed, hear me.\n".utf8)
    XCTAssertEqual(try FileReader.read(path: put("a.txt", play)), .text(String(decoding: play, as: UTF8.self)))
    XCTAssertEqual(try FileReader.read(path: put("b.tex", [0xef, 0xbb, 0xbf, 0x61])), .text("a"))
    XCTAssertEqual(try FileReader.read(path: put("empty", [])), .text(""))
    XCTAssertEqual(
      ["/a.b/c", "c.TXT", ".hidden", "x.tar.gz", "a/.b"].map(FileReader.ending), ["", "txt", "", "gz", ""])
  }

  func testDataOfTheLibrary() throws {
    let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../../Stdlib/data/"
    guard case .table(let yearly) = try FileReader.read(path: data + "sunspots-yearly.csv") else {
      return XCTFail("yearly")
    }
    XCTAssertEqual(yearly.columns.map(\.key), ["YEAR", "SUNACTIVITY"])
    guard case .numbers(let spots)? = yearly.column(named: "SUNACTIVITY")?.values else { return XCTFail("column") }
    XCTAssertEqual(spots.count, 309)
    XCTAssertEqual(Array(spots[255...259]), [38, 141.7, 190.2, 184.8, 159])
    guard case .table(let monthly) = try FileReader.read(path: data + "sunspots-monthly.dat") else {
      return XCTFail("monthly")
    }
    XCTAssertEqual(monthly.columns.map(\.key).prefix(3), ["Year", "Jan", "Feb"])
    XCTAssertEqual(monthly.rowCount, 261)
    guard case .numbers(let june) = monthly.columns[6].values else { return XCTFail("June") }
    XCTAssertEqual(june.last, 2.6)
    XCTAssertEqual(
      monthly.notes.map(\.message),
      [
        "line 316, the last row, lacks 6 numbers, read as NaN",
        "1 line above and 3 lines below the numbers left out",
      ])
    guard case .table(let digits) = try FileReader.read(path: data + "digits.csv") else { return XCTFail("digits") }
    XCTAssertEqual(digits.matrix?.shape, [1797, 65])
    XCTAssertFalse(digits.hasHeader)
    guard case .text(let plays) = try FileReader.read(path: data + "tinyshakespeare.txt") else {
      return XCTFail("plays")
    }
    XCTAssertEqual(plays.utf8.count, 1_115_394)
  }

  func testWhatIsNoFile() throws {
    XCTAssertEqual(failure { try FileReader.read(path: folder) }, .isFolder)
    XCTAssertEqual(failure { try FileReader.read(path: folder + "/none.csv") }, .missing)
    XCTAssertEqual(failure { try FileReader.read(path: "") }, .badPath)
    XCTAssertEqual(failure { try FileReader.read(path: "a\0b") }, .badPath)
    XCTAssertEqual(failure { try FileReader.read(path: "/dev/zero") }, .isSpecial(.device))
    let pipe = folder + "/pipe.csv"
    XCTAssertEqual(mkfifo(pipe, 0o600), 0)
    XCTAssertEqual(failure { try FileReader.read(path: pipe) }, .isSpecial(.pipe))
    XCTAssertEqual(failure { try FileWriter.write(.text(""), path: pipe) }, .isSpecial(.pipe))
    XCTAssertEqual(failure { try FileWriter.write(.text(""), path: folder) }, .isFolder)
    XCTAssertEqual(failure { try FileWriter.write(.text(""), path: "/dev/null") }, .isSpecial(.device))
    let nowhere = folder + "/none"
    XCTAssertEqual(failure { try FileWriter.write(.text(""), path: nowhere + "/a.txt") }, .missingFolder(nowhere))
    let loop = folder + "/loop"
    symlink(loop, loop)
    guard case .system? = failure({ try FileReader.read(path: loop) }) else { return XCTFail("loop") }
    if geteuid() != 0 {
      let path = put("secret.txt", [0x61])
      chmod(path, 0)
      XCTAssertEqual(failure { try FileReader.read(path: path) }, .noPermission(writing: false))
      XCTAssertEqual(failure { try FileWriter.write(.text(""), path: path) }, .noPermission(writing: true))
    }
    XCTAssertThrowsError(try FileReader.read(path: "/none.csv")) {
      XCTAssertEqual(($0 as? FormatError)?.message, "/none.csv: there is no such file")
    }
  }

  func testSizeIsBounded() throws {
    var limits = FormatLimits()
    limits.bytes = 10
    let path = put("a.txt", [UInt8](repeating: 0x61, count: 11))
    XCTAssertEqual(failure { try FileReader.read(path: path, limits: limits) }, .tooLarge(bytes: 11, limit: 10))
    let hole = put("hole.npy", [])
    XCTAssertEqual(truncate(hole, 1 << 40), 0)
    XCTAssertEqual(
      failure { try FileReader.read(path: hole) }?.message, "1024 GiB are more than the 1 GiB that are read")
    // Files of the kernel say that they are empty.
    guard case .text(let status) = try FileReader.read(path: "/proc/self/status") else { return XCTFail("status") }
    XCTAssertTrue(status.hasPrefix("Name:"))
    limits.numbers = 3
    let csv = put("a.csv", Array("1,2\n3,4\n".utf8))
    limits.bytes = 100
    XCTAssertEqual(failure { try FileReader.read(path: csv, limits: limits) }, .tooManyCells(limit: 3))
  }

  func testReadingCanBeInterrupted() throws {
    let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../../Stdlib/data/"
    for name in ["sunspots-yearly.csv", "sunspots-monthly.dat", "tinyshakespeare.txt"] {
      // Whichever poll it is that says so.
      for count in 0..<3 {
        var polls = 0
        var limits = FormatLimits()
        limits.isInterrupted = {
          polls += 1
          return polls > count
        }
        XCTAssertEqual(failure { try FileReader.read(path: data + name, limits: limits) }, .interrupted, name)
      }
    }
  }

  func testWritingReplacesWholeFiles() throws {
    let path = put("a.txt", Array("old".utf8))
    chmod(path, 0o640)
    let link = folder + "/link.txt"
    symlink("a.txt", link)
    try FileWriter.write(.text("new"), path: link)
    XCTAssertEqual(try FileReader.read(path: path), .text("new"))
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    XCTAssertEqual(attributes[.posixPermissions] as? Int, 0o640)
    XCTAssertEqual(try FileManager.default.destinationOfSymbolicLink(atPath: link), "a.txt")
    try FileWriter.write(.array(NumericArray(shape: [1], values: [7])), path: folder + "/b.npz")
    guard case .arrays(let arrays) = try FileReader.read(path: folder + "/b.npz") else { return XCTFail("archive") }
    XCTAssertEqual(arrays.map(\.name), ["arr_0"])
    XCTAssertEqual(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted(), ["a.txt", "b.npz", "link.txt"])
  }

  func testAFailedWriteKeepsTheOldFile() throws {
    let path = put("a.txt", Array("old".utf8))
    var old = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &old)
    var small = rlimit(rlim_cur: 1000, rlim_max: old.rlim_max)
    signal(SIGXFSZ, SIG_IGN)
    setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &small)
    let error = failure { try FileWriter.write(.text(String(repeating: "x", count: 5000)), path: path) }
    setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &old)
    signal(SIGXFSZ, SIG_DFL)
    XCTAssertEqual(error?.message, "could not write: File too large")
    XCTAssertEqual(try FileReader.read(path: path), .text("old"))
    XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: folder), ["a.txt"])
  }

  func testWhatCannotBeWritten() {
    let cube = FileContent.array(NumericArray(shape: [1, 1, 1], values: [1]))
    let words = FileContent.table(Table(columns: [Column(name: "a", values: .texts(["x"]))]))
    let cases: [(FileContent, String, String)] = [
      (.text("a"), "npy", "a .npy file cannot hold text"),
      (cube, "csv", "a .csv file cannot hold an array with 3 axes"),
      (cube, "txt", "a .txt file cannot hold an array with 3 axes"),
      (words, "dat", "a .dat file cannot hold a table with columns of text"),
      (words, "npy", "a .npy file cannot hold a table with columns of text"),
      (.arrays([]), "npy", "a .npy file cannot hold several named arrays"),
    ]
    for (content, ending, message) in cases {
      XCTAssertThrowsError(try FileWriter.bytes(of: content, ending: ending)) { error in
        XCTAssertEqual((error as? FormatError)?.message, message)
        XCTAssertNotNil((error as? FormatError)?.hint)
      }
    }
  }
}
