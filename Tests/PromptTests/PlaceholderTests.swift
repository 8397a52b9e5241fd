import XCTest
final class PromptPlaceholderTests: XCTestCase {}
