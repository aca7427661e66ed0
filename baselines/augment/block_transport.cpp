#include "baselines/augment/block_transport.h"

#include <algorithm>

namespace mra {

namespace {

/// A matrix [blocks, places] of costs.
class Costs {
 public:
  Costs(const std::vector<double>& saliency, const std::vector<bool>& shown, int side,
        double shift_cost)
      : places_(side * side) {
    const double longest = double(side - 1) * (side - 1);
    cost_.reserve(size_t(places_) * size_t(places_));
    for (int block = 0; block < places_; ++block)
      for (int place = 0; place < places_; ++place) {
        const int down = block / side - place / side, right = block % side - place % side;
        const double gain = shown[size_t(place)] ? saliency[size_t(block)] : 0;
        cost_.push_back(shift_cost * ((down * down + right * right) / longest) - gain);
      }
  }

  double& at(int block, int place) { return cost_[size_t(block * places_ + place)]; }
  /// Returns the place with the least cost for a block, the first among equals.
  int cheapest(int block) const {
    const auto row = cost_.begin() + block * places_;
    return int(std::min_element(row, row + places_) - row);
  }

 private:
  int places_;
  std::vector<double> cost_;
};

/// Returns the block that gets each place: among those that want it, the one with the least cost;
/// −1 if no cost is below 0. Only the first block can get a place at cost 0: the published code
/// takes the first minimum of a column in which blocks that want another place have cost 0.
std::vector<int64_t> winners(const std::vector<int>& wanted, Costs& costs) {
  std::vector<int64_t> taken(wanted.size(), -1);
  std::vector<double> least(wanted.size(), 0);
  for (int block = 0; block < int(wanted.size()); ++block) {
    const auto place = size_t(wanted[size_t(block)]);
    const double cost = costs.at(block, int(place));
    if (cost > least[place] || (cost == least[place] && block > 0)) continue;
    taken[place] = block;
    least[place] = cost;
  }
  return taken;
}

}  // namespace

std::vector<int64_t> transport_blocks(const std::vector<double>& saliency,
                                      const std::vector<bool>& shown, int side, double shift_cost) {
  const int blocks = side * side;
  Costs costs(saliency, shown, side, shift_cost);
  std::vector<int> wanted(size_t(blocks), 0);
  for (int block = 0; block < blocks; ++block) wanted[size_t(block)] = costs.cheapest(block);
  std::vector<int64_t> taken = winners(wanted, costs);
  for (int round = 1; round < side; ++round) {
    for (int block = 0; block < blocks; ++block) {
      int& place = wanted[size_t(block)];
      if (taken[size_t(place)] == block) continue;
      costs.at(block, place) += 1;
      place = costs.cheapest(block);
    }
    taken = winners(wanted, costs);
  }
  return taken;
}

}  // namespace mra
