#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "reports/report_table.h"

namespace mra {

/// The files beside the table of a figure: "figure3.svg", "figure3.png" and "figure3.points.csv"
/// for a chart; "figure2.png" and "figure2.scores.svg" for what evaluators drew.
struct ChartFiles {
  std::vector<std::string> names;  ///< of the written files; empty: nothing to draw
  std::string without_png;         ///< why no PNG was written; empty: it was
};

/// Reads the pictures that evaluators drew for `tables`. A missing or changed one is left out, with
/// a message on stderr.
void read_pictures(std::vector<ReportTable>& tables, const std::filesystem::path& workspace);

/// Writes the chart of a figure, its numbers and what evaluators drew into an existing folder. The
/// PNG is the SVG drawn by rsvg-convert at two pixels per unit; without that program it is left
/// out, and an old one is removed. The same table gives the same bytes.
ChartFiles write_chart(const std::filesystem::path& folder, const ReportTable& table);

/// "![Figure 3: …](figure3.svg)"
std::string picture_text(const ReportTable& table, const ChartFiles& chart);
/// "Files: [SVG](figure3.svg), [PNG](figure3.png), [numbers](figure3.points.csv)"
std::string files_text(const ChartFiles& chart);

/// Prints to stderr, in one line, why PNGs are missing and how to get them; nothing if none is.
void tell_missing_pictures(const std::vector<ChartFiles>& charts);

}  // namespace mra
