import Foundation
import XCTest

@testable import Session

/// Data for training: windows, characters, and the tasks of the library.
final class TaskTests: XCTestCase {
  private func check(_ cases: [(String, [String])], in session: Session = wideSession()) {
    for (text, expected) in cases { XCTAssertEqual(session.printed(text), expected, text) }
  }

  func testWindows() {
    check([
      (
        "w = windows([1, 2, 3, 4, 5, 6, 7, 8], 3); print(reshape(w.x, 2, 3), reshape(w.y, 2, 3))",
        ["[1, 2, 3; 4, 5, 6] [2, 3, 4; 5, 6, 7]"]
      ),
      ("shape(windows(1..10, 3, step: 1).x)", ["[7, 3, 1]"]),
      (
        "w = windows([1, 2; 3, 4; 5, 6; 7, 8; 9, 10], 2); print(shape(w.x)); print(w.x[2, :, :], w.y[2, :, :])",
        ["[2, 2, 2]", "[5, 6; 7, 8] [7, 8; 9, 10]"]
      ),
      ("windows(\"banana\", 2)", ["{x: [2, 1; 3, 1], y: [1, 3; 1, 3], alphabet: \"abn\"}"]),
      ("characters(\"nab\", \"abn\").classes", ["[3, 1, 2]"]),
    ])
    let session = wideSession()
    let errors = [
      ("windows([1, 2, 3], 3)", "error: a window of 3 needs 4 steps with its target, and there are 3"),
      ("windows([1, 2, 3], 0)", "error: windows takes a length from 1 on, and this is 0"),
      ("windows([1, 2, 3], 1, step: 0)", "error: step is a whole number from 1 on, and this is 0"),
      (
        "windows(zeros(2, 3, 4), 1)",
        "error: windows takes one sequence, [time] or [time, width], and this is 2 × 3 × 4"
      ),
      ("windows(\"\", 1)", "error: there are no characters in this text"),
      ("characters(\"abc\", \"ab\")", "error: \"c\" is not among the 2 characters of the alphabet"),
      (
        "characters(\"ab\", \"aab\")",
        "error: an alphabet has each character once, and none that joins the one before it"
      ),
    ]
    for (text, message) in errors { XCTAssertEqual(session.printed(text).first, message, text) }
  }

  /// What each task promises of its data, whatever was drawn; the same seed, the same data.
  func testTasks() {
    check([
      (
        """
        import "tasks/adding.cell"
        set seed 5; a = adding(50, 11); set seed 5; b = adding(50, 11)
        print(shape(a.x), shape(a.y), a.x == b.x)
        marks = a.x[:, :, 2]
        print(max(abs(sum(marks, over: 2) - 2)), max(abs(sum(marks[:, 1..5], over: 2) - 1)))
        print(max(abs(sum(a.x[:, :, 1] * marks, over: 2) - column(a.y))) < 1e-12)
        """, ["[50, 11, 2] [50] true", "0 0", "true"]
      ),
      (
        """
        import "tasks/copy.cell"
        c = copy_task(20, 3, 4, 6)
        print(shape(c.x), c.classes, c.x[:, 1..3] == c.y[:, 10..12])
        fn is(part, class) = max(abs(part - class)) == 0
        print(is(c.x[:, 4..8], 5), is(c.x[:, 9], 6), is(c.x[:, 10..12], 5), is(c.y[:, 1..9], 5))
        print(min(c.x[:, 1..3]), max(c.x[:, 1..3]))
        """, ["[20, 12] 6 true", "true true true true", "1 4"]
      ),
      (
        """
        import "tasks/parity.cell"
        p = parity(30, 7)
        odd = zeros(30); good = true
        for t in 1..7 { odd = abs(odd - p.x[:, t, 1]); good = good and odd + 1 == p.y[:, t] }
        print(shape(p.x), good, min(p.y), max(p.y))
        """, ["[30, 7, 1] true 1 2"]
      ),
      (
        """
        import "tasks/sunspots.cell"
        s = sunspots_ahead(40, 1949)
        print(shape(s.train.x), shape(s.series), s.years[s.count])
        back = (s.middle + s.scale * s.series)^2
        print(max(abs(back - s.spots)) < 1e-9, abs(mean(s.series[1..250])) < 1e-12)
        print(s.train.y[210, 40, 1] == s.series[250])
        """, ["[210, 40, 1] [309] 1949", "true true", "true"]
      ),
      (
        """
        import "tasks/digits.cell"
        set seed 2; rows = digits_by_rows(); set seed 2; pixels = digits_by_pixels()
        print(shape(rows.x), shape(pixels.x), reshape(rows.x, 1797, 64, 1) == pixels.x, rows.y == pixels.y)
        fn is_zero(class) = class == 1
        print(min(rows.x), max(rows.x), length(filter(is_zero, rows.y)))
        """, ["[1797, 8, 8] [1797, 64, 1] true true", "0 1 178"]
      ),
    ])
  }
}
