/// One input: a text and the way it comes in.
struct FuzzInput {
  var text: String
  /// Typed at the prompt, or a file.
  var isPrompt: Bool

  init(text: String, isPrompt: Bool) {
    self.text = text
    self.isPrompt = isPrompt
  }

  /// The first line says the way.
  init(decoding text: String) {
    isPrompt = text.hasPrefix("prompt\n")
    self.text = String(text.drop { $0 != "\n" }.dropFirst())
  }

  var encoded: String { (isPrompt ? "prompt\n" : "file\n") + text }
}

/// Input N of a seed.
struct InputMaker {
  let corpus: Corpus
  let seed: UInt64
  /// Lines that begin with a word, if all inputs are about it.
  private let lines: [String]

  /// - Parameter word: with one, inputs are nothing but mutations of lines that begin with it.
  init(folder: String, seed: UInt64, word: String? = nil) {
    corpus = Corpus(folder: folder)
    self.seed = seed
    lines = word.map(corpus.lines(beginningWith:)) ?? []
  }

  func input(_ number: UInt64) -> FuzzInput {
    var dice = Dice(seed, number)
    let text = lines.isEmpty ? text(&dice) : mutatedLine(&dice)
    return FuzzInput(text: text, isPrompt: dice.happens(0.3))
  }

  private func text(_ dice: inout Dice) -> String {
    switch dice.below(100) {
    case ..<52: return mutated(&dice)
    case ..<60: return soup(&dice)
    case ..<66: return unicode(&dice)
    case ..<69: return deep(&dice)
    case ..<82: return sizes(&dice)
    default: return latex(&dice)
    }
  }

  // MARK: Mutations

  private func mutated(_ dice: inout Dice) -> String {
    var text = dice.pick(corpus.programs)
    if dice.happens(0.4) { text += "\n" + dice.pick(corpus.programs) }
    for _ in 0..<dice.below(5) {
      text = Mutation.mutate(text, &dice, words: corpus.words, other: dice.pick(corpus.programs))
    }
    return text
  }

  /// A line with wrongs done to it, in the cell that it is about.
  private func mutatedLine(_ dice: inout Dice) -> String {
    let whole = dice.pick(lines).split(separator: "\n", omittingEmptySubsequences: false)
    var line = String(whole.last ?? "")
    for _ in 0..<1 + dice.below(4) {
      let other = dice.pick(lines).split(separator: "\n").last.map(String.init) ?? ""
      line = Mutation.mutate(line, &dice, words: corpus.words, other: other)
    }
    return (whole.dropLast() + [line[...]]).joined(separator: "\n")
  }

  private func soup(_ dice: inout Dice) -> String {
    (0..<1 + dice.below(40)).map { _ in dice.pick(corpus.words) }.joined(separator: dice.happens(0.5) ? " " : "")
  }

  private func unicode(_ dice: inout Dice) -> String {
    var scalars = String.UnicodeScalarView()
    let ranges: [ClosedRange<UInt32>] = [
      0...0x7F, 0x80...0x7FF, 0x300...0x36F, 0x2070...0x209C, 0x2200...0x22FF, 0x1D400...0x1D7FF, 0x200B...0x200F,
      0xFE00...0xFE0F, 0x1F300...0x1FAFF, 0x0...0x10FFFF, 0x370...0x3FF, 0x2028...0x202F,
    ]
    for _ in 0..<1 + dice.below(60) {
      let range = dice.pick(ranges)
      let value = range.lowerBound + UInt32(dice.below(Int(range.upperBound - range.lowerBound) + 1))
      if let scalar = Unicode.Scalar(value) { scalars.append(scalar) }
      if dice.happens(0.2) { scalars.append(contentsOf: dice.pick(corpus.words).unicodeScalars) }
    }
    return String(scalars)
  }

  // MARK: Depth and length

