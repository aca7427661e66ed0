#pragma once

#include <string>
#include <vector>

#include "harness/spec/json.h"
#include "reports/report_table.h"

namespace mra {

/// A format for printing tables.
struct Renderer {
  const char* name;       ///< for --format
  const char* extension;  ///< of the file name, without the dot
  std::string (*render)(const std::vector<ReportTable>& tables);
  /// Claims alone, those of all tables, judged at `scale`.
  std::string (*render_claims)(const std::vector<JudgedClaim>& claims, const std::string& scale);
  bool shows_records;  ///< also prints ReportTable::records
};

/// All formats.
const std::vector<Renderer>& renderers();
/// The format with this name; an unknown name is an Error that suggests the nearest.
const Renderer& renderer(const std::string& name);

/// Markdown with aligned columns, readable without rendering.
std::string render_markdown(const std::vector<ReportTable>& tables);
/// A LaTeX table environment for each table; needs the packages booktabs and fontenc.
std::string render_latex(const std::vector<ReportTable>& tables);
/// CSV (RFC 4180) with a header and one line per cell; numbers are not rounded.
std::string render_csv(const std::vector<ReportTable>& tables);
/// A small SVG picture for a README: how many claims hold.
std::string render_badge(const std::vector<ReportTable>& tables);
/// {"schema_version": 1, "tables": […]}
std::string render_json(const std::vector<ReportTable>& tables);
/// One self-contained page: all tables, charts of the figures, and the runs behind them.
std::string render_html(const std::vector<ReportTable>& tables);

// The same for claims alone: a line for each; in CSV and JSON each comparison.
std::string claims_markdown(const std::vector<JudgedClaim>& claims, const std::string& scale);
std::string claims_latex(const std::vector<JudgedClaim>& claims, const std::string& scale);
std::string claims_csv(const std::vector<JudgedClaim>& claims, const std::string& scale);
std::string claims_json(const std::vector<JudgedClaim>& claims, const std::string& scale);
std::string claims_badge(const std::vector<JudgedClaim>& claims, const std::string& scale);
std::string claims_html(const std::vector<JudgedClaim>& claims, const std::string& scale);

/// One entry of "tables" in render_json().
Json to_json(const ReportTable& table);
/// One entry of "claims" in claims_json() and of a table.
Json to_json(const JudgedClaim& judged);
/// "measured" of a cell in render_json(); null when nothing is measured.
Json measured_json(const std::optional<Measured>& measured);

}  // namespace mra
