import XCTest
final class TypographyPlaceholderTests: XCTestCase {}
