#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mra {

/// The cost (energy) of labelling the cells of a grid. Cells are numbered row by row.
struct GridEnergy {
  int rows = 0, columns = 0, labels = 0;
  std::vector<int64_t> cell;   ///< [rows, columns, labels]: cost of a label in a cell
  std::vector<int64_t> right;  ///< [rows, columns]: weight to the right neighbour, ≥ 0
  std::vector<int64_t> down;   ///< [rows, columns]: weight to the lower neighbour, ≥ 0

  /// Makes an energy of zeros.
  GridEnergy(int row_count, int column_count, int label_count);
  int cells() const { return rows * columns; }
};

/// Returns Σ cell(i, l_i) + Σ over neighbours of their weight times (l_i − l_j)².
int64_t energy_of(const GridEnergy& energy, const std::vector<int>& labelling);

/// Returns the labelling of least energy among those where cells labelled `first` or `second` may
/// swap to the other label, by one exact minimum cut. On a tie a cell gets `first`.
std::vector<int> best_swap(const GridEnergy& energy, std::vector<int> labelling, int first,
                           int second);

/// Returns a labelling whose energy no best_swap() lowers. It starts from zeros and repeats rounds
/// of swaps (0, n−1), (0, n−2), …, (n−2, n−1) (alpha-beta swap, Boykov, Veksler and Zabih 2001).
/// With two labels it is the optimum.
std::vector<int> minimise_by_swaps(const GridEnergy& energy);

}  // namespace mra
