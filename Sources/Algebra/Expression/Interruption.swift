/// Long work ended because it was asked to: whoever starts it hands in `isInterrupted`, which is asked again and again.
public struct Interruption: Error {
  public init() {}
}
