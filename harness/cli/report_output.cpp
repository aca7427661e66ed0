#include "harness/cli/report_output.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/base/file.h"
#include "harness/cli/arguments.h"
#include "reports/layout.h"
#include "reports/progress.h"

namespace mra {

namespace fs = std::filesystem;

ReportOptions report_options(const Context& context, const Selection& selection) {
  ReportOptions options;
  if (!selection.seeds.empty()) options.seeds = parse_seeds(selection.seeds);
  options.deviations = context.overrides;
  return options;
}

std::vector<ReportTable> make_reports(const std::vector<TableSpec>& tables,
                                      const ResultStore& store, const ReportOptions& options) {
  std::vector<ReportTable> reports;
  for (const TableSpec& table : tables) reports.push_back(make_report(table, store, options));
  return reports;
}

static std::string links_text(const std::vector<ReportTable>& tables,
                              const std::string& extension) {
  std::string text = "# Reports\n\n";
  for (const ReportTable& table : tables)
    text += fmt::format("- [{}]({}.{}): {}, scale {}, {}\n", heading_of(table.id), table.id,
                        extension, table.title, table.scale, progress_text(progress_of(table)));
  return text;
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
    fmt::print(stderr, "{}\n", path.string());
  };
  for (const ReportTable& table : tables)
    write(table.id + "." + renderer.extension, renderer.render({table}));
  const std::string extension = renderer.extension;
  if (extension == "html")
    write("index.html", renderer.render(tables));
  else
    write("index.md", links_text(tables, extension));
}

bool is_finished(const ReportTable& table) {
  const Progress progress = progress_of(table);
  return progress.done > 0 && progress.done + progress.unavailable == progress.all;
}

}  // namespace mra
