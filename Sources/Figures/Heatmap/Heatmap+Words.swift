extension Heatmap {
  /// What is to be seen: of every band where it is least and greatest, and its mean.
  public var alternative: String {
    let steps = self.steps ?? columns
    let what = axis == "t" ? (steps == 1 ? "step" : "steps") : (steps == 1 ? "column" : "columns")
    var sentences = [(title.isEmpty ? "Heatmap" : title) + " over \(steps) \(what)"]
    for band in bands.prefix(20) { sentences.append(sentence(band)) }
    if bands.count > 20 { sentences.append("\(bands.count - 20) more bands") }
    if let note = columnNote(Pooling(units: 1, atMostRows: 1, steps: 1, atMostColumns: 1)) { sentences.append(note) }
    return (sentences + notes).map { $0.hasSuffix(".") ? $0 : $0 + "." }.joined(separator: " ")
  }

  private func sentence(_ band: Band) -> String {
    var (least, greatest) = (Place(), Place())
    var (sum, count) = (0.0, 0)
    for (unit, row) in band.rows.enumerated() {
      for (time, value) in row.enumerated() where value.isFinite {
        if count == 0 || value < least.value { least = Place(unit: unit, time: time, value: value) }
        if count == 0 || value > greatest.value { greatest = Place(unit: unit, time: time, value: value) }
        sum += value
        count += 1
      }
    }
    let name = band.title + (band.caption.isEmpty ? "" : " (\(band.caption))")
    guard count > 0 else { return "\(name): nothing to see" }
    if least.value == greatest.value { return "\(name): \(NumberLabel.short(least.value)) throughout" }
    func at(_ place: Place) -> String {
      let unit = band.rows.count > 1 ? "\(axis == "t" ? "unit" : "row") \(place.unit * band.unitsPerRow + 1), " : ""
      return "\(NumberLabel.short(place.value)) at \(unit)\(axis) = \(time(ofColumn: place.time))"
    }
    return "\(name): least \(at(least)), greatest \(at(greatest)), mean \(NumberLabel.short(sum / Double(count)))"
  }

  private struct Place {
    var unit = 0
    var time = 0
    var value = 0.0
  }
}
