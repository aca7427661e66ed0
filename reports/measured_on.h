#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace mra {

struct ReportTable;
struct TableSpec;
class ResultStore;

/// Something that holds for some cells of a table, and the rows and columns of these.
struct CellFact {
  std::string text;
  std::set<size_t> rows, columns;
};

/// What the figures of a report were measured on: of the runs that were measured or, while there is
/// none, of all that are planned. Each list has every fact once; one that holds everywhere is
/// alone.
struct MeasuredOn {
  bool planned = false;              ///< nothing is measured yet
  std::vector<CellFact> data;        ///< "shapes (drawn; 4000 train, 1000 val pictures; 32 px)"
  std::vector<CellFact> networks;    ///< "resnet18 (blocks 1+1+1, width 16)"
  std::vector<CellFact> trainings;   ///< "25 epochs of 40 steps"
  std::vector<CellFact> processors;  ///< "AMD EPYC", of recorded runs
  std::set<int64_t> seeds;
};

/// What the filled cells of `report` were measured on, from the specs and the records of their
/// runs.
MeasuredOn measured_on(const TableSpec& table, const ReportTable& report, const ResultStore& store);

/// "Measured on shapes (drawn; …). Network: resnet18 (…). Training: 16 epochs. Seeds: 0. Processor:
/// AMD EPYC."; empty when no runs fill the table.
std::string text(const MeasuredOn& on);

/// "Measured on shapes (drawn; …) / toys (…).": the data of all tables with measured figures, each
/// once; empty when nothing is measured.
std::string data_text(const std::vector<ReportTable>& tables);

}  // namespace mra
