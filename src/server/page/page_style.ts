/** The page's style: dark and light, from a phone's width up. @module */

export const PAGE_STYLE = `:root {
  color-scheme: light dark;
  --back: #fff; --text: #1b1f24; --quiet: #57606a; --line: #d0d7de; --panel: #f6f8fa;
  --link: #0550ae; --main: #0550ae; --on-main: #fff; --news: #fff8c5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #0d1117; --text: #e6edf3; --quiet: #9da7b3; --line: #3d444d; --panel: #161b22;
    --link: #79c0ff; --main: #79c0ff; --on-main: #0d1117; --news: #2d2a13;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 0 1rem 3rem; background: var(--back);
  color: var(--text); font: 16px/1.45 system-ui, sans-serif; }
h1 { font-size: 1.3rem; margin: 0; }
h2 { font-size: 1.1rem; margin: 0; }
h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
p { margin: 0; }
a { color: var(--link); }
code { background: var(--panel); padding: .1em .3em; border-radius: 4px; }
header { position: sticky; top: 0; z-index: 1; background: var(--back); padding: .8rem 0;
  border-bottom: 1px solid var(--line); display: flex; flex-wrap: wrap; gap: .6rem 1.5rem;
  align-items: center; justify-content: space-between; }
.tools, .head, .actions, .choices { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
.search input { width: 16rem; max-width: 100%; }
input, button, summary { font: inherit; color: inherit; min-height: 2.2rem; }
input { background: var(--back); border: 1px solid var(--quiet); border-radius: 6px;
  padding: .2rem .5rem; max-width: 100%; }
button, summary { background: var(--panel); border: 1px solid var(--quiet); border-radius: 6px;
  padding: .2rem .7rem; cursor: pointer; }
summary { list-style-position: inside; line-height: 1.8rem; padding: .05rem .7rem; }
::placeholder { color: var(--quiet); opacity: 1; }
button.main { background: var(--main); color: var(--on-main); border-color: var(--main); }
button:disabled { opacity: .6; cursor: default; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
form { margin: 0; display: inline-flex; flex-wrap: wrap; gap: .5rem; }
details label { display: block; margin-top: .4rem; }
.account { margin-top: 1.5rem; }
.head h2 { margin-right: .5rem; }
.head p { flex: 1 1 16rem; color: var(--quiet); overflow-wrap: anywhere; }
.roles { list-style: none; margin: .6rem 0 0; padding: 0; border-top: 1px solid var(--line); }
.role { display: grid; grid-template-columns: minmax(10rem, 1fr) minmax(12rem, 1fr); gap: .2rem 1rem;
  padding: .7rem 0; border-bottom: 1px solid var(--line); }
.role .actions { grid-column: 1 / -1; align-items: flex-start; }
.role .facts, .role .state { color: var(--quiet); overflow-wrap: anywhere; }
.role .state { grid-column: 1 / -1; }
.facts span + span::before { content: "· "; }
[hidden] { display: none !important; }
.news ul { margin: .6rem 0 0; padding: .5rem .8rem .5rem 1.8rem; background: var(--panel);
  border: 1px solid var(--line); border-radius: 6px; overflow-wrap: anywhere; }
.question { display: flex; margin-top: .8rem; padding: .8rem; background: var(--news);
  border: 2px solid var(--main); border-radius: 6px; align-items: end; }
fieldset { border: 0; padding: 0; margin: 0; }
legend { padding: 0; margin-bottom: .4rem; }
.code { display: block; font-size: 1.3rem; letter-spacing: .1em; -webkit-text-security: disc; }
.number { font-size: 4rem; font-weight: 700; line-height: 1.1; margin-top: .6rem; }
.number span { display: block; font-size: 1rem; font-weight: 400; }
.note { max-width: 40rem; margin-top: 3rem; }
.note h1 { margin-bottom: .8rem; }
.note p { margin: .5rem 0; }
#notice { min-height: 1.5rem; color: var(--quiet); }
@media (max-width: 40rem) {
  .role { grid-template-columns: 1fr; }
  .search, .search input { width: 100%; }
  header { position: static; }
}
`;