  private func deep(_ dice: inout Dice) -> String {
    let depth = dice.pick([50, 300, 499, 500, 501, 2000, 20_000, 100_000])
    func times(_ text: String) -> String { String(repeating: text, count: depth) }
    let nests: [(open: String, middle: String, close: String)] = [
      ("(", "1", ")"), ("[", "1", "]"), ("f(", "1", ")"), ("-", "1", ""), ("not ", "true", ""), ("2^", "1", ""),
      ("{a: ", "1", "}"), ("if true { ", "1", " }"), ("for i in 1..2 { ", "i", " }"), ("\"{", "1", "}\""),
      ("sin(", "1", ")"), ("a[", "1", "]"), ("(1, ", "1", ")"), ("√", "2", ""), ("fn f(x) { ", "1", " }"),
      ("∂", "y/∂x", ""), ("while false { ", "1", " }"), ("x -> ", "1", ""), ("abs(-", "1", ")"),
    ]
    let chains = [
      "1 + ", "a.b", "1; ", "x'", "a = ", "1..", "a < ", "[1], ", "1 * ", "A · ", "a, ", "\n", "# x\n", "\"a\" + ",
      "h[t] ", "1 - ", "2 ^ ", "f()", "[1]", "true and ", "a ",
    ]
    let cellChains = ["σ(", "h[t-1] + ", "W · ", "h[t-1] * ", "[", "-", "1 - ", "x[t]ᵀ", "tanh(1 + ", "h[t-1] / "]
    let latexNests: [(String, String, String)] = [
      ("{", "x_t", "}"), ("\\frac{1}{", "x_t", "}"), ("\\sigma(", "x_t", ")"), ("\\left(", "x_t", "\\right)"),
      ("\\tilde{", "h", "}"), ("h_{", "t", "}"), ("x_t + ", "x_t", ""), ("\\mathbf{", "W", "} x_t"),
      ("\\begin{bmatrix}", "x_t", "\\end{bmatrix}"), ("\\begin{aligned}", "h_t &= x_t", "\\end{aligned}"),
      ("^{", "T", "}"),
      ("W ", "x_t", ""), ("\\\\ h_t = ", "x_t", ""),
    ]
    switch dice.below(10) {
    case 0...3:
      let nest = dice.pick(nests)
      return times(nest.open) + nest.middle + (dice.happens(0.8) ? times(nest.close) : "")
    case 4, 5: return times(dice.pick(chains)) + dice.pick(["1", "", ")", "a"])
    case 6, 7:
      let chain = dice.pick(cellChains)
      let close = chain.hasSuffix("(") ? ")" : chain == "[" ? "]" : ""
      let body = chain == "x[t]ᵀ" ? times(chain) : times(chain) + "x[t]" + String(repeating: close, count: depth)
      return "cell C(x) -> h { h[t] = \(body) }\nnet = C(x: 2, h: 2)\nfeed(net, [1, 2])"
    case 8: return functions(&dice)
    default:
      let nest = dice.pick(latexNests)
      let body = times(nest.0) + nest.1 + (dice.happens(0.8) ? times(nest.2) : "")
      return "cell C(x) -> h = latex \"\"\"h_t = \(body)\"\"\""
    }
  }

  /// Functions that call functions, seen through in a cell: growth by doubling.
  private func functions(_ dice: inout Dice) -> String {
    let body = dice.pick(["f(f(z))", "f(z) + f(z)", "f(z) * f(-z)", "f(z)", "[f(z), f(z)]", "σ(f(z) + f(z + 1))"])
    var text = "fn f0(z) = z + 1\n"
    let nest = dice.pick([0, 0, 0, 3, 400])
    for level in 1...dice.pick([5, 30, 70]) {
      let name = "f\(level)"
      let body = String(repeating: "(", count: nest) + body + String(repeating: ")", count: nest)
      text += "fn \(name)(z) = " + body.replacing("f(", with: "f\(level - 1)(") + "\n"
      if level % 5 == 0, dice.happens(0.2) { text += "cell C(x) -> h { h[t] = \(name)(x[t]) }\n" }
      if level == 70 || dice.happens(0.02) { break }
    }
    let last = text.split(separator: "\n").last { $0.hasPrefix("fn") }?.dropFirst(3).prefix { $0 != "(" } ?? "f0"
    return text + "cell C(x) -> h { h[t] = \(last)(x[t]) + h[t-1] }\nnet = C(x: 2)\nfeed(net, [1, 2])\n\(last)(1)\n"
  }

  // MARK: Sizes

