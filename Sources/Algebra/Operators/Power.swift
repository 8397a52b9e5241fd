import Glibc

/// a^b as floating-point numbers have it.
public enum Power {
  public static func of(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
}
