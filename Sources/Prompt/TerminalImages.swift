import Session

/// Images on a terminal, by the protocol of kitty (https://sw.kovidgoyal.net/kitty/graphics-protocol), which takes PNG
/// as it is; Ghostty and WezTerm speak it too. Whether a terminal does is read from what it says of itself in the
/// environment: a question to the terminal would have to wait for an answer that may never come.
enum TerminalImages {
  static func areShown(variable: (String) -> String? = environmentVariable) -> Bool {
    let terminal = variable("TERM") ?? ""
    // A multiplexer hands its own screen on, and the variables of the terminal it was started in with it.
    if variable("TMUX") != nil || variable("STY") != nil { return false }
    if terminal.hasPrefix("screen") || terminal.hasPrefix("tmux") || terminal == "dumb" { return false }
    if terminal == "xterm-kitty" || terminal == "xterm-ghostty" { return true }
    if let window = variable("KITTY_WINDOW_ID"), !window.isEmpty { return true }
    return ["WezTerm", "ghostty"].contains(variable("TERM_PROGRAM") ?? "")
  }

  /// Columns that a pixel of the figure takes: a column is about eight of them wide.
  private static let pixelsPerColumn = 8.0
  /// The most bytes of one escape.
  private static let piece = 4096

  /// What shows an image: transmitted and displayed (a=T) as PNG (f=100), with no answer (q=2), so wide (c), in pieces
  /// of which all but the last say that more comes (m=1).
  static func escape(_ image: Session.Image, columns: Int) -> String {
    let wide = max(min(Int((image.width / pixelsPerColumn).rounded(.up)), columns), 1)
    let bytes = Array(base64(image.png).utf8)
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
