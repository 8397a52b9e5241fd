/// Small wrongs done to a text.
enum Mutation {
  /// Words, numbers, blanks and single marks.
  static func words(_ text: String) -> [String] {
    var result: [String] = []
    var word = ""
    func kind(_ character: Character) -> Int {
      if character.isLetter || character.isNumber || character == "_" || character == "\\" { return 1 }
      return character == " " ? 2 : 0
    }
    var last = 0
    for character in text {
      let own = kind(character)
      if own == 0 || own != last, !word.isEmpty {
        result.append(word)
        word = ""
      }
      word.append(character)
      last = own
    }
    if !word.isEmpty { result.append(word) }
    return result
  }

  static let numbers = [
    "0", "-1", "1", "2", "3", "1e18", "1000000000000000000", "-1000000000000000000", "9223372036854775807",
    "9223372036854775808", "-9223372036854775808", "4294967296", "2147483647", "1e9", "1000000000", "1e308", "1e309",
    "1e-320", "0.1", "0.5", "NaN", "inf", "-inf", "(0/0)", "100000", "67108864", "65536", "1e15", "9007199254740993",
    "300000000", "17", "-0.0", "1.5",
  ]

  static func mutate(_ text: String, _ chance: inout Dice, words pool: [String], other: String) -> String {
    if chance.happens(0.12) { return mutateScalars(text, &chance) }
    var words = words(text)
    guard !words.isEmpty else { return chance.pick(pool) }
    let position = chance.below(words.count)
    switch chance.below(12) {
    case 0: words.remove(at: position)
    case 1: words.insert(words[position], at: position)
    case 2: words.swapAt(position, chance.below(words.count))
    case 3: words[position] = chance.pick(pool)
    case 4: words.insert(chance.pick(pool), at: position)
    case 5, 6:
      let places = words.indices.filter { words[$0].first?.isNumber == true }
      if places.isEmpty {
        words.insert(chance.pick(numbers), at: position)
      } else {
        words[chance.pick(places)] = chance.pick(numbers)
      }
    case 7: words.removeSubrange(position..<min(words.count, position + 1 + chance.below(8)))
    case 8: words = Array(words[..<position])
    case 9:
      let end = min(words.count, position + 1 + chance.below(12))
      words.insert(contentsOf: words[position..<end], at: chance.below(words.count))
    case 10:
      // A name in place of another of the same text.
      let names = words.indices.filter { words[$0].first?.isLetter == true }
      if names.count > 1 { words[chance.pick(names)] = words[chance.pick(names)] }
    default:
      let others = Self.words(other)
      if !others.isEmpty {
        let start = chance.below(others.count)
        words.insert(contentsOf: others[start..<min(others.count, start + 1 + chance.below(15))], at: position)
      }
    }
    return words.joined()
  }

  private static func mutateScalars(_ text: String, _ chance: inout Dice) -> String {
    var bytes = Array(text.utf8)
    guard !bytes.isEmpty else { return text }
    for _ in 0..<1 + chance.below(4) {
      let position = chance.below(bytes.count)
      switch chance.below(4) {
      case 0: bytes[position] = UInt8(truncatingIfNeeded: chance.next())
      case 1: bytes.insert(UInt8(32 + chance.below(95)), at: position)
      case 2: bytes[position] ^= 1 << UInt8(chance.below(8))
      default: if bytes.count > 1 { bytes.remove(at: position) }
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// SplitMix64: the same numbers on every machine.
struct Dice {
  private var state: UInt64

  init(_ seed: UInt64, _ stream: UInt64) {
    state = seed &* 0x9E37_79B9_7F4A_7C15 &+ stream &* 0xD1B5_4A32_D192_ED03
    _ = next()
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(bound, 1))) }
  mutating func happens(_ probability: Double) -> Bool { Double(next() >> 11) * 0x1p-53 < probability }

  mutating func pick<Element>(_ list: [Element]) -> Element { list[below(list.count)] }
}
