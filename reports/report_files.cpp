#include "reports/report_files.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/base/file.h"
#include "harness/base/tell.h"
#include "reports/chart_files.h"
#include "reports/layout.h"

namespace mra {

namespace fs = std::filesystem;

std::vector<ReportTable> make_reports(const std::vector<TableSpec>& tables,
                                      const ResultStore& store, const ReportOptions& options) {
  std::vector<ReportTable> reports;
  for (const TableSpec& table : tables) reports.push_back(make_report(table, store, options));
  return reports;
}

static std::string links_text(const std::vector<ReportTable>& tables, const std::string& extension,
                              const std::vector<ChartFiles>& charts) {
  std::string text = "# Reports\n\n";
  for (size_t i = 0; i < tables.size(); ++i) {
    const ReportTable& table = tables[i];
    text += fmt::format("- [{}]({}.{}): {}, scale {}, {}\n", heading_of(table.id), table.id,
                        extension, table.title, table.scale, progress_text(count_cells(table)));
    if (charts[i].names.empty()) continue;
    text +=
        fmt::format("\n  {}\n\n  {}\n\n", picture_text(table, charts[i]), files_text(charts[i]));
  }
  return text;
}

/// Markdown with the chart before the numbers.
static std::string with_chart(const std::string& text, const ReportTable& table,
                              const ChartFiles& chart) {
  const size_t numbers = text.find("\n|");
  if (chart.names.empty() || numbers == std::string::npos) return text;
  return fmt::format("{}\n{}\n\n{}\n{}", text.substr(0, numbers), picture_text(table, chart),
                     files_text(chart), text.substr(numbers));
}

/// A page of one table with a link to that of all.
static std::string with_way_back(std::string text) {
  const size_t header = text.find("</header>");
  return text.insert(header, "<p><a href=\"index.html\">All tables</a></p>\n");
}

void write_reports(const fs::path& folder, const std::vector<ReportTable>& tables,
                   const Renderer& renderer) {
  std::error_code error;
  fs::create_directories(folder, error);
  check(!error, ErrorKind::kEnvironment, folder.string(), "cannot be made: " + error.message(),
        "point -o at a folder that can be written");
  const auto write = [&](const std::string& name, const std::string& text) {
    const fs::path path = folder / name;
    write_file_atomically(path, text);
    tell("{}\n", path.string());
  };
  const std::string extension = renderer.extension;
  std::vector<ChartFiles> charts;
  for (const ReportTable& table : tables) {
    charts.push_back(write_chart(folder, table));
    std::string text = renderer.render({table});
    if (extension == "md") text = with_chart(text, table, charts.back());
    if (extension == "html") text = with_way_back(text);
    write(table.id + "." + extension, text);
    for (const std::string& name : charts.back().names) tell("{}\n", (folder / name).string());
  }
  if (extension == "html")
    write("index.html", renderer.render(tables));
  else
    write("index.md", links_text(tables, extension, charts));
  tell_missing_pictures(charts);
}

bool is_finished(const ReportTable& table) {
  const CellCount progress = count_cells(table);
  return progress.done > 0 && progress.done + progress.unavailable == progress.all;
}

}  // namespace mra
