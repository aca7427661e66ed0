#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/record/evidence.h"
#include "harness/spec/table.h"
#include "harness/store/cell_state.h"
#include "reports/drawn.h"
#include "reports/judged.h"
#include "reports/measured_on.h"

namespace mra {

/// How far a row lies above another one on the same episodes: of both rows one value each.
struct PairedDifference {
  double mean = 0;
  double ci95 = 0;    ///< half of the 95 % interval of the mean over episodes: 1.96·sd/√n
  int64_t pairs = 0;  ///< over all seeds that both rows have
  std::string with;   ///< label of the other row
};

/// What was measured for one cell, with one value per seed.
struct Measured {
  double mean = 0;
  std::optional<double> sd;    ///< sample standard deviation (n - 1); nothing for a single seed
  std::optional<double> ci95;  ///< half of the 95 % t-interval of the mean over seeds
  std::optional<double> within_run_ci95;  ///< mean over seeds of the column's spread_metric
  std::optional<PairedDifference> paired;
  std::optional<Interval> over_pictures;  ///< of one seed: 95 % interval over the pictures judged
  std::optional<double> to_baseline;      ///< less the mean of the table's baseline, if it has one
  std::vector<int64_t> seeds;
  std::vector<double> values;       ///< in the order of `seeds`
  std::vector<double> best_values;  ///< of the best epoch, if recorded; else empty
  /// Which pictures each seed got right, where a claim compares the cell and every run kept it.
  std::vector<Evidence> evidence;
};

struct ReportCell {
  std::string column;
  std::optional<Published> paper;  ///< as printed
  std::optional<Measured> measured;
  std::optional<double> structural;  ///< the value that follows from the spec (structural columns)
  std::vector<std::string> runs;     ///< keys of the runs that fill it
  std::optional<CellState> state;    ///< nothing: no run fills the cell
  std::string reason;                ///< why it is not done; may be empty
  std::vector<int64_t> pending_seeds;
  Grade grade = Grade::kUnverified;  ///< of the runs that were measured
  std::optional<JudgedCell> judged;  ///< only at the paper's scale
};

struct ReportRow {
  std::string group;
  std::string label;
  std::string note;
  std::vector<ReportCell> cells;  ///< one per column
};

/// A table of the paper with its figures and what was measured, complete for every renderer.
struct ReportTable {
  std::string id, title, scale, note, spread;
  std::optional<FigureAxes> figure;
  std::vector<TableColumn> columns;
  std::vector<ReportRow> rows;
  std::map<std::string, Origin> origins;
  std::vector<std::string> deviations;  ///< "/recipe/epochs = 5", of --set
  std::string baseline;                 ///< label of the row that others are compared with
  std::string fill_command;             ///< runs what is missing; empty: not known
  MeasuredOn measured_on;
  Drawn drawn;                      ///< by evaluators
  std::vector<JudgedClaim> claims;  ///< of the paper, about this table
  std::vector<RunRecord> records;   ///< of the runs that fill it, without their curves; only
                                    ///< when they were asked for
};

struct ReportOptions {
  std::vector<int64_t> seeds;  ///< empty: all recorded ones count, those of the spec are asked for
  std::vector<std::string> deviations;  ///< of --set, shown in every report
  bool with_records = false;            ///< fills ReportTable::records
  std::vector<Claim> claims;            ///< of all tables: those of a report are judged
  std::string run_options;              ///< of the command that fills the tables: " --seeds 0,1"
  std::filesystem::path workspace;  ///< empty: the database alone; else also states of run folders
};

/// Fills a table from the database and, with a workspace, from the run directories.
ReportTable make_report(const TableSpec& table, const ResultStore& store,
                        const ReportOptions& options);

/// The name of a cell's state; "" when no run fills it.
inline std::string state_text(const ReportCell& cell) {
  return cell.state ? name(*cell.state) : "";
}

/// The number of cells that runs fill, and how many of them are done or unavailable.
struct CellCount {
  size_t done = 0, all = 0, unavailable = 0;
};
CellCount count_cells(const ReportTable& table);
/// "finished", "3 of 8 cells measured, 2 unavailable"
std::string progress_text(const CellCount& count);

}  // namespace mra
