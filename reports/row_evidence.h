#pragma once

#include <optional>
#include <string>

#include "reports/paired_pictures.h"
#include "reports/report_table.h"

namespace mra {

/// Fills Measured::evidence of the cells that `claims` compare, where every run has it.
void add_evidence(const TableSpec& table, const std::vector<Claim>& claims,
                  const ResultStore& store, ReportTable& report);

/// Why the evidence of two rows contradicts their specs: runs of one data set were judged on other
/// pictures. Empty when it does not, or when there is none.
std::string wrong_evidence(const TableSpec& table, const ReportTable& report,
                           const Comparison& place);

/// The difference of two rows over the same pictures; nothing unless both have evidence of the same
/// seeds, two at least.
std::optional<PairedPictures> paired_rows(const Measured& first, const Measured& second);

}  // namespace mra
