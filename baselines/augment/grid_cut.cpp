#include "baselines/augment/grid_cut.h"

#include <limits>
#include <utility>

#include "baselines/augment/grid_flow.h"

namespace mra {

namespace {

/// Two neighbouring cells, the second right of the first or below it.
struct Pair {
  int first = 0, second = 0;
  bool below = false;
  int64_t weight = 0;
};

template <typename Visit>
void for_each_pair(const GridEnergy& energy, Visit visit) {
  const int columns = energy.columns;
  for (int cell = 0; cell < energy.cells(); ++cell) {
    if ((cell + 1) % columns != 0) visit(Pair{cell, cell + 1, false, energy.right[size_t(cell)]});
    if (cell + columns < energy.cells())
      visit(Pair{cell, cell + columns, true, energy.down[size_t(cell)]});
  }
}

int64_t squared(int64_t value) {
  return value * value;
}

}  // namespace

GridEnergy::GridEnergy(int row_count, int column_count, int label_count)
    : rows(row_count),
      columns(column_count),
      labels(label_count),
      cell(size_t(row_count * column_count * label_count)),
      right(size_t(row_count * column_count)),
      down(size_t(row_count * column_count)) {}

int64_t energy_of(const GridEnergy& energy, const std::vector<int>& labelling) {
  int64_t sum = 0;
  for (int i = 0; i < energy.cells(); ++i)
    sum += energy.cell[size_t(i * energy.labels + labelling[size_t(i)])];
  for_each_pair(energy, [&](const Pair& pair) {
    sum += pair.weight * squared(labelling[size_t(pair.first)] - labelling[size_t(pair.second)]);
  });
  return sum;
}

std::vector<int> best_swap(const GridEnergy& energy, std::vector<int> labelling, int first,
                           int second) {
  const auto label = [&](int i) { return labelling[size_t(i)]; };
  const auto takes_part = [&](int i) { return label(i) == first || label(i) == second; };
  // Cost of the second label minus cost of the first: the capacity from the source.
  std::vector<int64_t> dearer(size_t(energy.cells()));
  for (int i = 0; i < energy.cells(); ++i)
    if (takes_part(i)) {
      const int64_t* costs = &energy.cell[size_t(i * energy.labels)];
      dearer[size_t(i)] = costs[second] - costs[first];
    }
  GridFlow flow(energy.rows, energy.columns);
  const auto stands_beside = [&](int cell, int fixed, int64_t weight) {
    dearer[size_t(cell)] +=
        weight * (squared(second - label(fixed)) - squared(first - label(fixed)));
  };
  for_each_pair(energy, [&](const Pair& pair) {
    const bool one = takes_part(pair.first), other = takes_part(pair.second);
    const int64_t capacity = pair.weight * squared(first - second);
    if (one && other)
      pair.below ? flow.set_down(pair.first, capacity) : flow.set_right(pair.first, capacity);
    else if (one)
      stands_beside(pair.first, pair.second, pair.weight);
    else if (other)
      stands_beside(pair.second, pair.first, pair.weight);
  });
  for (int i = 0; i < energy.cells(); ++i) flow.set_terminal(i, dearer[size_t(i)]);
  flow.solve();
  for (int i = 0; i < energy.cells(); ++i)
    if (takes_part(i)) labelling[size_t(i)] = flow.on_sink_side(i) ? second : first;
  return labelling;
}

std::vector<int> minimise_by_swaps(const GridEnergy& energy) {
  std::vector<int> labelling(size_t(energy.cells()), 0);
  int64_t least = energy_of(energy, labelling), before = std::numeric_limits<int64_t>::max();
  while (least < before) {
    before = least;
    for (int first = 0; first < energy.labels; ++first)
      for (int second = energy.labels - 1; second > first; --second)
        labelling = best_swap(energy, std::move(labelling), first, second);
    least = energy_of(energy, labelling);
  }
  return labelling;
}

}  // namespace mra
