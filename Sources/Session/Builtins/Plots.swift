import Figures

extension BuiltinTable {
  static let plots: [Builtin] = [
    Builtin(
      "plot", theme: .seeing,
      "plot(f, ..., over: range, y: range, log: axes, style: style, title: text, labels: names)",
      "lines over two axes: functions of one number, plot(σ, tanh, σ', over: -6..6); vectors, tracks (a line a unit), columns of a matrix or table; pairs, plot((x, y)); the history of fit; log: \"x\", \"y\" or \"xy\"; style: \"points\" or \"dashed\"",
      example: "type(plot(σ, tanh, σ', over: -6..6))", "\"figure\"",
      .general { call in
        var reader = ChartReader(call)
        return .figure(.picture(try reader.chart()))
      })
  ]
}
