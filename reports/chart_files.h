#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "reports/report_table.h"

namespace mra {

/// What stands beside the table of a figure: "figure3.svg", "figure3.png", "figure3.points.csv" of
/// a chart; "figure2.png", "figure2.scores.svg" of what judges drew.
struct ChartFiles {
  std::vector<std::string> names;  ///< of files that were written; empty: nothing to draw
  std::string without_png;         ///< why the PNG is not among them; empty: it is
};

/// Reads the pictures that judges drew for `tables`. One that is gone or changed is left out, and
/// stderr is told.
void read_pictures(std::vector<ReportTable>& tables, const std::filesystem::path& workspace);

/// Writes the chart of a figure, its numbers and what judges drew into a folder that is there. The
/// PNG is the SVG drawn by rsvg-convert at two pixels a unit; without that program it is left out,
/// and an old one is removed. The same table gives the same bytes.
ChartFiles write_chart(const std::filesystem::path& folder, const ReportTable& table);

/// "![Figure 3: …](figure3.svg)"
std::string picture_text(const ReportTable& table, const ChartFiles& chart);
/// "Files: [SVG](figure3.svg), [PNG](figure3.png), [numbers](figure3.points.csv)"
std::string files_text(const ChartFiles& chart);

/// Tells stderr, in one line, which PNGs were not made and how to get them.
void tell_missing_pictures(const std::vector<ChartFiles>& charts);

}  // namespace mra
