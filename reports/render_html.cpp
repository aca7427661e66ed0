#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/hash.h"
#include "reports/chart.h"
#include "reports/claim_words.h"
#include "reports/heat_map.h"
#include "reports/html.h"
#include "reports/layout.h"
#include "reports/renderers.h"
#include "reports/run_list.h"

namespace mra {

static constexpr char kPaper[] = "Masked Autoencoders are Robust Data Augmentors";

static std::string marks_text(const LaidTable& table, const std::vector<std::string>& marks) {
  std::string links;
  for (const std::string& mark : marks)
    links += fmt::format("{}<a href=\"#{}-{}\">{}</a>", links.empty() ? "" : ",", html_id(table.id),
                         mark, mark);
  return links.empty() ? "" : "<sup>" + links + "</sup>";
}

static const char* css_class(const LaidColumn& column) {
  if (column.is_text) return "words";
  return column.part == LaidColumn::Part::kMeasured ? "measured" : "other";
}

/// Two header rows: the paper's columns, and below each its parts (paper, measured, best epoch).
static std::string head_text(const LaidTable& table) {
  std::string titles = "<td></td>", parts = "<td></td>";
  for (size_t first = 0; first < table.columns.size();) {
    const LaidColumn& column = table.columns[first];
    size_t end = first;
    while (end < table.columns.size() && table.columns[end].source == column.source) ++end;
    titles += fmt::format("<th scope=\"colgroup\" colspan=\"{}\" class=\"{}\">{}</th>", end - first,
                          column.is_text    ? "words"
                          : end - first > 1 ? "span"
                                            : css_class(column),
                          html_escaped(column.title));
    for (; first < end; ++first)
      parts +=
          fmt::format("<th scope=\"col\" class=\"{}\">{}</th>", css_class(table.columns[first]),
                      column.is_text ? "" : part_name(table.columns[first].part));
  }
  return fmt::format("<thead>\n<tr>{}</tr>\n<tr>{}</tr>\n</thead>\n", titles, parts);
}

static std::string run_link(const std::string& run, const std::string& words) {
  return fmt::format("<a class=\"figure\" href=\"#run-{}\" aria-label=\"{}, run {}\">{}</a>",
                     html_id(run), words, run, words);
}

/// `linked`: the page lists the runs, so that figures can lead to theirs.
static std::string cell_text(const LaidTable& table, const LaidColumn& column, const LaidCell& cell,
                             bool linked) {
  std::string text = html_escaped(cell.text), more;
  if (linked && cell.runs.size() == 1) text = run_link(cell.runs[0], text);
  if (linked && cell.runs.size() > 1)
    for (const std::string& run : cell.runs)
      more += fmt::format(" {}", run_link(run, run.substr(run.rfind('s'))));
  if (cell.is_state) text = "<span class=\"state\">" + text + "</span>";
  text += marks_text(table, cell.marks);
  if (!cell.detail.empty())
    text += "<span class=\"detail\">" + html_escaped(cell.detail) + more + "</span>";
  return fmt::format("<td class=\"{}\">{}</td>", css_class(column), text);
}

static std::string rows_text(const LaidTable& table, bool linked) {
  std::string text = "<tbody>\n", group;
  for (const LaidRow& row : table.rows) {
    if (row.group != group) {
      group = row.group;
      text += fmt::format("<tr class=\"group\"><th colspan=\"{}\">{}</th></tr>\n",
                          table.columns.size() + 1, html_escaped(group));
    }
    text += fmt::format("<tr><th scope=\"row\">{}{}</th>", html_escaped(row.label),
                        marks_text(table, row.marks));
    for (size_t i = 0; i < row.cells.size(); ++i)
      text += cell_text(table, table.columns[i], row.cells[i], linked);
    text += "</tr>\n";
  }
  return text + "</tbody>\n";
}

static std::string notes_text(const LaidTable& table) {
  std::string text;
  for (const Footnote& note : table.notes)
    text += fmt::format("<li id=\"{0}-{1}\"><b>{1}</b>{2}</li>\n", html_id(table.id), note.mark,
                        html_escaped(note.text));
  if (!text.empty()) text = "<ul class=\"notes\">\n" + text + "</ul>\n";
  if (!table.note.empty())
    text += fmt::format("<p class=\"note\">{}</p>\n", html_escaped(table.note));
  return text;
}

static std::string status_text(const ReportTable& table) {
  const CellCount progress = count_cells(table);
  const bool finished = progress.done == progress.all;
  return fmt::format("<span class=\"{}\">{}</span>", finished ? "done" : "state",
                     progress_text(progress));
}

/// What evaluators drew; pictures only if their bytes were read (read_pictures()).
static std::string drawn_text(const ReportTable& report) {
  std::string text;
  for (const DrawnPicture& picture : report.drawn.pictures)
    if (!picture.png.empty())
      text += fmt::format("<img class=\"drawn\" alt=\"{}: {}\" src=\"data:image/png;base64,{}\">\n",
                          html_escaped(heading_of(report.id)), html_escaped(report.title),
                          base64(picture.png));
  for (const DrawnMap& map : report.drawn.maps)
    text +=
        fmt::format("<img class=\"drawn map\" alt=\"{}\" src=\"data:image/svg+xml;base64,{}\">\n",
                    html_escaped(title_of(map)), base64(heat_map_svg(map.values, title_of(map))));
  return text;
}

/// The claims about a table with each comparison: what the summary on top links to.
static std::string evidence_text(const std::vector<JudgedClaim>& claims) {
  std::string text;
  for (const JudgedClaim& judged : claims) {
    const LaidClaim laid = lay_out(judged);
    std::string comparisons;
    for (const JudgedComparison& one : judged.comparisons)
      comparisons += fmt::format("<li>{}</li>\n", html_escaped(comparison_text(judged, one)));
    text += fmt::format(
        "<div class=\"claim\" id=\"claim-{}\">\n<p><b>{}</b> <q>{}</q> <span "
        "class=\"soft\">{}, judged as {}</span></p>\n<ul>\n{}</ul>\n{}</div>\n",
        html_id(laid.id), laid.verdict, html_escaped(laid.sentence), html_escaped(laid.place),
        html_escaped(standard_text(judged)), comparisons,
        laid.next.empty() ? ""
                          : fmt::format("<p class=\"soft\">{}</p>\n", html_escaped(laid.next)));
  }
  return text.empty() ? "" : fmt::format("<h3>Claims</h3>\n{}", text);
}

/// What a report opens with: how many claims hold, and each with a link to its evidence.
static std::string verdicts_text(const std::vector<JudgedClaim>& claims, const std::string& scale) {
  std::string rows;
  for (const JudgedClaim& judged : claims) {
    const LaidClaim laid = lay_out(judged);
    rows += fmt::format(
        "<tr><th scope=\"row\"><a href=\"#claim-{}\">{}</a></th><td>{}</td><td>{}</td><td>{}</td>"
        "<td class=\"long\">{}</td></tr>\n",
        html_id(laid.id), html_escaped(laid.id), laid.verdict, html_escaped(laid.effect),
        html_escaped(laid.seeds), html_escaped(laid.next));
  }
  return fmt::format(
      "<section id=\"claims\">\n<h2>{}</h2>\n<details open>\n<summary>Each claim of the paper"
      "</summary>\n<div class=\"scroll\"><table class=\"runs\">\n<caption>Verdicts; effects with "
      "90 % intervals, above 0 in favour of the claim</caption>\n<thead><tr><th scope=\"col\">Claim"
      "</th><th scope=\"col\">Verdict</th><th scope=\"col\">Effect</th><th scope=\"col\">Seeds</th>"
      "<th scope=\"col\">What would decide</th></tr></thead>\n<tbody>\n{}</tbody>\n</table></div>\n"
      "</details>\n</section>\n",
      html_escaped(summary_text(claims, scale)), rows);
}

std::string claims_html(const std::vector<JudgedClaim>& claims, const std::string& scale) {
  const std::string title = fmt::format("Claims of {}", kPaper);
  return html_page(
      title, fmt::format("<header>\n<h1>{}</h1>\n</header>\n{}<section>\n{}</section>\n", title,
                         verdicts_text(claims, scale), evidence_text(claims)));
}

static std::string section_text(const ReportTable& report) {
  const LaidTable table = lay_out(report);
  std::string preface;
  for (const std::string& sentence : table.preface) preface += html_escaped(sentence) + " ";
  std::string deviations;
  for (const std::string& deviation : report.deviations)
    deviations += fmt::format("<p class=\"warning\">Not the declared experiment: --set {}</p>\n",
                              html_escaped(deviation));
  const std::string on =
      table.measured_on.empty()
          ? ""
          : fmt::format("<p class=\"measured-on\">{}</p>\n", html_escaped(table.measured_on));
  const std::string caption = fmt::format("{}, scale {}", table.heading, table.scale);
  return fmt::format(
      "<section id=\"{}\">\n<h2>{} <span class=\"title\">{}</span></h2>\n<p>{}</p>\n{}{}"
      "<p class=\"preface\">{}</p>\n{}<div "
      "class=\"scroll\"><table>\n<caption>{}</caption>\n{}{}</table></div>\n{}{}"
      "</section>\n",
      html_id(table.id), html_escaped(table.heading), html_escaped(table.title),
      status_text(report), deviations, on, preface, chart_svg(report) + drawn_text(report),
      html_escaped(caption), head_text(table), rows_text(table, !report.records.empty()),
      notes_text(table), evidence_text(report.claims));
}

static std::string index_text(const std::vector<ReportTable>& tables) {
  std::string text = "<section>\n<ul class=\"index\">\n";
  for (const ReportTable& table : tables)
    text += fmt::format("<li><a href=\"#{}\">{}</a><span>{}</span>{}</li>\n", html_id(table.id),
                        html_escaped(heading_of(table.id)), html_escaped(table.title),
                        status_text(table));
  return text + "</ul>\n</section>\n";
}

/// The runs behind the figures, in a collapsed list.
static std::string runs_text(const std::vector<ReportTable>& tables) {
  const auto runs = run_list(tables);
  if (runs.empty()) return "";
  std::string text;
  for (const ListedRun& run : runs) {
    text += fmt::format("<tr id=\"run-{}\">", html_id(run.front().second));
    for (const auto& [title, words] : run) text += fmt::format("<td>{}</td>", html_escaped(words));
    text += "</tr>\n";
  }
  std::string head;
  for (const auto& [title, words] : runs.front())
    head += fmt::format("<th scope=\"col\">{}</th>", html_escaped(title));
  return fmt::format(
      "<section id=\"runs\">\n<h2>Runs</h2>\n<p class=\"soft\">The runs behind the figures; "
      "<code>harness show RUN</code> and <code>harness explain CELL</code> print more.</p>\n"
      "<details open>\n<summary>{} run{}</summary>\n<div class=\"scroll\"><table class=\"runs\">\n"
      "<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody>\n</table></div>\n</details>\n</section>\n",
      runs.size(), runs.size() == 1 ? "" : "s", head, text);
}

std::string render_html(const std::vector<ReportTable>& tables) {
  std::string body = fmt::format(
      "<header>\n<h1>{}, reproduced</h1>\n<p class=\"soft\">Each published figure beside what was "
      "measured, at scale {}. Printed from the database of results alone.</p>\n</header>\n",
      kPaper, tables.empty() ? "" : html_escaped(tables.front().scale));
  const auto claims = claims_of(tables);
  if (!claims.empty()) body += verdicts_text(claims, tables.front().scale);
  if (tables.size() > 1) body += index_text(tables);
  for (const ReportTable& table : tables) body += section_text(table);
  return html_page(fmt::format("{}, reproduced", kPaper), body + runs_text(tables));
}

}  // namespace mra
