import Figures
import Syntax
import Typography

/// Plays a lesson: prose is shown, statements are shown as typed and run, a key goes on.
///
/// It runs in a session of its own, so that what a lesson names neither meets nor changes the user's names. Going back
/// shows again what was shown, and the session is what it was then; files that were written stay written.
final class LessonPlayer {
  enum Ending { case finished, left }

  private enum Line {
    case typed(String)
    case printed(String)
  }

  let lesson: Lesson
  private let session: Session
  private let output: (String) -> Void
  private let recorder: Recorder?
  /// What was shown between one key and the next.
  private var pages: [[Line]] = [[]]
  /// What the session was at the end of each page but the last.
  private var ends: [SessionSnapshot] = []
  /// How many steps were played.
  private(set) var position = 0
  private var isMuted = false
  /// The last prose was a heading alone: it is looked at together with what follows.
  private var isHeading = false

  /// Lines kept of a page, for going back.
  private static let mostLines = 1_000

  /// With the settings of the session that plays it.
  init(_ lesson: Lesson, _ interpreter: Interpreter, recorder: Recorder? = nil) {
    self.lesson = lesson
    self.recorder = recorder
    output = interpreter.output
    session = Session(options: interpreter.options)
    session.options.echoesValues = true
    session.isInterrupted = interpreter.isInterrupted
    session.endInterrupt = interpreter.endInterrupt
    session.status = interpreter.status
    session.dialogue = interpreter.dialogue
    session.recorder = recorder
    session.interpreter.isLesson = true
    session.output = { [weak self] in self?.show(.printed($0)) }
  }

  var right: Int { session.interpreter.answersRight }
  var asked: Int { session.interpreter.answersAsked }

  // MARK: Playing

  /// Plays from a step on, those before it unseen.
  func play(from start: Int) -> Ending {
    guard catchUp(to: start) else { return .left }
    while position < lesson.steps.count {
      let step = lesson.steps[position]
      let response = run(step)
      position += 1
      switch response.status {
      case .interrupted:
        if step.kind == .question {
          position -= 1
          return .left
        }
        session.endInterrupt()
        show(.printed("interrupted"))
      case .failed(let diagnostic):
        let color = session.options.color != .none
        let renderer = DiagnosticRenderer(
          width: session.options.width, isColored: color, isASCII: session.options.isASCII)
        for line in renderer.lines(diagnostic) { show(.printed(line)) }
      case .quit: return .left
      case .done, .incomplete: break
      }
      guard position < lesson.steps.count else { break }
      if isPause(after: step), !wait() { return .left }
    }
    showGap()
    return .finished
  }

  /// Runs the steps before the one to go on with; false if that was interrupted.
  private func catchUp(to start: Int) -> Bool {
    guard start > 0 else { return true }
    let dialogue = session.dialogue
    isMuted = true
    session.dialogue = nil
    session.recorder = nil
    defer {
      isMuted = false
      session.dialogue = dialogue
      session.recorder = recorder
      session.interpreter.answersAsked = 0
      session.interpreter.answersRight = 0
    }
    for step in lesson.steps.prefix(start) {
      if step.kind == .statement, case .interrupted = run(step).status { return false }
      position += 1
    }
    return true
  }

