namespace Serverless.Serving.Cards;

/// <summary>Looks of a card: system fonts, colours that stay apart in print and for the colour-blind (Okabe and Ito 2008), no resource from elsewhere.</summary>
public static class CardStyle
{
    /// <summary>The style sheet.</summary>
    public const string Css = """
        :root { color-scheme: light; --ink: #1c2430; --soft: #5a6675; --line: #d5dbe3; --one: #0072b2; --two: #d55e00; }
        * { box-sizing: border-box; }
        body { margin: 0; color: var(--ink); background: #fff; font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
        main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
        h1 { margin: 0 0 .5rem; font-size: 2rem; line-height: 1.2; overflow-wrap: anywhere; }
        h2 { margin: 2.75rem 0 .75rem; padding-bottom: .3rem; border-bottom: 2px solid var(--ink); font-size: 1.35rem; }
        h3 { margin: 2rem 0 .25rem; font-size: 1.05rem; overflow-wrap: anywhere; }
        h2, h3 { break-after: avoid; }
        p, ul { max-width: 46rem; margin: .5rem 0; }
        .lead { font-size: 1.15rem; color: var(--soft); }
        table { width: 100%; margin: .75rem 0 1.25rem; border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
        caption { padding: 0 0 .35rem; color: var(--soft); text-align: left; }
        th, td { padding: .35rem 1.25rem .35rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: anywhere; }
        thead th { border-bottom-color: var(--ink); font-weight: 600; }
        tbody th { font-weight: 500; min-width: 9rem; }
        .n { text-align: right; white-space: nowrap; }
        td i { display: block; width: 6rem; height: 5px; margin: 2px 0 0 auto; background: linear-gradient(to right, #e9edf2 var(--a), var(--one) var(--a) var(--b), #e9edf2 var(--b)); }
        svg.spark { display: block; width: 6rem; height: 1.4rem; margin: 2px 0 0 auto; fill: var(--one); }
        tr, figure { break-inside: avoid; }
        .charts { display: flex; flex-wrap: wrap; gap: 1.5rem; margin: 1rem 0; }
        figure { flex: 1 1 26rem; max-width: 32rem; margin: 0; }
        figure.page { max-width: none; }
        figure.page polygon { fill: var(--one); fill-opacity: .08; stroke: var(--one); stroke-width: 2; vector-effect: non-scaling-stroke; }
        figcaption { color: var(--soft); font-size: .9rem; }
        svg { display: block; width: 100%; height: auto; font: 12px system-ui, "Segoe UI", Roboto, Arial, sans-serif; }
        svg text { fill: var(--soft); }
        svg .name { fill: var(--ink); paint-order: stroke; stroke: #fff; stroke-width: 4px; }
        .grid { stroke: var(--line); }
        .axis { stroke: var(--soft); }
        .same { stroke: var(--soft); stroke-dasharray: 4 4; fill: none; }
        .s0 { stroke: var(--one); fill: none; stroke-width: 2; }
        .s1 { stroke: var(--two); fill: none; stroke-width: 2; stroke-dasharray: 7 3; }
        .a0 { fill: var(--one); fill-opacity: .18; stroke: none; }
        .a1 { fill: var(--two); fill-opacity: .18; stroke: none; }
        .dot { fill: var(--one); }
        .whisker { stroke: var(--one); }
        .mark { stroke: var(--ink); stroke-dasharray: 2 3; }
        pre { padding: .75rem 1rem; border: 1px solid var(--line); border-radius: 4px; white-space: pre-wrap; overflow-wrap: anywhere; font-size: .85rem; }
        @media print {
          * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
          body { font-size: 10pt; }
          main { max-width: none; padding: 0; }
          figure { flex-basis: 40%; }
        }
        """;
}
