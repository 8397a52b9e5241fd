import Figures
import Formats
import Syntax

/// Keeps what is typed and shown as a handout, and its file up to date: after every statement the file is whole.
final class Recorder: Listener {
  let path: String
  private let writer: any HandoutWriter
  private(set) var handout: Handout
  /// The blocks as they are written, each once.
  private var bodies: [String] = []
  /// Until a heading says another.
  var title: String {
    get { handout.title }
    set { handout.title = newValue }
  }

  private(set) var statementCount = 0
  /// The statement is a text alone: its value is prose.
  private var isProse = false
  /// What the statement that runs has printed since its last block.
  private var printed: [String] = []
  private var hasComplained = false
  private var isFull = false

  /// A document of more blocks than this is none that anyone reads.
  static let mostBlocks = 5_000
  /// Lines kept of what one statement prints.
  static let mostLines = 1_000

  init(path: String, format: HandoutFile, title: String) {
    self.path = path
    writer = format.writer
    handout = Handout(title: title)
  }

  // MARK: What happens

  /// A statement begins, as it was typed.
  func begin(_ statement: Statement, text: String) {
    let kind = Lesson.kind(statement)
    isProse = kind == .prose
    if kind == .statement { begin(typed: text) }
  }

  func begin(typed text: String) {
    statementCount += 1
    isProse = false
    takePrinted()
    // What showed nothing stands together with what follows.
    if case .input(let before)? = handout.blocks.last, !isFull {
      handout.blocks.removeLast()
      bodies.removeLast()
      return add(.input(before + "\n" + text.trimmingBlanks))
    }
    add(.input(text.trimmingBlanks))
  }

  func shown(_ value: Value, _ interpreter: Interpreter) {
    if isProse, case .text(let text) = value { return add(prose: text) }
    for block in interpreter.blocks(of: value) { add(block) }
  }

  func said(_ text: String) {
    guard printed.count < Self.mostLines else { return }
    printed += Handout.plain(text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
    if printed.count >= Self.mostLines { printed = printed.prefix(Self.mostLines) + ["…"] }
  }

  func asked(_ question: Question, _ interpreter: Interpreter) {
    var answer: [Handout.Block]
    switch question.expected {
    case .words, .truth: answer = [.prose(Prose(question.answerLines(interpreter.display).joined(separator: "\n")))]
    case .numbers: answer = interpreter.blocks(of: question.answer)
    case .symbolic:
      let blocks = interpreter.blocks(of: question.answer)
      let formulas = blocks.filter { if case .formula = $0 { true } else { false } }
      answer = formulas.isEmpty ? blocks : formulas
    }
    if let because = question.because { answer.append(.prose(Prose(because))) }
    add(.question(.init(prose: Prose(question.text), choices: question.choices.map(\.text), answer: answer)))
  }

  /// A text of a lesson; the first heading of a document is its title.
  func add(prose text: String) {
    var prose = Prose(text)
    if handout.blocks.isEmpty, let title = prose.takeTitle() { handout.title = title }
    if !prose.blocks.isEmpty { add(.prose(prose)) }
  }

  /// A statement ended; a file that cannot be written is told once.
  func end(_ response: Response, _ output: (String) -> Void) {
    fail(response)
    isProse = false
    do throws(FormatError) { try write() } catch {
      if !hasComplained { output("note: the record is not kept: \(path): \(error.message)") }
      hasComplained = true
    }
  }

  /// Keeps how a statement ended, if it ended wrongly.
  func fail(_ response: Response) {
    switch response.status {
    case .failed(let diagnostic): add(.error(DiagnosticRenderer().lines(diagnostic)))
    case .interrupted: add(.error(["interrupted"]))
    case .done, .incomplete, .quit: break
    }
  }

  // MARK: The file

  private func takePrinted() {
    guard !printed.isEmpty else { return }
    let lines = printed
    printed = []
    add(.output(lines))
  }

  private func add(_ block: Handout.Block) {
    takePrinted()
    guard !isFull else { return }
    isFull = handout.blocks.count >= Self.mostBlocks
    let kept = isFull ? .output(["(what follows is not kept: a record holds \(Self.mostBlocks) parts)"]) : block
    handout.blocks.append(kept)
    bodies.append(writer.body(kept, number: handout.blocks.count))
  }

  func write() throws(FormatError) {
    // What was printed last stays open: another statement of the line may go on with it.
    let open = printed.isEmpty ? [] : [writer.body(.output(printed), number: handout.blocks.count + 1)]
    try AtomicFile.write(Array(writer.document(handout, bodies: bodies + open).utf8), to: path)
  }
}
