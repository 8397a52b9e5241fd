/// What a LaTeX command is to the reader. Commands are a table, a row a command; what no row knows is an error.
enum LaTeXMeaning {
  /// A letter of a name: `\alpha`.
  case letter(String)
  /// An operator, a relation, a fence or punctuation, as its Unicode character.
  case sign(String)
  /// An upright word: `\tanh`.
  case word(String)
  /// A combining mark for its argument: `\tilde{h}`.
  case accent(String)
  /// How the letters of its argument are set; upright letters together are a word.
  case style(LaTeXStyle)
  /// As `style`, to the end of the group: `{\bf W}`.
  case fontSwitch(LaTeXStyle)
  /// Prose in its argument.
  case text
  case wideSpace
  /// Space, size, numbering: nothing that is read, with so many arguments (`*`, `[...]` are taken too).
  case ignored(arguments: Int)
  /// Stands for its last argument: `\boxed{…}`, `\textcolor{red}{…}`.
  case lastArgument(of: Int)
  /// `\sqrt` and `\frac` have their own forms.
  case root, fraction
  /// `\newline`, `\\`, `\cr`.
  case rowBreak
}

enum LaTeXCommands {
  static let meanings: [String: LaTeXMeaning] = {
    var table: [String: LaTeXMeaning] = [
      "sqrt": .root, "frac": .fraction, "dfrac": .fraction, "tfrac": .fraction, "cfrac": .fraction,
      "nicefrac": .fraction,
      "quad": .wideSpace, "qquad": .wideSpace, "hfill": .wideSpace, "hspace": .ignored(arguments: 1),
      "newline": .rowBreak, "cr": .rowBreak, "tabularnewline": .rowBreak,
      "stackrel": .lastArgument(of: 2), "overset": .lastArgument(of: 2), "underset": .lastArgument(of: 2),
      "textcolor": .lastArgument(of: 2), "colorbox": .lastArgument(of: 2), "resizebox": .lastArgument(of: 3),
    ]
    for (name, letter) in letters { table[name] = .letter(letter) }
    for (name, sign) in signs { table[name] = .sign(sign) }
    for (name, mark) in accents { table[name] = .accent(mark) }
    for word in words { table[word] = .word(word) }
    for (name, style) in styles { table[name] = .style(style) }
    for (name, style) in fontSwitches { table[name] = .fontSwitch(style) }
    for name in [
      "text", "mbox", "hbox", "textrm", "textnormal", "textup", "intertext", "shortintertext", "textit", "textsl",
      "emph",
      "textbf", "textsf", "textsc",
    ] {
      table[name] = .text
    }
    for name in nothing { table[name] = .ignored(arguments: 0) }
    for name in numbering { table[name] = .ignored(arguments: 1) }
    for name in containers { table[name] = .lastArgument(of: 1) }
    return table
  }()

  static let letters: [String: String] = [
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ",
    "pi": "π", "varpi": "ϖ", "rho": "ρ", "varrho": "ϱ", "sigma": "σ", "varsigma": "ς", "tau": "τ", "upsilon": "υ",
    "phi": "φ", "varphi": "ϕ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ",
    "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
    "ell": "ℓ", "imath": "i", "jmath": "j", "infty": "∞", "hbar": "ħ", "varkappa": "ϰ", "triangle": "Δ", "digamma": "ϝ",
  ]

  static let signs: [String: String] = [
    "odot": "⊙", "circ": "∘", "cdot": "·", "cdotp": "·", "centerdot": "·", "times": "×", "otimes": "⊗", "ast": "*",
    "star": "⋆", "bullet": "·", "oplus": "⊕", "div": "/", "pm": "±", "bigodot": "⊙", "boxdot": "⊙", "bigotimes": "⊗",
    "bigoplus": "⊕", "eq": "=", "coloneqq": "=", "coloneq": "=", "triangleq": "=", "equiv": "=", "doteq": "=",
    "gets": "=", "leftarrow": "=", "longleftarrow": "=", "Leftarrow": "=", "approx": "≈", "propto": "∝", "sim": "∼",
    "in": "∈", "neq": "≠", "ne": "≠", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "lt": "<", "gt": ">",
    "to": "→", "rightarrow": "→", "longrightarrow": "→", "mapsto": "↦", "partial": "∂", "nabla": "∇",
    "top": "⊤", "intercal": "⊤", "dagger": "†", "prime": "′", "lbrace": "{", "{": "{", "rbrace": "}", "}": "}",
    "lbrack": "[", "rbrack": "]", "lparen": "(", "rparen": ")", "langle": "⟨", "rangle": "⟩", "vert": "|", "lvert": "|",
    "rvert": "|", "mid": "|", "Vert": "‖", "|": "‖", "lVert": "‖", "rVert": "‖", "parallel": "‖", "Vertbar": "‖",
    "sum": "∑", "prod": "∏", "int": "∫", "oint": "∫", "ldots": "…", "cdots": "…", "dots": "…", "dotsc": "…",
    "vdots": "…", "ddots": "…", "forall": "∀", "exists": "∃", "cup": "∪", "cap": "∩", "wedge": "∧", "vee": "∨",
    "colon": ":", "backslash": "\\", "%": "%", "#": "#", "&": "&", "_": "_", "$": "$", "ll": "≪", "gg": "≫",
    "land": "∧", "lor": "∨", "neg": "¬", "lnot": "¬", "subset": "⊂", "setminus": "\\", "amalg": "⨿", "dotplus": "+",
    "underscore": "_", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "mp": "±", "ominus": "⊖",
    "Rightarrow": "⇒", "implies": "⇒", "iff": "⇔", "therefore": "⇒", "degree": "∘",
  ]

