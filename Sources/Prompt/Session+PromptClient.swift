import Session

extension Session: PromptClient {
  public func goOn(from earlier: any PromptClient) {
    if let earlier = earlier as? Session { goOn(from: earlier) }
  }
}
