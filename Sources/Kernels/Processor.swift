internal import CVector

/// The processor that this program runs on.
public enum Processor {
  /// Whether it has the instructions that the kernels are compiled for. Ask before calling any kernel: without them
  /// the program would end with an illegal instruction.
  public static var isSupported: Bool { cvector_processor_has_level(requiredLevel) }

  /// What the kernels are compiled for, for a message: "AVX2 and FMA (x86-64-v3)".
  public static var requirement: String {
    #if arch(x86_64) && LEVEL4
      "AVX-512 (x86-64-v4)"
    #elseif arch(x86_64)
      "AVX2 and FMA (x86-64-v3)"
    #else
      "any"
    #endif
  }

  private static var requiredLevel: Int32 {
    #if LEVEL4
      4
    #else
      3
    #endif
  }
}
