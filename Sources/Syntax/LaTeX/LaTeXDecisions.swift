/// What was decided and not forced, gathered while reading and merged at the end.
final class LaTeXDecisions {
  /// The kinds; decisions of one kind become one line.
  enum Kind: Hashable {
    /// `*`, `·` or `×` between two vectors.
    case elementwise(String)
    /// `×` between a matrix and a vector.
    case matrixSign(String)
    case matrixProduct, juxtaposed, rowVectors, functionScope, joined
    case timeLetter(String), timeless, shifted, unitIndex(String), layer(String), layerBelow
    case gains, sums, numbers, superscriptName, sharedName, plainWord, ones
    case stacked, repeated, equationNumber, remark, prose
  }

  private let source: Source
  private var order: [Kind] = []
  private var found: [Kind: Entry] = [:]
  private typealias Entry = (examples: [String], count: Int, places: [Place])

  init(_ source: Source) { self.source = source }

  /// An example is what is printed, `W h` and `W · h[t-1]`; a kind that needs none is counted.
  func add(_ kind: Kind, _ range: Range<Int>, example: String = "") {
    if found[kind] == nil { order.append(kind) }
    // In place: a copy of all places for each would be slow.
    found[kind, default: ([], 0, [])].count += 1
    found[kind, default: ([], 0, [])].places.append(Place(source, range))
    // Repeated words are said once; and a million decisions are not compared with one another.
    let isNew = found[kind].map { $0.examples.count > 64 || !$0.examples.contains(example) } ?? true
    if isNew, !example.isEmpty { found[kind, default: ([], 0, [])].examples.append(example) }
  }

  func merged() -> [Decision] {
    order.compactMap { kind in
      guard let entry = found[kind] else { return nil }
      return Decision(text: kind.prose(entry.examples, count: entry.count), places: entry.places)
    }
  }
}

extension LaTeXDecisions.Kind {
  fileprivate func prose(_ examples: [String], count: Int) -> String {
    let times = count > 1 ? " (\(count) times)" : ""
    let one = examples.first ?? ""
    let list = Self.list(examples, by: ", ")
    let isOne = examples.count <= 1
    switch self {
    case .elementwise(let sign): return "\(sign) is elementwise\(times)"
    case .matrixSign(let sign): return "\(sign) is a matrix product\(times): \(list)"
    case .matrixProduct:
      guard isOne else { return "matrix products: \(list)" }
      let halves = one.split(separator: "\u{1}", maxSplits: 1)
      return "\(halves.first ?? "") is a matrix product: \(halves.last ?? "")"
    case .juxtaposed:
      guard isOne else { return "elementwise products: \(list)" }
      let halves = one.split(separator: "\u{1}", maxSplits: 1)
      return "\(halves.first ?? "") is elementwise: \(halves.last ?? "")"
    case .rowVectors: return "row vectors: \(list)"
    case .functionScope: return "without parentheses: \(list)"
    case .joined: return "joined: \(list)"
    case .timeLetter(let letter): return "\(letter) is time: \(list)"
    case .timeless: return "written without a time: \(list)"
    case .shifted: return "counted earlier than written: \(list)"
    case .unitIndex(let letter):
      return "\(letter) \(letter.contains(",") ? "count units and are" : "counts units and is") left out"
    case .layer(let letter): return "\(letter) counts layers and is left out"
    case .layerBelow: return "the layer below is the input: \(list)"
    case .sums: return "sums over units: \(list)"
    case .numbers: return "\(examples.joined(separator: ", ")) \(isOne ? "is a number" : "are numbers")"
    case .gains: return "gain and bias: \(list)"
    case .superscriptName: return "names: \(list)"
    case .sharedName: return "one name: \(list)"
    case .plainWord:
      return "\(examples.joined(separator: ", ")), written as letters, \(isOne ? "is a function" : "are functions")"
    case .ones: return "a bold 1 or 0 is the number, for every unit\(times)"
    case .stacked: return "stacked: \(list)"
    case .repeated: return "given twice, word for word, and counted once: \(list)"
    case .equationNumber: return "equation numbers are left out: \(list)"
    case .remark: return "not read: \(list)"
    case .prose: return "the text outside the formulas is not read"
    }
  }

  /// The first few examples; `\u{1}` in an example stands for "is".
  private static func list(_ examples: [String], by separator: String) -> String {
    let shown = examples.prefix(8).map { example in
      example.split(separator: "\u{1}").joined(separator: " is ")
    }
    let more = examples.count - shown.count
    return shown.joined(separator: separator) + (more > 0 ? " and \(more) more" : "")
  }
}
