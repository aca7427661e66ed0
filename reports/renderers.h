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
};

/// All known ones.
const std::vector<Renderer>& renderers();
/// The one of that name; an Error with the nearest name otherwise.
const Renderer& renderer(const std::string& name);

/// Columns aligned, so that it can be read as it stands.
std::string render_markdown(const std::vector<ReportTable>& tables);
/// {"schema_version": 1, "tables": […]}
std::string render_json(const std::vector<ReportTable>& tables);
/// One entry of "tables".
Json to_json(const ReportTable& table);

}  // namespace mra
