import XCTest

@testable import Syntax

/// What cannot be understood: the message, the place in the LaTeX, what to do.
final class LaTeXErrorTests: XCTestCase {
  private struct Case {
    var latex: String
    var place: String
    var message: String
    var hint: String?

    init(_ latex: String, _ place: String, _ message: String, _ hint: String? = nil) {
      self.latex = latex
      self.place = place
      self.message = message
      self.hint = hint
    }
  }

  private static let cases = [
    // Names.
    Case(
      "h_t = \\tanh(W u_t)", "u_t", "u has a time, but no equation defines it and it is no input",
      "the inputs are x; if u is one, name it in the header: cell Name(u) -> …"),
    Case("z_t = W x_t \\\\ h_t = z", "z", "z is a variable, so it needs its time", "z_t or z_{t-1}?"),
    Case(
      "x_t = \\tanh(W h_{t-1})", "x_t", "x is an input, and has an equation", "take it out of the header, or rename it"),
    Case("h_t = W_{a+b} x_t", "a+b", "a+b cannot be part of a name", "labels are letters and digits: W_{xi}"),
    Case("h_t = W x_{t-k}", "t-k", "t-k is no time that can be read", "times are t, t-1, t-2, …"),
    Case("h_t = W x_{1:t}", "1:t", "1:t is no time that can be read", "times are t, t-1, t-2, …"),
    Case(
      "h_t = W^{-1} x_t", "W^{-1}", "the inverse W^{-1} is not read",
      "1 / a for a number; there is no inverse of a matrix"),
    Case("h_t^{(t)} = W x_t", "h_t^{(t)}", "h_t^{(t)} has two times"),
    Case(
      "h_t = W_f x_t + W^f h_{t-1}", "W^f", "W_f and W^f would both be called W_f", "rename one of them"),
    Case(
      "h_t = \\phi(W x_t)", "\\phi", "φ is not a function known here",
      "say what the paper means by it, e.g. fn φ(z) = tanh(z)"),
    Case(
      "h_t = \\mathcal{H}(W x_t)", "\\mathcal{H}", "H is not a function known here",
      "say what the paper means by it, e.g. fn H(z) = tanh(z)"),
    Case(
      "h_t = \\mathrm{foo}(x_t)", "\\mathrm{foo}", "foo is not a function known here",
      "say what the paper means by it, e.g. fn foo(z) = tanh(z)"),
    Case("h_t = \\sigma", "\\sigma", "\\sigma is a function and has no argument here"),
    // Products.
    Case(
      "h_t = \\tanh(W x_t + U r_t \\odot h_{t-1}) \\\\ r_t = \\sigma(V x_t)", "U r_t \\odot h_{t-1}",
      "U r_t \\odot h_{t-1} can be read in two ways", "U (r_t \\odot h_{t-1}) or (U r_t) \\odot h_{t-1}"),
    Case(
      "r_t = \\sigma(x_t V) \\\\ h_t = r_t \\odot h_{t-1} W", "r_t \\odot h_{t-1} W",
      "r_t \\odot h_{t-1} W can be read in two ways", "(r_t \\odot h_{t-1}) W or r_t \\odot (h_{t-1} W)"),
    Case(
      "h_t = W * x_t", "W * x_t", "W * x_t: a matrix product, an elementwise one or a convolution?",
      "W \\cdot x_t is the matrix product, W \\odot x_t the elementwise one"),
    Case(
      "h_t = W [h_{t-1} x_t]", "[h_{t-1} x_t]", "[h_{t-1} x_t]: joined, or multiplied?",
      "a comma joins, parentheses or \\odot multiply"),
    Case("h_t = x_t \\odot", "t", "something is missing here"),
    Case("h_t = \\tanh()", "()", "something is missing here"),
    Case("h_t = x_t \\oplus h_{t-1}", "\\oplus", "\\oplus is not read", "[h_{t-1}, x_t] joins, + adds"),
    Case(
      "h_t = \\sum_j a_j x_t", "\\sum_j", "\\sum_j is not read", "write the product with the matrix: W x_t"),
    Case("h_t = W \\foo x_t", "\\foo", "\\foo is not known here", "take it out, or write it in plain LaTeX"),
    // Lines.
    Case("", "", "no equation here", "an equation is h_t = \\tanh(W x_t + U h_{t-1})"),
    Case("h_t", "h_t", "this is no equation: it has no ="),
    Case("h_t =", "h_t =", "one side of this = is empty"),
    Case("h_t = x_t = W x_t", "W x_t", "an equation of a cell has one =", "give each side an equation of its own"),
    Case(
      "2 h_t = x_t", "2 h_t", "the left side of an equation is one variable",
      "as in h_t = …, or \\begin{bmatrix} i_t \\\\ f_t \\end{bmatrix} = …"),
    Case("h_{t-1} = x_t", "h_{t-1}", "the left side is in the past: h_{t-1}", "write the equation for h_t"),
    Case(
      "\\dot{h} = -h + W x", "\\dot{h}", "\\dot{h} is a derivative in time, which is no step",
      "write the step: h_t = h_{t-1} + …"),
    Case(
      "\\frac{\\partial h_t}{\\partial h_{t-1}} = z_t", "\\frac{\\partial h_t}{\\partial h_{t-1}} = z_t",
      "only derivatives here, and no equation of a cell",
      "add the equations of the cell; a derivative is judged by check"),
    // The text.
    Case("h_t = \\tanh(W x_t", "(", "( is never closed"),
    Case("h_t = \\tanh\\left[W x_t", "[", "[ is never closed"),
    Case("h_t = W x_t)", ")", ") closes nothing"),
    Case("h_t = W x_t}", "}", "} closes nothing"),
    Case("$$h_t = W x_t", "$$", "$$ is never closed"),
    Case("h_t = W_{x", "{", "{ is never closed"),
    Case("h_t = \\frac{1}", "\\frac", "\\frac needs an argument"),
    Case("h_t = x_t^", "^", "^ needs an argument"),
    Case(
      "\\begin{align} h_t = x_t", "\\begin", "\\begin{align} is never ended", "\\end{align} is missing"),
    Case(
      "h_t = \\begin{foo} x_t \\end{foo}", "\\begin{foo}", "\\begin{foo} is not known here",
      "equations may stand in align, aligned, gather, split, array"),
    Case("\\newcommand{\\x}{\\x} h_t = \\x", "\\x", "the macro \\x never ends"),
    // Stacks.
    Case(
      "\\begin{pmatrix} i_t \\\\ f_t \\end{pmatrix} = \\begin{pmatrix} \\sigma \\\\ \\sigma \\\\ \\tanh \\end{pmatrix} W x_t",
      "\\begin{pmatrix} \\sigma \\\\ \\sigma \\\\ \\tanh \\end{pmatrix}", "a column of 2 meets a column of 3",
      "stacked gates have a row each on both sides"),
    Case(
      "h_t = \\begin{pmatrix} \\sigma \\\\ \\sigma \\end{pmatrix} W x_t",
      "\\begin{pmatrix} \\sigma \\\\ \\sigma \\end{pmatrix}",
      "a column of functions belongs to stacked gates on the left"),
  ]

