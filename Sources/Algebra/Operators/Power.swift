import Glibc

/// Powers and their inverse as floating-point numbers have them.
public enum Power {
  /// a^b.
  public static func of(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
  public static func log10(_ value: Double) -> Double { Glibc.log10(value) }
}
