#include "reports/html.h"

#include <cctype>

#include <fmt/format.h>

#include "reports/one_line.h"

namespace mra {

// Tables wider than the screen scroll in a frame of their own, in which the labels stay visible.
// Colours have a light and a dark set. States are words, so that no information needs colour.
static constexpr char kStyle[] = R"css(
:root { color-scheme: light dark;
  --page: #fbfbfa; --card: #ffffff; --ink: #1d2329; --soft: #59636e; --line: #d9dee3;
  --band: #f1f4f6; --link: #0b57b0; --done: #1f7a4d;
  --c0: #10243e; --c1: #2a8a57; --c2: #7a1f6b; --c3: #dd7a14; --c4: #1b62b0; --c5: #8a8f98; }
@media (prefers-color-scheme: dark) { :root {
  --page: #12161a; --card: #1a2026; --ink: #e6eaee; --soft: #9aa6b2; --line: #343d46;
  --band: #222a31; --link: #7db8ff; --done: #5fcf95;
  --c0: #e9eff6; --c1: #4aa877; --c2: #efb4e6; --c3: #c96f10; --c4: #7db8ff; --c5: #7f868f; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem 1rem 4rem; background: var(--page);
  color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 0 0 .5rem; }
h2 .title { font-weight: 400; }
p { margin: .4rem 0; }
a { color: var(--link); }
.soft, .preface, .notes, .note { color: var(--soft); font-size: .875rem; }
.warning { font-weight: 700; }
section { background: var(--card); border: 1px solid var(--line); border-radius: .5rem;
  margin: 1.25rem 0; padding: 1rem 1.1rem; }
.scroll { overflow-x: auto; margin: .75rem -1.1rem; padding: 0 1.1rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .8rem; text-align: right; vertical-align: top; white-space: nowrap; }
th:first-child, td:first-child, .words { text-align: left; }
thead th { font-size: .8125rem; font-weight: 600; vertical-align: bottom; }
thead tr:last-child th { border-bottom: 2px solid var(--line); color: var(--soft); font-weight: 400; }
tbody tr + tr > * { border-top: 1px solid var(--line); }
tbody th { font-weight: 600; }
td.measured, th.measured { background: var(--band); }
th.span { text-align: center; }
.group th { font-weight: 600; font-style: italic; padding-top: .8rem; }
.scroll th:first-child { position: sticky; left: -1.1rem; background: var(--card); }
.detail { display: block; color: var(--soft); font-size: .75rem; }
.state { color: var(--soft); font-style: italic; }
.done { color: var(--done); }
sup { line-height: 0; font-size: .7em; margin-left: .15em; }
sup a { text-decoration: none; }
.notes { list-style: none; margin: .5rem 0; padding: 0; }
.notes li { padding-left: 1.6rem; text-indent: -1.6rem; margin: .2rem 0; }
.notes b { display: inline-block; width: 1.6rem; text-indent: 0; }
.drawn { display: block; max-width: min(100%, 38rem); height: auto; margin: .5rem 0;
  background: #fff; }
.chart { display: block; width: 100%; max-width: 38rem; height: auto; margin: .5rem 0; }
.chart text { fill: var(--ink); font-size: 13px; }
.chart text.remark { fill: var(--soft); font-size: 11px; }
.chart .grid { stroke: var(--line); } .chart .axis { stroke: var(--soft); }
.chart .break { fill: none; stroke: var(--soft); }
.chart .curve { fill: none; stroke: currentColor; stroke-width: 2; }
.chart .bar { fill: none; stroke: currentColor; stroke-width: 1.4; }
.chart .marker { fill: currentColor; stroke: var(--card); }
.chart .open { fill: var(--card); stroke: currentColor; stroke-width: 2; }
.s0 { color: var(--c0); } .s1 { color: var(--c1); } .s2 { color: var(--c2); }
.s3 { color: var(--c3); } .s4 { color: var(--c4); } .s5 { color: var(--c5); }
summary { cursor: pointer; } code { font-size: .875em; }
.index { list-style: none; margin: 0; padding: 0; }
.index li { display: grid; grid-template-columns: 5.5rem 1fr auto; gap: 0 1rem; padding: .35rem 0; }
.index li + li { border-top: 1px solid var(--line); }
a.figure { color: inherit; text-decoration-style: dotted; text-underline-offset: .2em; }
.measured-on { border-left: 3px solid var(--soft); padding-left: .6rem; }
.charts { display: grid; break-inside: avoid; gap: 0 1.5rem; margin: .75rem 0;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); }
.map { margin: .75rem 0; } .map svg { max-width: 20rem; }
:target { outline: 2px solid var(--link); }
.runs td, .runs th { text-align: left; }
.runs .long { white-space: normal; min-width: 14rem; }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
caption { caption-side: bottom; color: var(--soft); font-size: .8125rem; text-align: left; }
.claim { border-top: 1px solid var(--line); padding: .4rem 0; font-size: .9375rem; }
.claim ul { margin: .2rem 0; padding-left: 1.2rem; }
.runs td, .runs th { font-size: .8125rem; }
@media (max-width: 40rem) { body { padding: 1rem .6rem 3rem; } section { padding: .8rem .8rem; }
  .scroll { margin: .6rem -.8rem; padding: 0 .8rem; } .scroll th:first-child { left: -.8rem; }
  th, td { padding: .35rem .5rem; } .scroll tbody th { white-space: normal; min-width: 6.5rem; }
  .index li { grid-template-columns: 5rem 1fr; } .index li > :last-child { grid-column: 2; } }
@media print { :root { --page: #fff; --card: #fff; --ink: #000; --soft: #333; --line: #999;
    --band: #fff; --link: #000; }
  body { max-width: none; padding: 0; font-size: 10pt; } a { text-decoration: none; }
  section { border: 0; padding: 0; break-inside: avoid; } .scroll { overflow: visible; }
  .scroll th:first-child { position: static; } th, td { padding: .15rem .45rem; } }
)css";

std::string html_escaped(const std::string& text) {
  std::string escaped;
  for (const char letter : one_line(text)) {
    switch (letter) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += letter;
    }
  }
  return escaped;
}

std::string html_id(const std::string& text) {
  std::string id;
  for (const unsigned char byte : text) {
    const bool plain = byte < 0x80 && (std::isalnum(byte) || byte == '-');
    id += plain ? std::string(1, char(byte)) : fmt::format("_{:02x}", byte);
  }
  return id;
}

std::string scroll_frame(const std::string& name, const std::string& table) {
  return fmt::format(
      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\">{}</div>\n",
      html_escaped(name), table);
}

std::string html_page(const std::string& title, const std::string& body) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n{}</body>\n</html>\n",
      html_escaped(title), kStyle, body);
}

}  // namespace mra
