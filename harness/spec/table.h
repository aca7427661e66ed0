#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/spec/experiment.h"

namespace mra {

/// Where a column's figures come from, and so how they are printed beside the paper's.
enum class ColumnKind {
  kMeasured,    ///< a metric of trained models, the usual one
  kText,        ///< words of the paper, such as "Intra-sample?"
  kQuoted,      ///< a number of the paper that nothing here measures, such as a search's GPU hours
  kStructural,  ///< layers, width, parameters: follows from a spec, nothing is trained for it
  kSpeed,       ///< pictures per second: of one machine, only ratios carry over
};

/// "measured", "text", …: as specs spell it.
const char* name(ColumnKind kind);

struct TableColumn {
  std::string name;   ///< "top1"
  std::string title;  ///< "Top-1"
  ColumnKind kind = ColumnKind::kMeasured;
  std::string
      metric;  ///< measured, speed: the metric of a run that fills it; see metric_of, curve_place
  std::string spread_metric;  ///< of a run: half of a 95 % interval within it; usually empty
  std::string spread_over;    ///< what that is taken over: "episodes", "windows", "pictures"
  /// Values of a run that are compared in pairs with those of another row of the group, such as the
  /// accuracies of the same episodes: where they stand in the details of the metric's judgement,
  /// "shot{row}_accuracies", and the label of that row. Usually empty.
  std::string paired_values, paired_with;
  std::string pointer;  ///< structural: where the figure stands in the spec of the row's augmentor,
                        ///< or "parameters": how many of them it trains, in millions
  std::string unit;     ///< "%"
  int decimals = 2;     ///< as the paper prints it
  std::string lacking;  ///< what this scale has not for it; said of cells that nothing fills yet
};

/// A publication that figures of this paper were taken from.
struct Origin {
  std::string id;        ///< "cutmix"
  std::string title;     ///< for people: "CutMix, Table 3"
  std::string protocol;  ///< how that publication got them
  /// The same for comparisons: what holds of its figures, by the pointer where a spec has it
  /// ("/recipe/epochs") or a name ("base_classes"). A list holds of some figures each.
  Json facts = Json::object();
  std::map<std::string, double> figures = {};  ///< it prints for other things than the paper quotes
};

/// What the paper prints in one cell, and whose figure it is.
struct Published {
  std::optional<double> value;          ///< nothing in a text column
  std::string text;                     ///< of a text column
  std::optional<double> spread;         ///< the ± as printed; TableSpec::spread says of what
  std::string origin;                   ///< id of an Origin; empty: measured by the authors
  std::optional<double> origin_value;   ///< what that publication prints, in the column's unit
  std::optional<double> origin_spread;  ///< its ±
  std::optional<int64_t> origin_runs;   ///< over how many runs
  std::string note;                     ///< a contradiction or doubt, printed as a footnote
};

struct TableCell {
  std::optional<Published> paper;
  std::optional<size_t> experiment;  ///< in TableRow::experiments; nothing: no run fills the cell
  std::optional<double> structural;  ///< of a structural column: what the spec says here
};

/// One row: what the paper printed, and the experiments that measure it.
struct TableRow {
  std::string group;  ///< "1-shot"; usually empty
  std::string label;
  std::string note;
  std::string in_metrics;                   ///< what "{row}" in a column's metric stands for here
  std::vector<TableCell> cells;             ///< one a column
  std::vector<ExperimentSpec> experiments;  ///< one for all columns, unless columns differ in spec

  /// Unique in its table: "Mask Low", "1-shot ProtoNet".
  std::string name() const { return group.empty() ? label : group + " " + label; }
};

/// The metric that fills a column in one row: "shot{row}/accuracy" is "shot5/accuracy" where the
/// row's `in_metrics` is "5". `pattern`: the column's metric or spread_metric.
std::string metric_of(const std::string& pattern, const TableRow& row);

/// A place on a curve of a run, as a metric names it: "used_frac@0.5" is the curve "used_frac"
/// after half of the training.
struct CurvePlace {
  std::string curve;
  double frac = 1;  ///< of the training, 0–1
};
/// Nothing for a metric without "@", or without a number from 0 to 1 behind it.
std::optional<CurvePlace> curve_place(const std::string& metric);

/// How a figure's numbers are drawn: each row a curve over the columns, or one curve over the rows.
struct FigureAxes {
  bool points_are_rows = false;
  std::string x_title, y_title;
};

/// A table or figure of the paper at one scale.
struct TableSpec {
  std::string id;
  std::string title;
  std::string scale;
  std::string note;
  std::string spread;  ///< what the paper's ± is; empty: it prints none
  std::string file;
  std::string baseline;  ///< label of the row that others are compared with, in each group
  std::optional<FigureAxes> figure;
  std::vector<TableColumn> columns;
  std::vector<TableRow> rows;
  std::map<std::string, Origin> origins;  ///< those its cells name
};

/// What differs from the base experiment in a row or a column, before scale and row are merged.
struct SpecPatch {
  Json with = Json::object();
  Json at = Json::object();
  std::string experiment;           ///< a row's own base; usually empty
  std::vector<std::string> scales;  ///< a column's: the only ones that have it; empty: all
  std::map<std::string, std::string> lacking;  ///< a column's: TableColumn::lacking by scale
  std::string pointer;                         ///< "/rows/3", for messages

  bool empty() const { return with.empty() && at.empty(); }
};

struct ReadTable {
  TableSpec table;  ///< experiments are still empty
  std::string base;
  std::vector<SpecPatch> rows, columns;
};

/// Reads and checks everything but the experiments. `origins`: origins.json.
ReadTable read_table(const Json& json, const std::string& id, const std::string& file,
                     const std::map<std::string, Origin>& origins);

/// JSON Schema of a table, whose "with" and "at" refer to #/$defs/experiment and #/$defs/at.
Json table_schema();
/// JSON Schema of one entry of origins.json.
Json origin_schema();

/// Drops the columns that the scale lacks, and tells those that stay what it lacks for them.
void keep_columns_of(ReadTable& read, const std::string& scale);

/// Reads experiments/origins.json.
std::map<std::string, Origin> read_origins(const Json& json, const std::string& file);

}  // namespace mra
