#include "harness/cli/chart_files.h"

#include <fmt/format.h>

#include "harness/base/file.h"
#include "harness/cli/machine.h"
#include "reports/chart.h"
#include "reports/layout.h"

namespace mra {

namespace fs = std::filesystem;

static constexpr char kRasteriser[] = "rsvg-convert", kPackage[] = "librsvg2-bin";

/// Gives why there is no PNG now; empty when there is.
static std::string write_png(const fs::path& png, const fs::path& svg) {
  std::error_code ignored;
  fs::remove(png, ignored);  // an old one must not pass for a picture of the new SVG
  const fs::path program = find_program(kRasteriser);
  if (program.empty()) return fmt::format("{} is not there", kRasteriser);
  const fs::path temporary = temporary_beside(fs::absolute(png));
  const ProgramResult result = run_program(
      program, {"--format=png", "--zoom=2", "--output=" + temporary.string(), fs::absolute(svg)},
      /*show_errors=*/true);
  if (result.exit_code != 0) {
    fs::remove(temporary, ignored);
    return fmt::format("{} failed", program.string());
  }
  publish_file(temporary, png);
  return "";
}

ChartFiles write_chart(const fs::path& folder, const ReportTable& table) {
  ChartFiles chart;
  const std::string svg = chart_svg(table, SvgUse::kAlone);
  if (svg.empty()) return chart;
  const std::string drawing = table.id + ".svg", picture = table.id + ".png",
                    points = table.id + ".points.csv";
  write_file_atomically(folder / drawing, svg);
  write_file_atomically(folder / points, chart_csv(table));
  chart.names = {drawing, points};
  chart.without_png = write_png(folder / picture, folder / drawing);
  if (chart.without_png.empty()) chart.names.insert(chart.names.begin() + 1, picture);
  return chart;
}

std::string picture_text(const ReportTable& table, const ChartFiles& chart) {
  return fmt::format("![{}: {}]({})", heading_of(table.id), table.title, chart.names.front());
}

std::string files_text(const ChartFiles& chart) {
  std::string text;
  for (const std::string& name : chart.names) {
    const std::string extension = fs::path(name).extension();
    const char* title = extension == ".svg" ? "SVG" : extension == ".png" ? "PNG" : "numbers";
    text += fmt::format("{}[{}]({})", text.empty() ? "Chart: " : ", ", title, name);
  }
  return text;
}

void tell_missing_pictures(const std::vector<ChartFiles>& charts) {
  for (const ChartFiles& chart : charts) {
    if (chart.without_png.empty()) continue;
    fmt::print(stderr, "no PNG of the charts, only SVG and CSV: {}; install {} and repeat\n",
               chart.without_png, kPackage);
    return;
  }
}

}  // namespace mra
