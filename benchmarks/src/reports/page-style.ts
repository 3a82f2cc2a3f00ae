// The page's style sheet: light and dark, wide and narrow.

export const pageStyle = `
:root { color-scheme: light dark; --paper: #fbfaf8; --card: #ffffff; --ink: #1d2327; --soft: #5d6a72; --line: #e3e1dc; --track: #dcdad4;
  --nocp: #0f7b6c; --met: #1a7f4b; --missed: #b3470d; --met-paper: #e3f4ea; --missed-paper: #fdebdd; --goal: #0f7b6c22;
  --s0: #0f7b6c; --s1: #c2571a; --s2: #4f5bd5; --s3: #a8327d; --s4: #7a7a1e; --s5: #55606a; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181b; --card: #1c2226; --ink: #e8eaec; --soft: #9aa6ae; --line: #2d353b; --track: #3a444b;
  --nocp: #3ec4ae; --met: #63d297; --missed: #ff9d5c; --met-paper: #17382a; --missed-paper: #45291a; --goal: #3ec4ae26;
  --s0: #3ec4ae; --s1: #ff9d5c; --s2: #8f9bff; --s3: #f07fc6; --s4: #d3d05a; --s5: #a9b4bc; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 40px 24px 64px; }
h1 { font-size: clamp(1.6rem, 4vw, 2.3rem); line-height: 1.15; letter-spacing: -0.02em; margin: 0 0 8px; }
h2 { font-size: 1.2rem; margin: 0 0 4px; letter-spacing: -0.01em; }
p { margin: 0 0 12px; } small, .muted { color: var(--soft); } .muted { font-size: 0.9rem; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 22px 24px; margin-top: 20px; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 14px; margin-top: 24px; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 16px 18px; }
.card b { display: block; font-size: 2rem; line-height: 1.15; letter-spacing: -0.03em; color: var(--nocp); font-variant-numeric: tabular-nums; }
.card span { font-size: 0.88rem; color: var(--soft); }
.rows { display: grid; gap: 12px; margin-top: 14px; }
.row { display: grid; grid-template-columns: 270px 1fr 140px; gap: 16px; align-items: center; }
.name { font-weight: 600; line-height: 1.25; } .name small, .figures small { display: block; font-weight: 400; font-size: 0.8rem; }
.figures { text-align: right; font-variant-numeric: tabular-nums; line-height: 1.25; }
.bar { display: block; width: 100%; height: 20px; }
.track { background: var(--track); border-radius: 5px; overflow: hidden; }
.pair { display: grid; grid-template-columns: 44px 1fr 66px; gap: 3px 8px; align-items: center; font-size: 0.8rem; color: var(--soft); }
.pair .bar { height: 12px; } .pair i { font-style: normal; text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.nocp { fill: var(--nocp); } .goal { fill: var(--goal); }
.part-queue { fill: var(--s5); background: var(--s5); } .part-act { fill: var(--s2); background: var(--s2); }
.part-assess { fill: var(--nocp); background: var(--nocp); } .part-llm-router { fill: var(--s4); background: var(--s4); }
.part-model { fill: var(--track); background: var(--track); } .part-articulate { fill: var(--s3); background: var(--s3); }
${[0, 1, 2, 3, 4, 5].map((at) => `.series-${at} { fill: var(--s${at}); stroke: var(--s${at}); background: var(--s${at}); }`).join("\n")}
circle { fill-opacity: 0.3; stroke-width: 2; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 18px; padding: 0; margin: 8px 0 0; font-size: 0.85rem; color: var(--soft); }
.swatch { display: inline-block; width: 12px; height: 12px; border-radius: 3px; margin-right: 6px; vertical-align: -1px; } .round { border-radius: 50%; }
.plot { display: block; width: 100%; max-width: 600px; margin: 6px auto 0; } .plot text { font-size: 11px; fill: var(--soft); } .grid { stroke: var(--line); }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 20px; } .two > section { min-width: 0; }
.scroll { overflow-x: auto; margin-top: 10px; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: 7px 10px; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--soft); font-weight: 600; vertical-align: bottom; } th:first-child, td:first-child { text-align: left; padding-left: 0; } tr:last-child td { border-bottom: 0; }
.worse { color: var(--missed); }
.criteria { list-style: none; margin: 10px 0 0; padding: 0; }
.criteria li { display: grid; grid-template-columns: 78px 1fr; gap: 12px; padding: 10px 0; border-bottom: 1px solid var(--line); } .criteria li:last-child { border-bottom: 0; }
.badge { justify-self: start; align-self: start; border-radius: 999px; font-size: 0.78rem; font-weight: 700; padding: 2px 10px; }
.met { color: var(--met); background: var(--met-paper); } .missed { color: var(--missed); background: var(--missed-paper); }
ul.plain { padding-left: 20px; margin: 8px 0 0; } ul.plain li { margin-bottom: 8px; }
@media (max-width: 820px) { .two { grid-template-columns: 1fr; gap: 0; } }
@media (max-width: 640px) { main { padding: 24px 14px 40px; } section { padding: 16px; }
  .row { grid-template-columns: 1fr auto; gap: 4px 10px; } .row > .name { grid-column: 1; } .row > .figures { grid-column: 2; grid-row: 1; }
  .row > .track, .row > .pair { grid-column: 1 / -1; } .cards { grid-template-columns: 1fr 1fr; gap: 10px; } .card { padding: 12px 14px; } .card b { font-size: 1.6rem; }
  .criteria li { grid-template-columns: 1fr; gap: 4px; } th, td { padding: 6px; white-space: normal; } td:first-child { min-width: 104px; } }
`;
