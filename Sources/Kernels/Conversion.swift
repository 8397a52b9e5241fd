/// Numbers from one precision to the other, by vectors. Nothing is checked: the caller answers for every address.
public enum Conversion {
  @inline(never)
  public static func convert(_ source: UnsafePointer<Double>, into target: UnsafeMutablePointer<Float>, count: Int) {
    var index = 0
    while index < count {
      target[index] = Float(source[index])
      index &+= 1
    }
  }

  @inline(never)
  public static func convert(_ source: UnsafePointer<Float>, into target: UnsafeMutablePointer<Double>, count: Int) {
    var index = 0
    while index < count {
      target[index] = Double(source[index])
      index &+= 1
    }
  }
}
