import Syntax
import Typography

/// `lesson`, `lesson quiz`, `lesson("my.cell")`.
extension Interpreter {
  private var shelf: LessonShelf { LessonShelf(folder: options.libraryFolder) }

  /// The lessons, how far each has come, and what it is about.
  func listLessons() {
    let lessons = shelf.lessons()
    guard !lessons.isEmpty else { return say("there are no lessons: the library's folder was not found") }
    let progress = LessonProgress(path: options.progressPath)
    let widest = lessons.map(\.name.displayWidth).max() ?? 0
    for (name, lesson) in lessons {
      let gap = String(repeating: " ", count: widest - name.displayWidth + 2)
      let about = lesson.map { $0.title + Self.state(progress.entries[name], of: $0) }
      let line = name + gap + (about ?? "(cannot be read: lesson \(name) says why)")
      for part in Wrapping.wrap(line, width: options.width, indent: widest + 2) { say(part) }
    }
    let usage = "lesson \(lessons[0].name) plays one; a key goes on, q leaves and remembers where"
    for line in Wrapping.wrap(usage, width: options.width, indent: 2) { say(line) }
  }

  private static func state(_ entry: LessonProgress.Entry?, of lesson: Lesson) -> String {
    guard let entry else { return "" }
    let answers = entry.asked > 0 ? ", \(entry.right) of \(entry.asked) answers right" : ""
    return entry.isDone ? " (done\(answers))" : " (at step \(entry.step) of \(lesson.steps.count)\(answers))"
  }

  /// Plays a lesson, from where it was left if the learner wants that.
  func playLesson(_ name: String, _ place: Place?) throws {
    let lesson: Lesson
    do { lesson = try shelf.lesson(name) } catch let diagnostic as Diagnostic {
      throw diagnostic.place == nil
        ? Diagnostic(diagnostic.message, at: place, hint: diagnostic.hint) : diagnostic
    }
    guard !isLesson else {
      throw SessionError.builtin("a lesson is played already", hint: "q leaves it", place)
    }
    guard !lesson.steps.isEmpty else { throw SessionError.builtin("the lesson is empty", hint: nil, place) }
    var progress = LessonProgress(path: options.progressPath)
    guard let start = start(lesson, progress.entries[lesson.name]) else { return }
    let player = LessonPlayer(lesson, self, recorder: listener as? Recorder)
    let heard = listener
    listener = nil
    defer { listener = heard }
    let ending = player.play(from: start)
    let entry = entry(player, start: start, before: progress.entries[lesson.name])
    if let complaint = progress.set(entry, for: lesson.name) { say("note: \(complaint)") }
    for line in Wrapping.wrap(closing(ending, lesson, player), width: options.width, indent: 2) { say(line) }
    if ending == .left { endInterrupt() }
  }

  private func entry(
    _ player: LessonPlayer, start: Int, before: LessonProgress.Entry?
  ) -> LessonProgress.Entry {
    let (right, asked) = start > 0 ? (before?.right ?? 0, before?.asked ?? 0) : (0, 0)
    return LessonProgress.Entry(
      step: player.position, steps: player.lesson.steps.count, right: right + player.right, asked: asked + player.asked)
  }

  /// The step to begin with; nil to leave.
  private func start(_ lesson: Lesson, _ entry: LessonProgress.Entry?) -> Int? {
    guard let entry, entry.step > 0, entry.step < lesson.steps.count, entry.steps == lesson.steps.count,
      let dialogue, dialogue.isInteractive
    else { return 0 }
    let offer =
      "You were at step \(entry.step) of \(lesson.steps.count): return goes on there, r starts afresh, q leaves"
    for line in Wrapping.wrap(offer, width: options.width, indent: 2) { say(line) }
    while true {
      switch dialogue.key() {
      case .next:
        say("")
        return entry.step
      case .leave: return nil
      case .other("r"):
        say("")
        return 0
      case .back, .other: continue
      }
    }
  }

  private func closing(_ ending: LessonPlayer.Ending, _ lesson: Lesson, _ player: LessonPlayer) -> String {
    switch ending {
    case .finished:
      let answers = player.asked > 0 ? ": \(player.right) of \(player.asked) answers right" : ""
      return "The end of “\(lesson.title)”\(answers)"
    case .left:
      return "Left at step \(player.position) of \(lesson.steps.count); lesson \(lesson.name) goes on from there"
    }
  }
}

extension Session {
  /// Plays a lesson of the library, or a file: `carousel --lesson quiz`.
  public func play(lesson name: String) -> Response {
    run { try $0.playLesson(name, nil) }
  }
}