  private func sizes(_ dice: inout Dice) -> String {
    let templates = [
      "net = LSTM(x: @, h: @)\nfeed(net, zeros(@, @))", "zeros(@)", "ones(@, @)", "zeros(@, @, @)", "identity(@)",
      "sum(1..@)", "repeat(\"ab\", @)", "repeat([1, 2], @)", "x = 1..@; x[@]", "x = [1, 2, 3]; x[@] = @; x",
      "x = zeros(@); x[@..@]", "for i in 1..@ { x = i }", "i = 0; while i < @ { i = i + 1 }",
      "net = GRU(x: 2, h: 3)\nfeed(net, zeros(@, 2))\nnet.h[@]\nrewind(net, @)\nnet.z[@..@]",
      "net = LSTM(x: 1, h: 1)\nfeed(net, [1; 2])\nclamp(net, f: @, at: @..@)",
      "net = LSTM(x: 1, h: @, seed: @)\nnet.W_f[h] = @\nnet.c[@] = @",
      "cell C(x) -> h { h[t] = h[t-@] + x[t-@]; init h[-@] = @; param a: @ }\nnet = C(x: @)\nfeed(net, ones(@))",
      "cell C(x) -> h { h[t] = A · x[t]; param A: @·x × (x + @) }\nnet = C(x: @)\nfeed(net, @)",
      "cell C(x) -> h { h[t] = x[t]^@ + @ / @; const β = @; init b = @ }\nC(x: @, β: @)",
      "random(@, @)", "normal(@)", "uniform(@, @)", "shuffle(1..@)", "reshape(1..12, @, @)", "digits(@, @)",
      "round(@, @)",
      "stack(LSTM(@), linear(@), x: @)", "bidirectional(GRU(x: @, h: @))", "feed(linear(x: @, y: @), zeros(@))",
      "set seed @", "wait(@)", "sleep(@)", "range(@, @, @)", "linspace(@, @, @)", "A = zeros(@, @); A · A",
      "inverse(ones(@, @))",
      "solve(ones(@, @), ones(@))", "split(\"a,b\", @)", "\"{@}\"", "text(@)", "@!", "@ mod @", "@..@", "@^@",
      "[@, @; @, @]^@",
      "a = @; a[@]", "f = fn (x) x", "sort(random(@))", "cumsum(ones(@))", "mean(zeros(@, @), over: @)",
      "transpose(zeros(@, @))",
      "net = LSTM(x: 2, h: 2)\nfeed(net, zeros(@, @, 2))\nreset(net)\nfeed(net, zeros(@, 2))",
      "net = residual(linear(x: @, y: @))", "write(\"a.csv\", zeros(@, @)); read(\"a.csv\")", "read(\"/dev/zero\")",
      "write(\"b.npy\", ones(@)); read(\"b.npy\")", "read(\"/dev/random\")", "write(\"/dev/full\", [1])",
      "save(@, \"x.npz\")",
      "gates(LSTM(x: @, h: @))", "D(x^@, x)", "product(1..@)", "x = (@, @); x[@]", "zip(1..@, 1..@)", "map(sin, 1..@)",
      "cell C(x) -> h { h[t] = LSTM(x[t], h: @) }\nC(x: @)", "plot(1..@)", "print(1..@)",
      "characters(repeat(\"a\", @))",
      "a = 1..@\nb = a + 1\nc = a * b\nd = [a, b]", "l = (1,)\nfor i in 1..@ { l = (l, l) }",
      "s = \"a\"\nfor i in 1..@ { s = s + s }", "v = [1]\nfor i in 1..@ { v = [v, v] }",
      "fn f(n) = if n < 1 { 0 } else { f(n - 1) }\nf(@)",
    ]
    let small = ["1", "2", "3", "0", "5", "-1", "0.5", "10"]
    let likesSmall = dice.happens(0.5)
    var text = ""
    for character in dice.pick(templates) {
      if character == "@" {
        text += dice.happens(likesSmall ? 0.7 : 0.3) ? dice.pick(small) : dice.pick(Mutation.numbers)
      } else {
        text.append(character)
      }
    }
    if dice.happens(0.2) { text = Mutation.mutate(text, &dice, words: corpus.words, other: dice.pick(corpus.programs)) }
    return text
  }

  // MARK: LaTeX

  private func latex(_ dice: inout Dice) -> String {
    guard !corpus.latex.isEmpty else { return "latex" }
    var body = dice.pick(corpus.latex)
    if dice.happens(0.3) {
      body = String(body.unicodeScalars.prefix(dice.below(body.unicodeScalars.count + 1)).map(Character.init))
    }
    if dice.happens(0.1) { body += "\n" + dice.pick(corpus.latex) }
    for _ in 0..<dice.below(5) {
      body = Mutation.mutate(body, &dice, words: corpus.words, other: dice.pick(corpus.latex))
    }
    let inputs = dice.pick(["x", "x", "x", "x, y", "X", "h"])
    let outputs = dice.pick(["h", "h", "c", "H", "y", "h, c"])
    var text = "cell C(\(inputs)) -> \(outputs) = latex \"\"\"\n\(body)\n\"\"\""
    if dice.happens(0.3) { text += "\nnet = C(x: 2, h: 3)\nfeed(net, ones(4, 2))\nshow(C)" }
    return text
  }
}
