import Algebra
import Runtime
import XCTest

/// Every cell of the library against a second opinion, and against what other programs give.
final class LibraryCellTests: XCTestCase {
  func testEveryVariableOfEveryCellAtEveryTime() throws {
    for check in LibraryCases.all {
      let text = try LibraryFolder.cell(check.name)
      for batch in [1, 3] {
        let trial = LibraryTrial(check, batch: batch)
        do {
          let net = try trial.fedNet(text)
          let found = try trial.largestDifference(of: net)
          XCTAssertLessThan(found.value, 1e-12, "\(check.name), \(batch) at once: \(found.place)")
        } catch {
          XCTFail("\(check.name): \(error)")
        }
      }
    }
  }

  /// Neither more nor fewer variables and parameters than the paper's, each in its shape.
  func testEveryCellHasTheVariablesAndParametersOfItsPaper() throws {
    for check in LibraryCases.all {
      do {
        let net = try LibraryRunner.net(try LibraryFolder.cell(check.name), widths: check.widths)
        let store = net.recurrence.store
        let parameters = net.recurrence.parameters.map { (store[$0].name, net.sides($0)) }
        XCTAssertEqual(Dictionary(uniqueKeysWithValues: parameters), check.parameters, check.name)
        let variables = net.recurrence.variables.map { store[$0].name }
        XCTAssertEqual(Set(variables), Set(LibraryTrial(check, batch: 1).expected[0][0].keys), check.name)
        XCTAssertEqual(Set(net.recurrence.states.map { store[$0].name }), Set(check.states.keys), check.name)
        XCTAssertEqual(net.recurrence.outputs.map { store[$0].name }, ["h"], check.name)
        XCTAssertEqual(net.parameterCount, check.parameters.values.reduce(0) { $0 + $1.reduce(1, *) }, check.name)
      } catch {
        XCTFail("\(check.name): \(error)")
      }
    }
  }

  func testResultsOfKerasAndLibtorchInBothTypes() throws {
    for known in LibraryNumbers.all {
      for type in [NumberType.float32, .float64] {
        let net = try LibraryRunner.net(try LibraryFolder.cell(known.cell), widths: known.widths, type: type)
        try LibraryRunner.setParameters(known.parameters, in: net)
        try LibraryRunner.feed(known.inputs, to: net)
        // In Float32 an activation may be off by 5 roundings, and each step adds its own.
        let accuracy = type == .float32 ? max(known.accuracy, 1e-6) : known.accuracy
        for (variable, time, expected) in known.expected {
          let track = try LibraryRunner.track(variable, of: net, batch: known.inputs.count)
          for (sequence, values) in expected.enumerated() {
            for (unit, value) in values.enumerated() {
              let place = "\(known.title), \(type): \(variable)[\(time), \(unit + 1)] of \(sequence + 1)"
              XCTAssertEqual(track[sequence][time - 1][unit], value, accuracy: accuracy, place)
            }
          }
        }
      }
    }
  }

  /// What `init` says, and glorot for all other matrices, zeros for all other vectors.
  func testStartingValues() throws {
    let ones: Set<String> = [
      "LSTM.b_f", "CIFG.b_f", "PeepholeLSTM.b_f", "LSTMP.b_f", "PeepholeLSTMP.b_f", "mLSTM16.b_f", "CFN.b_θ",
      "LayerNormLSTM.γ_h", "LayerNormLSTM.γ_x", "LayerNormLSTM.γ_c", "FastGRNN.ζ̂",
    ]
    for check in LibraryCases.all {
      let net = try LibraryRunner.net(try LibraryFolder.cell(check.name), widths: check.widths, seed: 5)
      for (name, shape) in check.parameters {
        let values = net.parameter(try LibraryRunner.symbol(name, in: net))
        let place = "\(check.name).\(name)"
        switch place {
        case _ where ones.contains(place): XCTAssertTrue(values.allSatisfy { $0 == 1 }, place)
        case "CFN.b_η": XCTAssertTrue(values.allSatisfy { $0 == -1 }, place)
        case "FastGRNN.ν̂": XCTAssertEqual(values, [-4], place)
        case "IRNN.U": XCTAssertEqual(values, [1, 0, 0, 0, 1, 0, 0, 0, 1], place)
        case "IRNN.W": XCTAssertTrue(values.allSatisfy { $0 != 0 && abs($0) < 0.006 }, place)
        case "RGLRU.Λ":
          for value in values {
            let kept = exp(-8 * log1p(exp(-value)))
            XCTAssertTrue((0.9...0.999).contains(kept), "\(place): \(kept)")
          }
        default:
          guard shape.count == 2 else {
            XCTAssertTrue(values.allSatisfy { $0 == 0 }, place)
            continue
          }
          let bound = (6 / Double(shape[0] + shape[1])).squareRoot()
          XCTAssertTrue(values.allSatisfy { abs($0) <= bound }, place)
          XCTAssertEqual(Set(values).count, values.count, "\(place): all entries differ")
        }
      }
    }
  }
}
