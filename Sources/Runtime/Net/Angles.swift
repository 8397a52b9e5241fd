import Glibc

/// The few elementary functions that random numbers need.
enum Angles {
  static func sineAndCosine(_ angle: Double) -> (Double, Double) { (sin(angle), cos(angle)) }
  static func log(_ value: Double) -> Double { Glibc.log(value) }
}
