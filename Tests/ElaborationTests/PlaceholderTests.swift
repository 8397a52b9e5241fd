import XCTest
final class ElaborationPlaceholderTests: XCTestCase {}
