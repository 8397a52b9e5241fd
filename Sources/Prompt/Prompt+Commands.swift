import Session
import Syntax

/// The commands that concern the terminal alone; those that need values go to the session.
extension Prompt {
  func run(_ command: PromptCommand, _ entry: String) -> Outcome {
    switch command.name {
    case "?": return run(recordedAs: nil) { $0.command(entry) }
    case ":time":
      // In a transcript the statement itself: what it did may be needed, how long it took is another time's affair.
      return run(recordedAs: isBlank(command.argument) ? nil : command.argument) { $0.command(entry) }
    case ":record": return run(recordedAs: nil) { $0.command(":record " + recordArgument(command.argument)) }
    case ":quit", ":q", ":exit": return .left(0)
    case ":reset":
      reset()
      return .done
    case ":history": return listHistory(containing: command.argument)
    case ":save": return save(to: command.argument)
    case ":edit": return edit()
    default: return complainOfUnknown(command)
    }
  }

  private func complainOfUnknown(_ command: PromptCommand) -> Outcome {
    let names = PromptCommand.table.map(\.name)
    let begun = command.name.count > 1 ? names.first { $0.hasPrefix(command.name) } : nil
    if let meant = begun ?? nearNames(command.name, among: names).first {
      complain("there is no command \(command.name)", hint: "perhaps \(meant)?")
      return .failed
    }
    complain("there is no command \(command.name); there are")
    let width = PromptCommand.table.map(\.usage.count).max() ?? 0
    for row in PromptCommand.table {
      show("  \(row.usage)\(String(repeating: " ", count: width - row.usage.count + 2))\(row.purpose)")
    }
    return .failed
  }

  private static let mostListed = 50

  private func listHistory(containing text: String) -> Outcome {
    let found = entries.dropLast().filter { text.isEmpty || $0.contains(text) }
    if found.count > Self.mostListed {
      show("(\(found.count - Self.mostListed) earlier ones; :history text finds among all)")
    }
    for entry in found.suffix(Self.mostListed) {
      for line in entry.split(separator: "\n", omittingEmptySubsequences: false) { show("  " + line) }
    }
    return .done
  }

  private func save(to name: String) -> Outcome {
    guard !name.isEmpty else {
      complain("which file?", hint: ":save session.cell")
      return .failed
    }
    let path = expandingHome(unquoted(name))
    do throws(FileProblem) {
      // An existing file is replaced only if it is a transcript, too.
      if fileExists(path), try !isBlank(readText(path: path)), try !PromptText(readText(path: path)).startsWithPrompt {
        complain("\(path) is there already, and is no transcript", hint: "save under another name")
        return .failed
      }
      try writeText(transcript.text, path: path)
      return .done
    } catch {
      complain(error.message)
      return .failed
    }
  }

  /// A path, as the shell would have it; `stop` is a word.
  private func recordArgument(_ argument: String) -> String { expandingHome(unquoted(argument)) }

  private func unquoted(_ name: String) -> String {
    name.count >= 2 && name.hasPrefix("\"") && name.hasSuffix("\"") ? String(name.dropFirst().dropLast()) : name
  }

  /// A text as it comes from the editor; as it was if that failed. It is not run: Enter does that.
  func edited(_ text: String) -> String {
    writer.write(part: "\r")
    do throws(FileProblem) {
      var edited = try Editor().edit(text)
      while edited.last?.isNewline ?? false { edited.removeLast() }
      return edited
    } catch {
      complain(error.message)
      return text
    }
  }

  private func edit() -> Outcome {
    do throws(FileProblem) {
      writer.flush()
      let edited = try Editor().edit(lastEntry)
      Interrupts.clear()
      let text = PromptText(edited)
      let outcome = run(pieces: text.startsWithPrompt ? text.script : edited + "\n")
      if let status = outcome.status { return .left(status) }
      if !isBlank(outcome.rest) {
        complain("the text ends in the middle of a statement", hint: ":edit to go on with it")
      }
      if !isBlank(outcome.rest) { lastEntry = outcome.rest }
      return .done
    } catch {
      complain(error.message)
      return .failed
    }
  }
}
