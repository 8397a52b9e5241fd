import Figures
import Formats
import Syntax

/// `:record lecture.html`, `:record stop`, `:record`; and a whole file as a handout.
extension Session {
  func record(_ argument: String) -> Response {
    switch argument {
    case "":
      if let recorder {
        output("recording to \(recorder.path): \(counted(recorder.statementCount, "statement")); :record stop ends it")
      } else {
        output("nothing is recorded; :record lecture.html begins (also .md, .tex)")
      }
      return Response(status: .done)
    case "stop": return stopRecording()
    default: return startRecording(argument)
    }
  }

  private func startRecording(_ path: String) -> Response {
    if let recorder {
      return Self.failed("a record is kept already, in \(recorder.path)", hint: ":record stop ends it")
    }
    do {
      let recorder = try Self.recorder(path)
      do throws(FormatError) { try recorder.write() } catch {
        return Self.failed("\(path): \(error.message)", hint: error.hint)
      }
      self.recorder = recorder
      output("recording to \(path); :record stop ends it")
      return Response(status: .done)
    } catch let diagnostic as Diagnostic {
      return Response(status: .failed(diagnostic))
    } catch { return Self.failed("\(error)") }
  }

  private func stopRecording() -> Response {
    guard let recorder else { return Self.failed("nothing is recorded", hint: ":record lecture.html begins") }
    self.recorder = nil
    do throws(FormatError) { try recorder.write() } catch {
      return Self.failed("\(recorder.path): \(error.message)", hint: error.hint)
    }
    output("wrote \(recorder.path), with \(counted(recorder.statementCount, "statement"))")
    return Response(status: .done)
  }

  /// A file that is there already is replaced only if it is a record, too.
  private static func recorder(_ path: String) throws -> Recorder {
    guard let format = HandoutFile(path: path) else {
      throw Diagnostic("a record is kept as .html, .md or .tex", at: nil, hint: ":record lecture.html")
    }
    if case .text(let text)? = try? FileReader.read(path: path), text.contains(where: { !$0.isWhitespace }),
      !Handout.isOurs(text)
    {
      throw Diagnostic("\(path) is there already, and is no record", at: nil, hint: "record under another name")
    }
    return Recorder(path: path, format: format, title: "A session with Carousel")
  }

  /// Takes over the record of a session that is given up.
  public func goOn(from earlier: Session) {
    recorder = earlier.recorder
    earlier.recorder = nil
  }

  /// Runs a script or a lesson, statement by statement, and writes it as a handout. Answers what failed.
  public func writeHandout(of name: String, to path: String) -> [Diagnostic] {
    do {
      let recorder = try Self.recorder(path)
      let lesson = try LessonShelf(folder: options.libraryFolder).lesson(name)
      recorder.title = lesson.title
      connect()
      let player = LessonPlayer(lesson, interpreter, recorder: recorder)
      let failures = player.record()
      do throws(FormatError) { try recorder.write() } catch {
        throw Diagnostic("\(path): \(error.message)", at: nil, hint: error.hint)
      }
      return failures
    } catch let error as any Explained {
      return [error.diagnostic]
    } catch { return [Diagnostic("\(error)", at: nil)] }
  }

  private static func failed(_ message: String, hint: String? = nil) -> Response {
    Response(status: .failed(Diagnostic(message, at: nil, hint: hint)))
  }
}
