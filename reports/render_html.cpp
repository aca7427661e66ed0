#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/hash.h"
#include "reports/chart.h"
#include "reports/claim_words.h"
#include "reports/heat_map.h"
#include "reports/html.h"
#include "reports/html_claims.h"
#include "reports/layout.h"
#include "reports/renderers.h"
#include "reports/row_chart.h"
#include "reports/run_list.h"

namespace mra {

static std::string marks_text(const LaidTable& table, const std::vector<std::string>& marks) {
  std::string links;
  for (const std::string& mark : marks)
    links += fmt::format("{0}<a href=\"#{1}-{2}\" aria-label=\"note {2}\">{2}</a>",
                         links.empty() ? "" : ",", html_id(table.id), mark);
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
    titles += fmt::format("<th scope=\"{}\" colspan=\"{}\" class=\"{}\">{}</th>",
                          end - first > 1 ? "colgroup" : "col", end - first,
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
      text += fmt::format(
          "</tbody>\n<tbody>\n<tr class=\"group\"><th scope=\"rowgroup\" "
          "colspan=\"{}\">{}</th></tr>\n",
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

/// Charts of the figures, and what evaluators drew; pictures only if their bytes were read
/// (read_pictures()).
static std::string drawings_text(const ReportTable& report) {
  std::string text = chart_svg(report);
  for (const std::string& chart : row_charts(report)) text += chart;
  if (!text.empty()) text = fmt::format("<figure class=\"charts\">\n{}</figure>\n", text);
  for (const DrawnPicture& picture : report.drawn.pictures)
    if (!picture.png.empty())
      text += fmt::format("<img class=\"drawn\" alt=\"{}: {}\" src=\"data:image/png;base64,{}\">\n",
                          html_escaped(heading_of(report.id)), html_escaped(report.title),
                          base64(picture.png));
  for (const DrawnMap& map : report.drawn.maps)
    text += fmt::format("<figure class=\"map\">\n{}</figure>\n",
                        heat_map_svg(map.values, title_of(map), SvgUse::kInPage));
  return text;
}

static std::string table_text(const LaidTable& table, bool linked) {
  return scroll_frame(
      table.heading,
      fmt::format("<table>\n<caption>{}, scale {}: published and measured figures</caption>\n{}{}"
                  "</table>",
                  html_escaped(table.heading), html_escaped(table.scale), head_text(table),
                  rows_text(table, linked)));
}

static std::string section_text(const ReportTable& report) {
  const LaidTable table = lay_out(report);
  std::string preface;
  for (const std::string& sentence : table.preface) preface += html_escaped(sentence) + " ";
  std::string before;
  for (const std::string& deviation : report.deviations)
    before += fmt::format("<p class=\"warning\">Not the declared experiment: --set {}</p>\n",
                          html_escaped(deviation));
  if (!table.measured_on.empty())
    before += fmt::format("<p class=\"measured-on\">{}</p>\n", html_escaped(table.measured_on));
  const std::string verdict =
      report.claims.empty()
          ? ""
          : fmt::format(". {}", html_escaped(summary_text(report.claims, report.scale)));
  return fmt::format(
      "<section id=\"{}\">\n<h2>{} <span class=\"title\">{}</span></h2>\n<p>{}</p>\n{}"
      "<p class=\"preface\">{}</p>\n{}{}{}{}</section>\n",
      html_id(table.id), html_escaped(table.heading), html_escaped(table.title),
      status_text(report) + verdict, before, preface, drawings_text(report),
      table_text(table, !report.records.empty()), notes_text(table), evidence_html(report.claims));
}

static std::string index_text(const std::vector<ReportTable>& tables) {
  std::string text = "<section>\n<ul class=\"index\">\n";
  for (const ReportTable& table : tables)
    text += fmt::format("<li><a href=\"#{}\">{}</a><span>{}</span>{}</li>\n", html_id(table.id),
                        html_escaped(heading_of(table.id)), html_escaped(table.title),
                        status_text(table));
  return text + "</ul>\n</section>\n";
}

/// The runs behind the figures, in a list that can be closed.
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
      "<details open>\n<summary>{} run{}</summary>\n{}</details>\n</section>\n",
      runs.size(), runs.size() == 1 ? "" : "s",
      scroll_frame("Runs", fmt::format("<table class=\"runs\">\n<caption>Runs behind the "
                                       "figures</caption>\n<thead><tr>{}</tr>"
                                       "</thead>\n<tbody>\n{}</tbody>\n</table>",
                                       head, text)));
}

std::string render_html(const std::vector<ReportTable>& tables) {
  const std::string title = fmt::format("{}, reproduced", kPaperTitle);
  std::string body = fmt::format(
      "<header>\n<h1>{}</h1>\n<p>{}</p>\n<p class=\"soft\">Each published figure beside what was "
      "measured, at scale {}. Printed from the database of results alone.</p>\n</header>\n<main>\n",
      title, html_escaped(data_text(tables)),
      tables.empty() ? "" : html_escaped(tables.front().scale));
  const auto claims = claims_of(tables);
  if (!claims.empty()) body += verdicts_html(claims, tables.front().scale);
  if (tables.size() > 1) body += index_text(tables);
  for (const ReportTable& table : tables) body += section_text(table);
  return html_page(title, body + runs_text(tables) + "</main>\n");
}

}  // namespace mra
