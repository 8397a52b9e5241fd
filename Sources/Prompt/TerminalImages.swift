import CReadline
import Figures
import Glibc

/// Images on a terminal, in the way that it says it can.
///
/// Kitty's protocol (https://sw.kovidgoyal.net/kitty/graphics-protocol) takes PNG as it is; Ghostty and WezTerm speak it
/// too, and say so in the environment. Sixels are shown by those that name them (4) among their attributes when they are
/// asked (DA1, `ESC [ c`); every terminal answers that, and one that does not within a moment shows none.
enum TerminalImages: Equatable {
  case kitty
  /// How many colours at once, and the most pixels.
  case sixels(colors: Int, width: Int, height: Int)

  /// - Parameter ask: puts a question that ends with DA1, and answers what came back: a line for each answer, without
  ///   `ESC [ ?`; nil if DA1 was not answered.
  static func way(
    variable: (String) -> String? = environmentVariable, ask: (String) -> [String]? = ask
  ) -> TerminalImages? {
    if speaksKitty(variable: variable) { return .kitty }
    let terminal = variable("TERM") ?? ""
    guard !["", "dumb", "linux"].contains(terminal), let answer = ask("\u{1B}[c")?.last,
      answer.dropLast().split(separator: ";").dropFirst().contains("4")
    else { return nil }
    // How many colours and pixels (XTSMGRAPHICS): the rest of the answers say it, if there are any.
    var (colors, width, height) = (256, 1_000, 1_000)
    for line in ask("\u{1B}[?1;1;0S\u{1B}[?2;1;0S\u{1B}[c") ?? [] where line.hasSuffix("S") {
      let numbers = line.dropLast().split(separator: ";").map { Int($0) ?? 0 }
      if numbers.starts(with: [1, 0]), numbers.count == 3, numbers[2] > 1 { colors = numbers[2] }
      if numbers.starts(with: [2, 0]), numbers.count == 4, numbers[2] > 0, numbers[3] > 0 {
        (width, height) = (numbers[2], numbers[3])
      }
    }
    return .sixels(colors: colors, width: width, height: height)
  }

  private static func speaksKitty(variable: (String) -> String?) -> Bool {
    let terminal = variable("TERM") ?? ""
    // A multiplexer hands its own screen on, and the variables of the terminal it was started in with it.
    if variable("TMUX") != nil || variable("STY") != nil { return false }
    if terminal.hasPrefix("screen") || terminal.hasPrefix("tmux") || terminal == "dumb" { return false }
    if terminal == "xterm-kitty" || terminal == "xterm-ghostty" { return true }
    if let window = variable("KITTY_WINDOW_ID"), !window.isEmpty { return true }
    return ["WezTerm", "ghostty"].contains(variable("TERM_PROGRAM") ?? "")
  }

  /// How many milliseconds an answer is waited for: the first figure is there within a tenth of a second even where
  /// nobody answers.
  private static let patience: Int32 = 60

  /// Of the terminal that is typed at and written to.
  static func ask(_ question: String) -> [String]? {
    guard Terminal.isTerminal(STDIN_FILENO), Terminal.isTerminal(STDOUT_FILENO) else { return nil }
    var answer = [CChar](repeating: 0, count: 512)
    guard carousel_terminal_ask(STDOUT_FILENO, question, &answer, Int32(answer.count), patience) == 1 else {
      return nil
    }
    let bytes = answer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  // MARK: Escapes

  /// Pixels of the figure that a column takes: as if it were about eight of them wide.
  private static let pixelsPerColumn = 8.0
  /// The most bytes of one escape of kitty's.
  private static let piece = 4096

  /// What shows an image; nil if nothing here makes one.
  func escape(_ image: TerminalImage) -> String? {
    switch self {
    case .kitty: image.png.map { Self.kitty($0, wide: image.size.width, columns: Terminal.columns()) }
    case .sixels(let colors, let width, let height):
      image.sixels(zoom: Self.zoom(image.size, mostWidth: width, mostHeight: height), colors: colors)
    }
  }

  /// As many columns as kitty's way has, and never more pixels than the terminal shows.
  private static func zoom(_ size: (width: Double, height: Double), mostWidth: Int, mostHeight: Int) -> Double {
    let column = Terminal.pixelsPerColumn() ?? pixelsPerColumn
    let room = min(column * Double(Terminal.columns()), Double(mostWidth))
    let zoom = min(column / pixelsPerColumn, (room - 1) / size.width, Double(mostHeight - 1) / size.height)
    return (zoom * 100).rounded(.down) / 100
  }

  /// Transmitted and displayed (a=T) as PNG (f=100), with no answer (q=2), so wide (c), in pieces of which all but the
  /// last say that more comes (m=1).
  static func kitty(_ png: [UInt8], wide: Double, columns: Int) -> String {
    let wide = max(min(Int((wide / pixelsPerColumn).rounded(.up)), columns), 1)
    let bytes = Array(base64(png).utf8)
    var result = ""
    for start in stride(from: 0, to: bytes.count, by: piece) {
      let end = min(start + piece, bytes.count)
      let head = start == 0 ? "a=T,f=100,q=2,c=\(wide)," : ""
      let body = String(decoding: bytes[start..<end], as: UTF8.self)
      result += "\u{1B}_G\(head)m=\(end < bytes.count ? 1 : 0);\(body)\u{1B}\\"
    }
    return result
  }

  /// Three bytes as four letters (RFC 4648).
  static func base64(_ bytes: [UInt8]) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var result: [UInt8] = []
    result.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let number = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for place in 0..<4 {
        result.append(
          place <= group.count ? letters[number >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
