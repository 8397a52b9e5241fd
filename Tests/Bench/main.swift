import Glibc
import Syntax

/// Times cells on request, so that a peer can be timed in turn: each line of standard input is
///
///     FILE CELL forward|training|feed STEPS BATCH X H SECONDS [THREADS [LAYERS]]
///
/// and is answered by the median and the smallest time of a call in microseconds, the number of calls, and the most
/// memory that the process has had, in kilobytes. `feed` runs a net on, sequence after sequence of at most 1,000 steps.
var subjects: [String: () throws -> [Double]] = [:]

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

/// The most memory that this process has had, in kilobytes.
func peak() -> Int {
  for line in text(of: "/proc/self/status").split(separator: "\n") where line.hasPrefix("VmHWM:") {
    return Int(line.filter(\.isNumber)) ?? 0
  }
  return 0
}

/// What times a case, made anew unless it was the last.
func subject(_ words: [String], _ numbers: [Int], seconds: Double) throws -> () throws -> [Double] {
  let (steps, batch, x, h, threads, layers) = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5])
  if words[2] == "feed" {
    let fed = try FedSubject(
      net: Subject.net(text: text(of: words[0]), name: words[1], x: x, h: h, layers: layers), steps: steps,
      batch: batch, threads: threads)
    return { try fed.times(budget: seconds) }
  }
  let subject = try Subject(
    text: text(of: words[0]), name: words[1], steps: steps, batch: batch, x: x, h: h, layers: layers,
    isTraining: words[2] == "training", threads: threads)
  return { subject.times(budget: seconds) }
}

while let line = readLine() {
  let words = line.split(separator: " ").map(String.init)
  let numbers = (words.dropFirst(3).prefix(4) + words.dropFirst(8)).map { Int($0) ?? 0 } + [1, 1]
  guard (8...10).contains(words.count), numbers.allSatisfy({ $0 > 0 }), let seconds = Double(words[7]) else {
    print("error: FILE CELL forward|training|feed STEPS BATCH X H SECONDS [THREADS [LAYERS]]")
    continue
  }
  do {
    let known = try subjects[line] ?? subject(words, Array(numbers.prefix(6)), seconds: seconds)
    subjects = [line: known]
    let times = try known().sorted()
    print(times[times.count / 2] * 1e6, times[0] * 1e6, times.count, peak())
  } catch {
    print("error: \(error)")
  }
  fflush(nil)
}
