/// The looks of an HTML document. Contrast of text is at least 4.5 to 1 in both schemes. What scrolls has a shade at the
/// edge behind which more is (a gradient that stays, under one that scrolls along: Lea Verou's "scrolling shadows").
enum HandoutStyle {
  static let rules = """
    :root { --ink: #1c1c1e; --faint: #5a5a60; --paper: #ffffff; --panel: #f4f4f1; --line: #d4d4d0; --accent: #0b5cad;
      --typed: #f0f4fa; --bad: #9b1c1c; --bad-panel: #fdf1f0; --shade: #00000038; }
    @media screen and (prefers-color-scheme: dark) {
      :root { --ink: #ececee; --faint: #a8a8b0; --paper: #1c1c1e; --panel: #2b2b2e; --line: #48484c; --accent: #7db8f5;
        --typed: #232a35; --bad: #ffb1a8; --bad-panel: #3a2322; --shade: #ffffff40; }
    }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
    body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 50rem; background: var(--paper); color: var(--ink);
      font: 1.0625rem/1.55 system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; overflow-wrap: break-word; }
    h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 1rem; }
    h2 { font-size: 1.4rem; line-height: 1.25; margin: 2.2rem 0 .6rem; }
    h3, h4 { font-size: 1.15rem; margin: 1.6rem 0 .5rem; }
    p, ul, ol, dl { margin: .7rem 0; max-width: 42rem; }
    a { color: var(--accent); }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
    nav { border-left: 4px solid var(--line); padding-left: .8rem; }
    nav ul { padding: 0; list-style: none; } nav li { padding: .15rem 0; }
    pre, code { font-family: ui-monospace, "SF Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace; }
    code { font-size: .92em; }
    pre { margin: .7rem 0; padding: .6rem .8rem; overflow-x: auto; font-size: .9rem; line-height: 1.4; border-radius: 6px; }
    pre code { font-size: 1em; }
    pre, .formula, .table, figure.wide { --ground: var(--paper);
      background: linear-gradient(to right, var(--ground) 40%, transparent) left / 2.4rem 100% no-repeat local,
        linear-gradient(to left, var(--ground) 40%, transparent) right / 2.4rem 100% no-repeat local,
        linear-gradient(to right, var(--shade), transparent) left / .8rem 100% no-repeat scroll,
        linear-gradient(to left, var(--shade), transparent) right / .8rem 100% no-repeat scroll, var(--ground); }
    pre.input { --ground: var(--typed); border-left: 4px solid var(--accent); margin-bottom: .3rem; }
    pre.output { padding-top: .2rem; padding-bottom: .2rem; margin-top: .3rem; }
    pre.error { --ground: var(--bad-panel); border-left: 4px solid var(--bad); color: var(--bad); }
    .formula, .table { overflow-x: auto; margin: .6rem 0; padding: .3rem .8rem; }
    .formula math { font-size: 1.12rem; margin: 0; text-align: left; width: max-content; }
    table { border-collapse: collapse; font-size: .95rem; }
    mtable { margin: 0; }
    th, td { border-bottom: 1px solid var(--line); padding: .3rem .8rem .3rem 0; text-align: left; vertical-align: top; }
    th { border-bottom: 2px solid var(--faint); }
    .whole { white-space: nowrap; }
    .number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; padding-left: .8rem; color: var(--faint); }
    dt { font-style: italic; color: var(--ink); } dd { margin: 0; }
    figure { margin: 1rem 0; } figure svg { width: 100%; height: auto; display: block; }
    figure.wide { overflow-x: auto; } figure.wide svg { min-width: var(--least); }
    .question { border: 1px solid var(--line); border-left: 4px solid var(--accent); border-radius: 6px; margin: 1.2rem 0;
      padding: .2rem 1rem .6rem; }
    summary { cursor: pointer; color: var(--accent); padding: .3rem 0; }
    @media (max-width: 40rem) { .long { min-width: 11rem; } .brief { white-space: nowrap; } }
    @media (max-width: 30rem) { body { font-size: 1rem; padding: 1rem .8rem 3rem; } pre, .formula, .table { padding-left: .5rem; padding-right: .5rem; } }
    @media print {
      @page { margin: 18mm; }
      body { max-width: none; padding: 0; font-size: 10.5pt; }
      nav { display: none; }
      pre, pre.input, pre.error { white-space: pre-wrap; overflow: visible; font-size: 8.5pt; border-radius: 0; }
      .formula, .table, figure.wide, pre.output { background: none; }
      .formula, .table { overflow: visible; } .formula math { font-size: 10pt; }
      h2, h3, pre.input { break-after: avoid; }
      figure, .formula, .question, tr, dl { break-inside: avoid; }
      figure svg, figure.wide svg { min-width: 0; max-height: 230mm; } figure.wide { overflow: visible; }
    }
    """
}
