#pragma once

#include <string>
#include <vector>

#include "harness/spec/json.h"
#include "reports/report_table.h"

namespace mra {

/// A way to print tables.
struct Renderer {
  const char* name;       ///< as --format takes it
  const char* extension;  ///< of a file, without the dot
  std::string (*render)(const std::vector<ReportTable>& tables);
  bool shows_records;  ///< prints ReportTable::records too
};

/// All known ones.
const std::vector<Renderer>& renderers();
/// The one of that name; an Error with the nearest name otherwise.
const Renderer& renderer(const std::string& name);

/// Columns aligned, so that it can be read as it stands.
std::string render_markdown(const std::vector<ReportTable>& tables);
/// One table environment each, for the packages booktabs and fontenc.
std::string render_latex(const std::vector<ReportTable>& tables);
/// One line a cell, under one head line (RFC 4180); numbers in full.
std::string render_csv(const std::vector<ReportTable>& tables);
/// {"schema_version": 1, "tables": […]}
std::string render_json(const std::vector<ReportTable>& tables);
/// One page that needs no other file: all tables, charts of the figures, and the runs behind them.
std::string render_html(const std::vector<ReportTable>& tables);

/// One entry of "tables".
Json to_json(const ReportTable& table);
/// "measured" of a cell; null when there is nothing.
Json measured_json(const std::optional<Measured>& measured);

}  // namespace mra
