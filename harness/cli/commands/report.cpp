#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/cli/commands/commands.h"
#include "reports/chart_files.h"
#include "reports/report_files.h"

namespace mra {

namespace fs = std::filesystem;

namespace {

constexpr int kIncomplete = 4;  ///< exit code of --strict

struct ReportArguments {
  Selection selection;
  std::string format;  ///< empty: markdown, or json with --json
  fs::path folder;
  bool strict = false;
};

int report_command(const Context& context, const ReportArguments& arguments) {
  const Renderer& chosen = renderer_of(context, arguments.format);
  context.expect_workspace();
  const auto tables = named_tables(context, arguments.selection, /*may_lack_ids=*/true);
  const auto store = context.results();
  ReportOptions options = report_options(context, arguments.selection);
  if (arguments.selection.only.empty())  // a claim is about whole tables
    options.claims = context.library().claims();
  options.with_records = chosen.shows_records;
  auto reports = make_reports(tables, store, options);
  if (!arguments.folder.empty() || std::string(chosen.extension) == "html")
    read_pictures(reports, context.workspace);
  if (!arguments.folder.empty()) write_reports(arguments.folder, reports, chosen);
  if (arguments.folder.empty() || context.json) print(chosen.render(reports));
  const bool finished = std::all_of(reports.begin(), reports.end(), is_finished);
  return finished || !arguments.strict ? 0 : kIncomplete;
}

}  // namespace

ReportOptions report_options(const Context& context, const Selection& selection) {
  ReportOptions options;
  options.seeds = selection.seeds;
  for (const std::string& override : context.overrides)
    options.deviations.push_back(
        context.label.empty() ? override : fmt::format("{} ({})", override, context.label));
  if (!selection.seeds.empty())
    options.run_options = fmt::format(" --seeds {}", fmt::join(selection.seeds, ","));
  for (const std::string& row : selection.only)
    options.run_options += fmt::format(" --only '{}'", row);
  for (const std::string& override : context.overrides)
    options.run_options += fmt::format(" --set '{}'", override);
  options.workspace = context.workspace;  // cells that are not done tell how far their runs are
  return options;
}

const Renderer& renderer_of(const Context& context, const std::string& format) {
  if (format.empty()) return renderer(context.json ? "json" : "markdown");
  const Renderer& named = renderer(format);
  check(!context.json || format == "json", ErrorKind::kUsage, "--format",
        "--json asks for JSON, and --format for " + format, "leave one of them out");
  return named;
}

void add_format(CLI::App& command, std::string& format) {
  std::string formats;
  for (const Renderer& known : renderers())
    formats += (formats.empty() ? "" : ", ") + std::string(known.name);
  command.add_option("--format", format, formats + "; default: markdown");
}

void add_report_command(CLI::App& app, Context& context) {
  CLI::App* command = add_command(app, "report", "Print tables from the recorded results",
                                  "  harness report table6\n"
                                  "  harness report all --scale mini -o reports/mini\n"
                                  "  harness report all --format html > reports.html\n"
                                  "  harness report table6 --format json");
  const auto arguments = set_work(*command, context, report_command);
  add_selection(*command, arguments->selection);
  add_format(*command, arguments->format);
  command->add_option("-o,--output", arguments->folder,
                      "Folder to write to: a file for each table, and an index");
  command->add_flag("--strict", arguments->strict, "Exit with 4 when a table is not finished");
}

}  // namespace mra
