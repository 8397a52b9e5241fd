/// Names with their times: variables, inputs and parameters.
extension LaTeXTranslation {
  /// A letter or word as a name of our language, once it is known to be no function.
  func name(_ symbol: LaTeXSymbol) throws(LaTeXFault) -> LaTeXTerm {
    var symbol = symbol
    if symbol.isOfLayerBelow {
      guard survey.inputs.count == 1, let input = survey.inputs.first else {
        throw fault(.layerBelow(slice(symbol.range)), symbol.range)
      }
      let time = symbol.time ?? 0
      decisions.add(
        .layerBelow, symbol.range,
        example: "\(slice(symbol.range))\u{1}\(LaTeXPhrase.cell(timed(input, time - shift, symbol.range)))")
      symbol.name = input
      symbol.time = time
    } else {
      try register(symbol)
    }
    let isVarying = survey.variables.contains(symbol.name) || survey.inputs.contains(symbol.name)
    var term: LaTeXTerm
    if let time = symbol.time {
      guard isVarying || readsDerivatives else {
        throw fault(.unknownTimed(symbol.name, inputs: survey.inputs), symbol.range)
      }
      // Both are bounded by a million.
      let offset = time - shift - (survey.lateness[symbol.name] ?? 0)
      term = varying(symbol, offset)
    } else if isVarying {
      guard survey.timeless.contains(symbol.name) else {
        let isOther = survey.styles[symbol.name].map { $0 != symbol.style } ?? false
        throw fault(isOther ? .twoMeanings(symbol.name) : .needsTime(symbol.name), symbol.range)
      }
      noteTimeless(symbol)
      term = varying(symbol, 0)
    } else if symbol.name == survey.scripts.timeLetter {
      term = LaTeXTerm(node(.name("t"), symbol.range), .number)
    } else {
      let kind: LaTeXKind = ["π", "∞", "e"].contains(symbol.name) ? .number : symbol.isCapital ? .matrix : .vector
      term = LaTeXTerm(node(.name(symbol.name), symbol.range), kind, isParameter: true)
    }
    if symbol.isTransposed { term = try term.transposed(Place(source, symbol.range)) }
    if let power = symbol.power { term = try .infix(.power, term, try whole(power)) }
    return term
  }

  func varying(_ symbol: LaTeXSymbol, _ offset: Int) -> LaTeXTerm {
    let kind: LaTeXKind = survey.matrices.contains(symbol.name) ? .matrix : .vector
    return LaTeXTerm(timed(symbol.name, offset, symbol.range), kind, level: .postfix, height: 2)
  }

  /// Two spellings of one name: another style is told, another place of the label is refused.
  func register(_ symbol: LaTeXSymbol) throws(LaTeXFault) {
    guard let first = spellings[symbol.name] else {
      spellings[symbol.name] = symbol
      if symbol.isRenamed || !symbol.upperLabel.isEmpty, !readsDerivatives {
        decisions.add(.superscriptName, symbol.range, example: "\(slice(symbol.range))\u{1}\(symbol.name)")
      }
      return
    }
    if first.lowerLabel != symbol.lowerLabel || first.upperLabel != symbol.upperLabel || first.base != symbol.base {
      throw fault(
        .sameName(slice(first.range), slice(symbol.range), name: symbol.name), symbol.range)
    }
    let isOtherStyle = first.style != symbol.style && first.style != .upright && symbol.style != .upright
    if isOtherStyle || first.form != symbol.form {
      decisions.add(.sharedName, symbol.range, example: "\(slice(first.range)) and \(slice(symbol.range))")
      spellings[symbol.name]?.style = .upright
      spellings[symbol.name]?.form = symbol.form
    }
  }
}