  static let accents: [String: String] = [
    "tilde": "\u{303}", "widetilde": "\u{303}", "hat": "\u{302}", "widehat": "\u{302}", "bar": "\u{304}",
    "overline": "\u{304}", "underline": "\u{332}", "dot": "\u{307}", "ddot": "\u{308}", "check": "\u{30C}",
    "breve": "\u{306}", "acute": "\u{301}", "grave": "\u{300}", "mathring": "\u{30A}", "overrightarrow": "\u{20D7}",
    "overleftarrow": "\u{20D6}", "widecheck": "\u{30C}",
  ]

  /// TeX's own upright words; the others are written `\mathrm{…}` or `\operatorname{…}`.
  static let words = [
    "tanh", "exp", "log", "ln", "max", "min", "sin", "cos", "tan", "sinh", "cosh", "coth", "arctan", "arcsin", "arccos",
    "lim", "sup", "inf", "det", "dim", "arg", "gcd", "deg", "Pr", "sec", "csc", "cot", "ker", "lg",
  ]

  static let styles: [String: LaTeXStyle] = [
    "mathbf": .bold, "boldsymbol": .bold, "bm": .bold, "pmb": .bold, "vec": .bold, "symbf": .bold,
    "mathbfit": .bold, "mathcal": .calligraphic, "mathscr": .calligraphic, "mathfrak": .calligraphic,
    "mathbb": .blackboard, "mathds": .blackboard, "mathbbm": .blackboard, "mathrm": .upright, "operatorname": .upright,
    "mathsf": .upright, "mathtt": .upright, "texttt": .upright,
    "mathit": .upright, "mathnormal": .plain, "mathup": .upright,
    "mathbfsf": .bold, "bold": .bold, "boldmath": .bold, "symrm": .upright, "mathop": .upright,
    "textsuperscript": .plain,
  ]

  static let fontSwitches: [String: LaTeXStyle] = [
    "bf": .bold, "bfseries": .bold, "rm": .upright, "it": .plain, "cal": .calligraphic, "sf": .upright, "tt": .upright,
    "sl": .plain,
  ]

  static let nothing = [
    ",", ";", ":", "!", ">", " ", "/", "thinspace", "medspace", "thickspace", "enspace", "negthinspace", "left",
    "right",
    "middle", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "Biggl", "Biggr", "bigm",
    "Bigm", "biggm", "Biggm", "nonumber", "notag", "displaystyle", "textstyle", "scriptstyle", "scriptscriptstyle",
    "limits", "nolimits", "noindent", "centering", "small", "footnotesize", "scriptsize", "normalsize", "large", "par",
    "strut", "mathstrut", "allowbreak", "nobreak", "break", "hline", "smallskip", "medskip", "bigskip", "protect",
    "relax", "space", "indent", "null", "qedhere", "quotient", "allowdisplaybreaks", "toprule", "midrule", "bottomrule",
  ]

  /// Names, numbers and empty space.
  static let numbering = [
    "label", "tag", "ref", "eqref", "cite", "citep", "citet", "vspace", "phantom", "hphantom", "vphantom", "color",
    "footnote", "index", "hskip", "mspace", "kern",
  ]

  static let containers = [
    "boxed", "fbox", "underbrace", "overbrace", "underbracket", "overbracket", "mathbin", "mathrel", "mathord",
    "mathopen", "mathclose", "mathpunct", "mathinner", "ensuremath", "smash", "cancel", "mathstyle", "makebox",
    "operatornamewithlimits", "substack", "phantomsection",
  ]

  /// Environments that only arrange rows.
  static let rowEnvironments: Set<String> = [
    "equation", "align", "aligned", "alignat", "alignedat", "gather", "gathered", "split", "eqnarray", "multline",
    "multlined", "flalign", "displaymath", "math", "subequations", "dmath", "dgroup", "IEEEeqnarray", "numcases",
    "subnumcases", "empheq", "document", "small", "center", "minipage",
  ]

  /// Those that hold formulas in the midst of prose.
  static let displayEnvironments: Set<String> = [
    "equation", "align", "alignat", "gather", "eqnarray", "multline", "flalign", "displaymath", "math", "dmath",
    "IEEEeqnarray",
  ]

  static let gridEnvironments: Set<String> = [
    "matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "psmallmatrix", "bsmallmatrix",
    "array", "cases", "dcases", "rcases", "tabular",
  ]

  /// Environments with an argument for their columns.
  static let columnsEnvironments: Set<String> = [
    "array", "alignat", "alignedat", "tabular", "IEEEeqnarray", "numcases",
  ]
}
