import Algebra
import Runtime

/// What a session was at one time: names with their values, settings, random numbers. Values are never changed in
/// place but for nets, of which their numbers are kept; those share their storage until one of the two changes.
struct SessionSnapshot {
  fileprivate var values: [String: (value: Value?, isNoted: Bool)] = [:]
  fileprivate var lastValue: Value
  fileprivate var lastDerivation: Value?
  fileprivate var settings: Settings
  fileprivate var random: RandomStream
  fileprivate var netCount: UInt64
  fileprivate var cellInUse: Cell?
  fileprivate var importedFiles: Set<String>
  fileprivate var nets: [ObjectIdentifier: (net: NetValue, copy: Net, isBatched: Bool)] = [:]

  /// Longer lists are not looked through for nets.
  private static let longestList = 1_000

  fileprivate mutating func note(_ value: Value) {
    switch value {
    case .net(let net): note(net)
    case .netPart(let part): note(part.net)
    case .list(let list) where list.items.count <= Self.longestList: for item in list.items { note(item) }
    case .record(let record): for value in record.values { note(value) }
    default: break
    }
  }

  private mutating func note(_ net: NetValue) {
    guard nets[ObjectIdentifier(net)] == nil else { return }
    nets[ObjectIdentifier(net)] = (net, net.net.copy(), net.isBatched)
  }
}

extension Interpreter {
  func snapshot() -> SessionSnapshot {
    var result = SessionSnapshot(
      lastValue: lastValue, lastDerivation: lastDerivation, settings: settings, random: random, netCount: netCount,
      cellInUse: cellInUse, importedFiles: importedFiles)
    result.note(lastValue)
    for (name, binding) in bindings {
      result.values[name] = (binding.value, binding.isNoted)
      if let value = binding.value { result.note(value) }
    }
    return result
  }

  /// As it was then; names that were not met yet have no value.
  func restore(_ snapshot: SessionSnapshot) {
    for (name, binding) in bindings {
      let before = snapshot.values[name]
      binding.value = before?.value
      binding.isNoted = before?.isNoted ?? false
    }
    lastValue = snapshot.lastValue
    lastDerivation = snapshot.lastDerivation
    settings = snapshot.settings
    random = snapshot.random
    netCount = snapshot.netCount
    cellInUse = snapshot.cellInUse
    importedFiles = snapshot.importedFiles
    for (net, copy, isBatched) in snapshot.nets.values {
      net.net.become(copy)
      net.isBatched = isBatched
    }
  }
}
