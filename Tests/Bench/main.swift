import Glibc
import Syntax

/// Times cells on request, so that a peer can be timed in turn: each line of standard input is
///
///     FILE CELL forward|training STEPS BATCH X H SECONDS
///
/// and is answered by the median and the smallest time of a call in microseconds, and the number of calls.
var subjects: [String: Subject] = [:]

func text(of path: String) -> String {
  guard let file = fopen(path, "r") else { return "" }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = fread(&buffer, 1, buffer.count, file)
    if count == 0 { break }
    bytes += buffer[..<count]
  }
  return String(decoding: bytes, as: UTF8.self)
}

while let line = readLine() {
  let words = line.split(separator: " ").map(String.init)
  guard words.count == 8, let steps = Int(words[3]), let batch = Int(words[4]), let x = Int(words[5]),
    let h = Int(words[6]), let seconds = Double(words[7])
  else {
    print("error: FILE CELL forward|training STEPS BATCH X H SECONDS")
    continue
  }
  let key = words[..<7].joined(separator: " ")
  do {
    let subject =
      try subjects[key]
      ?? Subject(
        text: text(of: words[0]), name: words[1], steps: steps, batch: batch, widths: [("x", x), ("h", h)],
        isTraining: words[2] == "training", threads: 1)
    subjects = [key: subject]
    let times = subject.times(budget: seconds).sorted()
    print(times[times.count / 2] * 1e6, times[0] * 1e6, times.count)
  } catch {
    print("error: \(error)")
  }
  fflush(nil)
}
