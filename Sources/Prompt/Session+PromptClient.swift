import Session

extension Session: PromptClient {}
