import XCTest
final class AlgebraPlaceholderTests: XCTestCase {}
