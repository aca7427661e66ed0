#pragma once

#include <string>
#include <vector>

#include "harness/spec/cell_place.h"
#include "harness/store/result_store.h"

namespace mra {

/// The learning curves of a row as one page: for each experiment of its cells and each curve that
/// its runs recorded ("train_loss", "top1"), a chart with a line for each seed, and its ends in
/// words. `seeds`: empty for all recorded ones. An Error of kind kUsage when there is no such run.
std::string curves_page(const CellPlace& place, const ResultStore& store,
                        const std::vector<int64_t>& seeds);

}  // namespace mra
