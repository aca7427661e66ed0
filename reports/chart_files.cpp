#include "reports/chart_files.h"

#include <fmt/format.h>

#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/base/program.h"
#include "harness/base/tell.h"
#include "reports/chart.h"
#include "reports/heat_map.h"
#include "reports/layout.h"

namespace mra {

namespace fs = std::filesystem;

static constexpr char kRasteriser[] = "rsvg-convert", kPackage[] = "librsvg2-bin";

/// Draws `svg` into the file `png`. Returns why it could not; empty when it could.
static std::string write_png(const fs::path& png, const fs::path& svg) {
  std::error_code ignored;
  fs::remove(png, ignored);  // an old one would be taken for a picture of the new SVG
  const fs::path program = find_program(kRasteriser);
  if (program.empty()) return fmt::format("{} is not installed", kRasteriser);
  const fs::path temporary = temporary_beside(fs::absolute(png));
  const ProgramResult result = run_program(
      program, {"--format=png", "--zoom=2", "--output=" + temporary.string(), fs::absolute(svg)});
  if (result.exit_code != 0) {
    fs::remove(temporary, ignored);
    const auto lines = split(result.errors, '\n');
    return fmt::format("{} failed{}", program.string(), lines.empty() ? "" : ": " + lines.back());
  }
  publish_file(temporary, png);
  return "";
}

void read_pictures(std::vector<ReportTable>& tables, const fs::path& workspace) {
  for (ReportTable& table : tables)
    std::erase_if(table.drawn.pictures, [&](DrawnPicture& picture) {
      const RunDirectory directory(RunDirectory::path_of(workspace, picture.run));
      const fs::path path = directory.judged_folder() / picture.file;
      std::error_code ignored;
      if (fs::is_regular_file(path, ignored)) picture.png = read_file(path);
      if (sha256(picture.png) == picture.sha256) return false;
      tell("{}: left out of {}: it is missing or was changed since it was drawn\n", path.string(),
           heading_of(table.id));
      return true;
    });
}

/// Writes `svg` to "<stem>.svg" and as a picture to "<stem>.png".
static void write_drawing(const fs::path& folder, const std::string& stem, const std::string& svg,
                          ChartFiles& files) {
  const std::string drawing = stem + ".svg", picture = stem + ".png";
  write_file_atomically(folder / drawing, svg);
  files.names.push_back(drawing);
  files.without_png = write_png(folder / picture, folder / drawing);
  if (files.without_png.empty()) files.names.push_back(picture);
}

/// "figure2", then "figure2.2", …
static std::string numbered(const std::string& stem, size_t index) {
  return index == 0 ? stem : fmt::format("{}.{}", stem, index + 1);
}

static void write_drawn(const fs::path& folder, const ReportTable& table, ChartFiles& files) {
  for (size_t i = 0; i < table.drawn.pictures.size(); ++i) {
    if (table.drawn.pictures[i].png.empty()) continue;
    files.names.push_back(numbered(table.id, i) + ".png");
    write_file_atomically(folder / files.names.back(), table.drawn.pictures[i].png);
  }
  for (size_t i = 0; i < table.drawn.maps.size(); ++i) {
    const DrawnMap& map = table.drawn.maps[i];
    write_drawing(folder, numbered(table.id + ".scores", i),
                  heat_map_svg(map.values, title_of(map)), files);
  }
}

ChartFiles write_chart(const fs::path& folder, const ReportTable& table) {
  ChartFiles files;
  const std::string svg = chart_svg(table, SvgUse::kAlone);
  if (!svg.empty()) {
    write_drawing(folder, table.id, svg, files);
    files.names.push_back(table.id + ".points.csv");
    write_file_atomically(folder / files.names.back(), chart_csv(table));
  }
  write_drawn(folder, table, files);
  return files;
}

std::string picture_text(const ReportTable& table, const ChartFiles& chart) {
  return fmt::format("![{}: {}]({})", heading_of(table.id), table.title, chart.names.front());
}

std::string files_text(const ChartFiles& chart) {
  std::string text;
  for (const std::string& name : chart.names) {
    const std::string extension = fs::path(name).extension();
    const char* title = extension == ".svg" ? "SVG" : extension == ".png" ? "PNG" : "numbers";
    text += fmt::format("{}[{}]({})", text.empty() ? "Files: " : ", ", title, name);
  }
  return text;
}

void tell_missing_pictures(const std::vector<ChartFiles>& charts) {
  for (const ChartFiles& chart : charts) {
    if (chart.without_png.empty()) continue;
    tell("no PNG of the charts, only SVG and CSV: {}; install {} and repeat\n", chart.without_png,
         kPackage);
    return;
  }
}

}  // namespace mra
