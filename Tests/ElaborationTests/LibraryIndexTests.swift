import XCTest

/// The table by which cells are found agrees with the files.
final class LibraryIndexTests: XCTestCase {
  func testTheIndexListsExactlyTheCellsOfTheFilesInTheirOrder() throws {
    let index = try LibraryFolder.index()
    XCTAssertEqual(Set(index.map(\.name)).count, index.count, "a name is listed twice")
    for file in try LibraryFolder.files() {
      let defined = try LibraryFolder.text(file).split(separator: "\n")
        .filter { $0.hasPrefix("cell ") }
        .compactMap { $0.dropFirst(5).split(separator: "(").first.map(String.init) }
      XCTAssertEqual(index.filter { $0.file == file }.map(\.name), defined, file)
    }
    let files = try LibraryFolder.files()
    for entry in index { XCTAssertTrue(files.contains(entry.file), entry.file) }
  }

  func testEveryCellIsDescribedInALine() throws {
    for entry in try LibraryFolder.index() {
      XCTAssertFalse(entry.description.isEmpty, entry.name)
      XCTAssertLessThanOrEqual(entry.name.count + entry.description.count, 76, entry.name)
    }
  }

  func testEveryCellHasItsCheck() throws {
    XCTAssertEqual(Set(try LibraryFolder.index().map(\.name)), Set(LibraryCases.all.map(\.name)))
    XCTAssertEqual(LibraryCases.all.count, Set(LibraryCases.all.map(\.name)).count)
  }

  /// Source first, then a purpose for every variable but the sums that a split names.
  func testEveryCellSaysWhereItIsFromAndWhatItsVariablesAreFor() throws {
    for entry in try LibraryFolder.index() {
      let text = try LibraryFolder.cell(entry.name)
      let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      XCTAssertTrue(lines[1].hasPrefix("\"") && lines[1].hasSuffix("\""), "\(entry.name): its source comes first")
      let equations = lines.filter { $0.contains("[t] = ") && !$0.hasPrefix("[") }.count
      let purposes = lines.dropFirst(2).filter { $0.hasSuffix("\"") }.count
      XCTAssertEqual(purposes, equations, entry.name)
      for line in lines { XCTAssertLessThanOrEqual(line.count, 118, "\(entry.name): \(line)") }
    }
  }
}
