#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/claim_words.h"
#include "reports/html.h"
#include "reports/layout.h"
#include "reports/one_line.h"
#include "reports/renderers.h"

namespace mra {

/// Characters and their LaTeX code. LaTeX reads other UTF-8 since 2018, except signs that its fonts
/// lack.
static const std::vector<std::pair<std::string, std::string>>& replacements() {
  static const std::vector<std::pair<std::string, std::string>> kReplacements = {
      {"\\", "\\textbackslash{}"},
      {"&", "\\&"},
      {"%", "\\%"},
      {"$", "\\$"},
      {"#", "\\#"},
      {"_", "\\_"},
      {"{", "\\{"},
      {"}", "\\}"},
      {"~", "\\textasciitilde{}"},
      {"^", "\\textasciicircum{}"},
      {"±", "$\\pm$"},
      {"×", "$\\times$"},
      {"–", "--"},
      {"…", "\\ldots{}"},
      {"≤", "$\\le$"},
      {"≥", "$\\ge$"},
      {"−", "$-$"},
      {"→", "$\\to$"}};
  return kReplacements;
}

static std::string escaped(const std::string& words) {
  const std::string text = one_line(words);
  std::string escaped;
  for (size_t i = 0; i < text.size();) {
    const auto found = std::find_if(
        replacements().begin(), replacements().end(),
        [&](const auto& entry) { return text.compare(i, entry.first.size(), entry.first) == 0; });
    if (found == replacements().end()) {
      escaped += text[i++];
    } else {
      escaped += found->second;
      i += found->first.size();
    }
  }
  return escaped;
}

/// The first cell of a row. After the end of the row above, and after a rule, "[" and "*" would be
/// an option of that.
static std::string first_cell(const std::string& label) {
  const std::string text = escaped(label);
  return text.starts_with('[') || text.starts_with('*') ? fmt::format("{{}}{}", text) : text;
}

static std::string with_marks(std::string text, const std::vector<std::string>& marks) {
  if (!marks.empty()) text += fmt::format("\\textsuperscript{{{}}}", fmt::join(marks, ","));
  return text;
}

/// Two header rows: the paper's columns, each with a rule below, and their parts.
static std::string head_text(const LaidTable& table) {
  std::string titles, rules, parts;
  for (size_t first = 0; first < table.columns.size();) {
    const LaidColumn& column = table.columns[first];
    size_t end = first;
    while (end < table.columns.size() && table.columns[end].source == column.source) ++end;
    titles += fmt::format(" & \\multicolumn{{{}}}{{{}}}{{{}}}", end - first,
                          column.is_text    ? "l"
                          : end - first > 1 ? "c"
                                            : "r",
                          escaped(column.title));
    // Column 1 has the labels, so the others count from 2.
    if (end - first > 1) rules += fmt::format("\\cmidrule(lr){{{}-{}}}", first + 2, end + 1);
    for (; first < end; ++first)
      parts += column.is_text ? " &" : fmt::format(" & {}", part_name(table.columns[first].part));
  }
  return titles + " \\\\\n" + (rules.empty() ? "" : rules + "\n") + parts + " \\\\\n";
}

static std::string cell_text(const LaidCell& cell) {
  std::string text =
      cell.is_state ? fmt::format("\\emph{{{}}}", escaped(cell.text)) : escaped(cell.text);
  if (!cell.detail.empty()) text += fmt::format(" {{\\scriptsize {}}}", escaped(cell.detail));
  return with_marks(text, cell.marks);
}

static std::string rows_text(const LaidTable& table) {
  std::string text, group;
  for (const LaidRow& row : table.rows) {
    if (row.group != group) {
      if (!group.empty()) text += "\\midrule\n";
      group = row.group;
      text += fmt::format("\\multicolumn{{{}}}{{l}}{{\\emph{{{}}}}} \\\\\n",
                          table.columns.size() + 1, escaped(group));
    }
    text += with_marks(first_cell(row.label), row.marks);
    for (const LaidCell& cell : row.cells) text += " & " + cell_text(cell);
    text += " \\\\\n";
  }
  return text;
}

/// The text below the table, in a smaller size.
static std::string below_text(const LaidTable& table) {
  std::string text = "\\par\\smallskip\\raggedright\\footnotesize\n";
  if (!table.measured_on.empty()) text += fmt::format("{}\\par\n", escaped(table.measured_on));
  for (const std::string& sentence : table.preface) text += escaped(sentence) + "\n";
  for (const Footnote& note : table.notes)
    text += fmt::format("\\par\\textsuperscript{{{}}} {}\n", note.mark, escaped(note.text));
  if (!table.note.empty()) text += fmt::format("\\par {}\n", escaped(table.note));
  return text;
}

static constexpr char kNeeds[] =
    "% \\usepackage{booktabs} and \\usepackage[T1]{fontenc} are needed.\n";

/// The tabular of claims_latex().
static std::string claims_text(const std::vector<JudgedClaim>& claims) {
  std::string rows;
  for (const JudgedClaim& judged : claims) {
    const LaidClaim laid = lay_out(judged);
    rows += fmt::format("{} & {} & {} & {} & {} \\\\\n", first_cell(laid.id), escaped(laid.verdict),
                        escaped(laid.effect), escaped(laid.seeds), escaped(laid.next));
  }
  return fmt::format(
      "\\begin{{tabular}}{{llllp{{16em}}}}\n\\toprule\nClaim & Verdict & Effect [90 \\%] & Seeds & "
      "What would decide \\\\\n\\midrule\n{}\\bottomrule\n\\end{{tabular}}\n",
      rows);
}

static std::string table_text(const ReportTable& report) {
  const LaidTable table = lay_out(report);
  std::string alignment = "l";
  for (const LaidColumn& column : table.columns) alignment += column.is_text ? 'l' : 'r';
  const std::string caption =
      fmt::format("{} ({} of the paper, scale {})", table.title, table.heading, table.scale);
  return fmt::format(
      "\\begin{{table}}\n\\centering\n\\caption{{{}}}\n\\label{{tab:harness-{}}}\n"
      "\\begin{{tabular}}{{{}}}\n\\toprule\n{}\\midrule\n{}\\bottomrule\n\\end{{tabular}}\n{}"
      "{}\\end{{table}}\n",
      escaped(caption), html_id(table.id), alignment, head_text(table), rows_text(table),
      below_text(table),
      report.claims.empty() ? "" : fmt::format("\\par\\smallskip\n{}", claims_text(report.claims)));
}

std::string claims_latex(const std::vector<JudgedClaim>& claims, const std::string& scale) {
  return fmt::format(
      "{}\n\\begin{{table}}\n\\centering\\footnotesize\n\\caption{{{}}}\n{}\\end{{table}}\n",
      kNeeds, escaped(summary_text(claims, scale)), claims_text(claims));
}

std::string render_latex(const std::vector<ReportTable>& tables) {
  std::string text = kNeeds;
  for (const ReportTable& table : tables) {
    text += '\n';
    text += table_text(table);
  }
  return text;
}

}  // namespace mra
