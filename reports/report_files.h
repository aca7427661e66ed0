#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "reports/renderers.h"

namespace mra {

std::vector<ReportTable> make_reports(const std::vector<TableSpec>& tables,
                                      const ResultStore& store, const ReportOptions& options);

/// One file a table in `folder`, which is made if absent, and an index: of HTML the page with all
/// of them, of other formats a list of links. Charts of figures stand beside (chart_files.h). Tells
/// stderr each path.
void write_reports(const std::filesystem::path& folder, const std::vector<ReportTable>& tables,
                   const Renderer& renderer);

/// Whether every cell is measured with every seed that was asked for.
bool is_finished(const ReportTable& table);

}  // namespace mra
