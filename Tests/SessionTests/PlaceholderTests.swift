import XCTest
final class SessionPlaceholderTests: XCTestCase {}
