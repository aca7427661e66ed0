#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "harness/base/file.h"
#include "harness/cli/commands/commands.h"
#include "harness/cli/report_output.h"
#include "reports/renderers.h"

namespace mra {

namespace fs = std::filesystem;

namespace {

constexpr int kIncomplete = 4;  ///< exit code of --strict

struct ReportArguments {
  Selection selection;
  std::string format = "markdown";
  fs::path folder;
  bool strict = false;
};

std::string index_text(const std::vector<ReportTable>& tables, const std::string& extension) {
  std::string text = "# Reports\n\n";
  for (const ReportTable& table : tables)
    text += fmt::format("- [{0}]({0}.{1}): {2}, scale {3}, {4}\n", table.id, extension, table.title,
                        table.scale, is_finished(table) ? "finished" : "unfinished");
  return text;
}

/// One file a table, and an index of them.
void write_files(const fs::path& folder, const std::vector<ReportTable>& tables,
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
  write("index.md", index_text(tables, renderer.extension));
}

int report_command(const Context& context, const ReportArguments& arguments) {
  const Renderer& asked = renderer(arguments.format);
  const Renderer& chosen = context.json ? renderer("json") : asked;
  const auto tables = named_tables(context, arguments.selection, /*may_lack_ids=*/true);
  const auto store = ResultStore::open_read_only(ResultStore::path_of(context.workspace));
  const auto reports =
      make_reports(context, tables, store, arguments.selection, /*with_run_folders=*/false);
  if (!arguments.folder.empty()) write_files(arguments.folder, reports, chosen);
  if (arguments.folder.empty() || context.json) print(chosen.render(reports));
  const bool finished = std::all_of(reports.begin(), reports.end(), is_finished);
  return finished || !arguments.strict ? 0 : kIncomplete;
}

}  // namespace

void add_report_command(CLI::App& app, Context& context) {
  CLI::App* command = add_command(app, "report", "Print tables from what is recorded",
                                  "  harness report table6\n"
                                  "  harness report all --scale mini -o reports/mini\n"
                                  "  harness report table6 --format json");
  const auto arguments = std::make_shared<ReportArguments>();
  add_ids(*command, arguments->selection);
  add_only(*command, arguments->selection);
  add_scale(*command, arguments->selection);
  add_seeds(*command, arguments->selection);
  std::string formats;
  for (const Renderer& known : renderers())
    formats += (formats.empty() ? "" : ", ") + std::string(known.name);
  command->add_option("--format", arguments->format, formats)->capture_default_str();
  command->add_option("-o,--output", arguments->folder,
                      "Folder: a file for each table, and index.md");
  command->add_flag("--strict", arguments->strict, "Exit with 4 when a table is not finished");
  command->callback([&context, arguments] {
    context.command = [&context, arguments] { return report_command(context, *arguments); };
  });
}

}  // namespace mra
