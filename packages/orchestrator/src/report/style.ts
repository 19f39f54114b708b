/** The look of the report's page, light and dark. */
export const STYLE = `
:root { --ink: #1d2327; --soft: #5b6670; --line: #e1e5e8; --ground: #f6f7f8; --card: #fff; --good: #1a7f37; --bad: #b42318; --warn: #9a6700; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9eb; --soft: #9aa5ad; --line: #343b41; --ground: #16191c; --card: #1f2428; --good: #3fb950; --bad: #f97066; --warn: #d29922; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 2rem 1rem 4rem; }
header p { margin: 0; color: var(--soft); }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.05rem; margin: 0 0 .5rem; }
.state { font-size: .85rem; padding: .15rem .6rem; border-radius: 1rem; color: #fff; background: var(--warn); vertical-align: middle; }
.state.succeeded { background: var(--good); }
.state.failed { background: var(--bad); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: .75rem; margin: 1.25rem 0; }
.figure, section { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .8rem 1rem; }
.figure b { display: block; font-size: 1.25rem; font-variant-numeric: tabular-nums; }
.figure span { color: var(--soft); font-size: .85rem; }
section { margin: 0 0 1rem; }
section.good { border-left: 4px solid var(--good); }
section.bad { border-left: 4px solid var(--bad); }
section p { margin: .2rem 0; }
.sum, td { font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { color: var(--soft); font-weight: 600; }
.n { text-align: right; white-space: nowrap; }
`;
