#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "reports/renderers.h"

namespace mra {

std::vector<ReportTable> make_reports(const std::vector<TableSpec>& tables,
                                      const ResultStore& store, const ReportOptions& options);

/// Writes one file per table into `folder`, which is made if absent, and an index: for HTML a page
/// with all tables, for other formats a list of links. Adds the charts of figures (chart_files.h).
/// Prints each path to stderr.
void write_reports(const std::filesystem::path& folder, const std::vector<ReportTable>& tables,
                   const Renderer& renderer);

/// Whether every cell is measured with all requested seeds.
bool is_finished(const ReportTable& table);

}  // namespace mra
