import Syntax

/// Arguments of functions whose labels a cell's own names decide.
extension BuiltinTable {
  /// The arguments without a label: what the function is about.
  static func subjects(
    of given: [GivenArgument], _ function: String, most: Int, _ kind: String, _ place: Place?
  ) throws -> [GivenArgument] {
    let subjects = given.filter { $0.label == nil }
    guard !subjects.isEmpty else { throw SessionError.argumentMissing("cell", function: "\(function)(cell, …)", place) }
    guard subjects.count <= most else {
      throw SessionError.builtin("\(function) takes up to \(most) \(kind) at a time", hint: nil, place)
    }
    return subjects
  }

  static func whole(_ label: String, of given: [GivenArgument], _ bounds: ClosedRange<Int>) throws -> Int? {
    guard let argument = given.first(where: { $0.label == label }) else { return nil }
    guard case .number(let number) = argument.value, let whole = Int(exactly: number), bounds.contains(whole) else {
      throw SessionError.badSetting(
        label, allowed: "a whole number from \(bounds.lowerBound) to \(bounds.upperBound)", argument.value.described,
        argument.place)
    }
    return whole
  }

  static func truth(_ label: String, of given: [GivenArgument]) throws -> Bool {
    guard let argument = given.first(where: { $0.label == label }) else { return false }
    guard case .truth(let truth) = argument.value else {
      throw SessionError.badSetting(
        label, allowed: "true or false", argument.value.described, argument.place)
    }
    return truth
  }
}
