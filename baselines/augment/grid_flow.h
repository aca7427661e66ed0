#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mra {

/// A flow network on a grid: each cell has edges to its four neighbours, the source and the sink.
/// Computes an integer maximum flow by rounds of shortest augmenting paths (Dinic 1970).
class GridFlow {
 public:
  GridFlow(int rows, int columns);

  /// `surplus` > 0: capacity from the source to the cell; < 0: from the cell to the sink.
  void set_terminal(int cell, int64_t surplus) { terminal_[size_t(cell)] = surplus; }
  /// Sets the capacity between two neighbours, equal in both directions.
  void set_right(int cell, int64_t capacity) { set_pair(cell, kRight, capacity); }
  void set_down(int cell, int64_t capacity) { set_pair(cell, kDown, capacity); }

  /// Computes the maximum flow.
  void solve();
  /// After solve(): whether the cell can still reach the sink. These cells are the smallest sink
  /// side of any minimum cut.
  bool on_sink_side(int cell) const { return distance_[size_t(cell)] >= 0; }

 private:
  enum Direction { kRight, kDown, kLeft, kUp };

  int neighbour(int cell, int direction) const { return cell + step_[size_t(direction)]; }
  int64_t& room(int cell, int direction) { return room_[size_t(4 * cell + direction)]; }
  void set_pair(int cell, Direction direction, int64_t capacity);
  void measure_distances();
  bool source_reaches_sink() const;
  int64_t send(int cell, int64_t at_most);

  std::array<int, 4> step_;
  std::vector<int64_t> terminal_;  ///< remaining capacity from the source (> 0) or to the sink
  std::vector<int64_t> room_;      ///< [cells, 4]: remaining capacity to each neighbour
  std::vector<int> distance_;      ///< to the sink along remaining capacity; −1: not reachable
  std::vector<int> next_;          ///< direction that a cell tries next in this round
  std::vector<int> queue_;
};

}  // namespace mra
