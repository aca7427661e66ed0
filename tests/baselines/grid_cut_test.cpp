#include "baselines/augment/grid_cut.h"

#include <algorithm>
#include <limits>

#include <gtest/gtest.h>

#include "harness/base/rng.h"

namespace mra {
namespace {

/// An energy of costs below `most_cell` and weights below `most_weight`.
GridEnergy random_energy(int rows, int columns, int labels, uint64_t most_cell,
                         uint64_t most_weight, uint64_t index) {
  Rng rng({.seed = 11, .index = index});
  GridEnergy energy(rows, columns, labels);
  for (int64_t& cost : energy.cell) cost = int64_t(rng.below(most_cell)) - int64_t(most_cell / 2);
  for (int64_t& weight : energy.right) weight = int64_t(rng.below(most_weight));
  for (int64_t& weight : energy.down) weight = int64_t(rng.below(most_weight));
  return energy;
}

/// The least energy of all labellings that `allowed` lets pass.
template <typename Allowed>
int64_t least(const GridEnergy& energy, Allowed allowed) {
  std::vector<int> labelling(size_t(energy.cells()), 0);
  int64_t found = std::numeric_limits<int64_t>::max();
  for (size_t at = 0; at < labelling.size();) {
    if (allowed(labelling)) found = std::min(found, energy_of(energy, labelling));
    for (at = 0; at < labelling.size() && ++labelling[at] == energy.labels; ++at) labelling[at] = 0;
  }
  return found;
}

int64_t least(const GridEnergy& energy) {
  return least(energy, [](const std::vector<int>&) { return true; });
}

const std::vector<std::pair<int, int>> kTinyGrids = {{1, 1}, {1, 4}, {4, 1}, {2, 2},
                                                     {2, 3}, {3, 2}, {3, 3}};

TEST(GridCut, EnergyCountsCellsAndSquaredSteps) {
  GridEnergy energy(2, 2, 3);
  energy.cell = {1, 2, 3, 10, 20, 30, 100, 200, 300, 1000, 2000, 3000};
  energy.right = {5, 999, 7, 999};  // those that leave the grid do not count
  energy.down = {11, 13, 999, 999};
  EXPECT_EQ(energy_of(energy, {0, 2, 1, 1}), 1 + 30 + 200 + 2000 + 5 * 4 + 7 * 0 + 11 + 13);
}

TEST(GridCut, TwoLabelsAreSolvedExactly) {
  for (const auto& [rows, columns] : kTinyGrids)
    for (uint64_t i = 0; i < 300; ++i) {
      const auto energy = random_energy(rows, columns, 2, 40, 1 + i % 30, i);
      ASSERT_EQ(energy_of(energy, minimise_by_swaps(energy)), least(energy))
          << rows << "x" << columns << ", energy " << i;
    }
}

TEST(GridCut, ASwapIsTheBestOfItsKind) {
  for (const auto& [rows, columns] : kTinyGrids)
    for (uint64_t i = 0; i < 60; ++i) {
      const auto energy = random_energy(rows, columns, 3, 40, 1 + i % 20, i);
      Rng rng({.seed = 12, .index = i});
      std::vector<int> start(size_t(energy.cells()));
      for (int& label : start) label = int(rng.below(3));
      for (const auto& [first, second] : {std::pair{0, 2}, {0, 1}, {1, 2}, {2, 0}}) {
        const auto fixed = [first = first, second = second](int label) {
          return label != first && label != second;
        };
        const int64_t best = least(energy, [&](const std::vector<int>& labelling) {
          for (size_t cell = 0; cell < start.size(); ++cell)
            if ((fixed(start[cell]) || fixed(labelling[cell])) && start[cell] != labelling[cell])
              return false;
          return true;
        });
        ASSERT_EQ(energy_of(energy, best_swap(energy, start, first, second)), best);
      }
    }
}

TEST(GridCut, ThreeLabelsEndWhereNoSwapIsCheaper) {
  for (const auto& [rows, columns] : kTinyGrids)
    for (uint64_t i = 0; i < 100; ++i) {
      const auto energy = random_energy(rows, columns, 3, 40, 1 + i % 20, i);
      const auto found = minimise_by_swaps(energy);
      for (const auto& [first, second] : {std::pair{0, 1}, {0, 2}, {1, 2}})
        ASSERT_LE(energy_of(energy, found),
                  energy_of(energy, best_swap(energy, found, first, second)));
      ASSERT_GE(energy_of(energy, found), least(energy));
    }
}

TEST(GridCut, ThreeLabelsAreExactWithoutNeighboursAndWithOnlyThem) {
  for (const auto& [rows, columns] : kTinyGrids)
    for (uint64_t i = 0; i < 100; ++i) {
      const auto alone = random_energy(rows, columns, 3, 40, 1, i);
      ASSERT_EQ(energy_of(alone, minimise_by_swaps(alone)), least(alone));
      auto bound = alone;
      std::fill(bound.right.begin(), bound.right.end(), 1'000'000);
      std::fill(bound.down.begin(), bound.down.end(), 1'000'000);
      ASSERT_EQ(energy_of(bound, minimise_by_swaps(bound)), least(bound));
    }
}

TEST(GridCut, ACellThatMayHaveEitherLabelGetsTheFirst) {
  const GridEnergy energy(3, 3, 3);
  EXPECT_EQ(best_swap(energy, {0, 1, 2, 0, 1, 2, 0, 1, 2}, 0, 2),
            (std::vector<int>{0, 1, 0, 0, 1, 0, 0, 1, 0}));
  EXPECT_EQ(best_swap(energy, {0, 1, 2, 0, 1, 2, 0, 1, 2}, 2, 0),
            (std::vector<int>{2, 1, 2, 2, 1, 2, 2, 1, 2}));
}

TEST(GridCut, CutsGridsOfFullSizeWithoutOverflow) {
  auto energy = random_energy(16, 16, 2, 1'000'000'000'000, 1'000'000'000'000, 1);
  const auto labelling = minimise_by_swaps(energy);
  for (size_t cell = 0; cell < labelling.size(); ++cell) {
    auto other = labelling;
    other[cell] = 1 - other[cell];
    ASSERT_GE(energy_of(energy, other), energy_of(energy, labelling));
  }
}

}  // namespace
}  // namespace mra