  private func run(_ step: Lesson.Step) -> Response {
    switch step.kind {
    case .prose: return session.tell(step.text) { [self] in show(prose: $0) }
    case .question:
      showGap()
      return session.play(step.text, isQuiet: true)
    case .statement:
      for (number, line) in step.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        show(.typed((number == 0 ? "> " : ". ") + line))
      }
      recorder?.begin(typed: step.text)
      return session.play(step.text)
    }
  }

  private func show(prose text: String) {
    recorder?.add(prose: text)
    showGap()
    let prose = Prose(text)
    isHeading = prose.blocks.allSatisfy { if case .heading = $0 { true } else { false } }
    let lines = prose.lines(width: session.options.width, isColored: session.options.color != .none)
    for line in lines { show(.printed(session.options.isASCII ? Glyphs.ascii(line) : line)) }
    show(.printed(""))
  }

  /// An empty line, if there is none.
  private func showGap() {
    if case .printed("")? = pages.last?.last { return }
    if !(pages.last ?? []).isEmpty { show(.printed("")) }
  }

  private func show(_ line: Line) {
    guard !isMuted else { return }
    if let last = pages.indices.last, pages[last].count < Self.mostLines { pages[last].append(line) }
    put(line)
  }

  private func put(_ line: Line) {
    switch line {
    case .typed(let text):
      let shown = session.options.isASCII ? Glyphs.ascii(text) : text
      if let dialogue = session.dialogue { dialogue.show(typed: shown) } else { output(shown) }
    case .printed(let text): output(text)
    }
  }

  // MARK: Keys

  /// After what is to be looked at: prose, and statements that printed something. An answer was a key of its own.
  private func isPause(after step: Lesson.Step) -> Bool {
    switch step.kind {
    case .question: return false
    case .prose: return !isHeading && lesson.steps[position].kind != .question
    case .statement:
      if case .printed? = pages.last?.last { return true }
      return false
    }
  }

  /// Waits for a key; false to leave.
  private func wait() -> Bool {
    guard let dialogue = session.dialogue, dialogue.isInteractive else { return true }
    let last = pages.count - 1
    var looked = last
    // What it is at the end of the last page, while an earlier one is looked at.
    var newest: SessionSnapshot?
    func goTo(_ page: Int) {
      if looked == last { newest = session.interpreter.snapshot() }
      looked = page
      if let end = page == last ? newest : ends[page] { session.interpreter.restore(end) }
      showAgain(page)
    }
    while true {
      session.status?("[\(position)/\(lesson.steps.count)]  return: on  b: back  e: try something  q: leave")
      let key = dialogue.key()
      session.status?("")
      switch key {
      case .leave: return false
      case .back where looked > 0: goTo(looked - 1)
      case .other("e"): tryOut(dialogue, isUndone: looked < last)
      case .next where looked < last: goTo(looked + 1)
      case .next:
        ends.append(session.interpreter.snapshot())
        if case .printed("")? = pages.last?.last {} else { output("") }
        pages.append([])
        return true
      case .back, .other: continue
      }
    }
  }

  private func showAgain(_ page: Int) {
    output("─── \(page + 1) of \(pages.count) ───")
    for line in pages[page] { put(line) }
  }

  /// Lines of the learner's own, in the lesson's session, until an empty one.
  private func tryOut(_ dialogue: any Dialogue, isUndone: Bool) {
    output(
      isUndone
        ? "  try what you like, with what was there then; an empty line undoes it"
        : "  try what you like; an empty line goes back to the lesson")
    let before = session.output
    session.output = output
    defer { session.output = before }
    while case .text(let line) = dialogue.line(sign: "> ") {
      let text = line.trimmingBlanks
      if text.isEmpty { return }
      switch session.evaluate(text).status {
      case .failed(let diagnostic):
        for line in DiagnosticRenderer(width: session.options.width).lines(diagnostic) { output(line) }
      case .incomplete(let expecting): output("this ends too early: expecting \(expecting)")
      case .interrupted:
        session.endInterrupt()
        output("interrupted")
      case .quit: return
      case .done: break
      }
    }
  }

  // MARK: As a handout

  /// Plays all of it into the record, unseen; answers what failed. Questions are put to nobody.
  func record() -> [Diagnostic] {
    isMuted = true
    session.dialogue = nil
    var failures: [Diagnostic] = []
    while position < lesson.steps.count {
      let response = run(lesson.steps[position])
      position += 1
      if case .failed(let diagnostic) = response.status { failures.append(diagnostic) }
      if case .interrupted = response.status {
        failures.append(Diagnostic("interrupted", at: nil))
        break
      }
    }
    return failures
  }
}

extension Session {
  /// Runs a step of a lesson.
  fileprivate func play(_ text: String, isQuiet: Bool = false) -> Response {
    let outcome = Parser.parse(Source(name: "pasted", text: text), mode: .file)
    if case .failed(let diagnostic) = outcome.problem { return Response(status: .failed(diagnostic)) }
    let response = run { interpreter in
      for var statement in outcome.statements {
        statement.isQuiet = statement.isQuiet || isQuiet
        try interpreter.run(statement)
      }
    }
    recorder?.end(response, output)
    return response
  }

  /// Works out a text that stands as a statement.
  fileprivate func tell(_ text: String, _ show: (String) -> Void) -> Response {
    let outcome = Parser.parse(Source(name: "pasted", text: text), mode: .file)
    return run { interpreter in
      guard case .expression(let expression)? = outcome.statements.first?.form,
        case .text(let words) = try interpreter.evaluate(expression)
      else { return }
      show(words)
    }
  }
}