  func testErrors() {
    for error in Self.cases {
      let block = LaTeXBlock(name: error.latex, text: "--- latex\n")
      let source = Source(name: "test", text: error.latex)
      do throws(Diagnostic) {
        let outcome = try LaTeXReader.read(
          source, range: 0..<source.bytes.count, inputs: block.inputs, outputs: block.outputs,
          knownFunctions: block.functions)
        XCTFail("\(error.latex) was read: \(outcome.items.map(\.written))")
      } catch {
        let expected = Self.cases.first { $0.latex == source.text }
        XCTAssertEqual(error.message, expected?.message, source.text)
        XCTAssertEqual(error.place?.text, expected?.place, source.text)
        XCTAssertEqual(error.hint, expected?.hint, source.text)
      }
    }
  }

  /// The place is in the user's own text, wherever the LaTeX stands in it.
  func testPlaceInLongerText() throws {
    let text = "cell W(x) -> c = latex \"\"\" \\tilde{c}_t = \\sigma_c(W_c x_t) \"\"\""
    let source = Source(name: "prompt", text: text)
    let start = try XCTUnwrap(text.range(of: "\"\"\" ")).upperBound.utf16Offset(in: text)
    let end = try XCTUnwrap(text.range(of: " \"\"\"", options: .backwards)).lowerBound.utf16Offset(in: text)
    XCTAssertThrowsError(
      try LaTeXReader.read(
        source, range: start..<end, inputs: ["x"], outputs: ["c"], knownFunctions: LaTeXBlock.operators)
    ) { error in
      let diagnostic = error as? Diagnostic
      XCTAssertEqual(diagnostic?.place?.range, 41..<49)
    }
  }
}
