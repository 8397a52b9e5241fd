import XCTest
final class SyntaxPlaceholderTests: XCTestCase {}
