/// What a person did at the prompt.
enum PromptInput: Equatable {
  case text(String)
  /// Several lines were pasted, between what stood before and behind the cursor.
  case pasted(before: String, String, after: String)
  /// Ctrl-X Ctrl-E: the text is for the person's own editor.
  case edit(String)
  /// Ctrl-C; what was dropped.
  case interrupted(dropped: String)
  /// Ctrl-D, or the terminal is gone.
  case end
}

/// Where lines come from: a terminal with line editing, or one without.
protocol LineReader: AnyObject {
  /// Waits for a line or a block behind a sign, `> `. `initial` is a text to go on with.
  func read(sign: String, initial: String) -> PromptInput
  /// Makes an entry findable.
  func remember(_ entry: String)
}
