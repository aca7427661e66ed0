#include "baselines/augment/grid_flow.h"

#include <algorithm>

namespace mra {

GridFlow::GridFlow(int rows, int columns)
    : step_{1, columns, -1, -columns},
      terminal_(size_t(rows * columns)),
      room_(size_t(4 * rows * columns)),
      distance_(size_t(rows * columns)),
      next_(size_t(rows * columns)) {
  queue_.reserve(terminal_.size());
}

void GridFlow::set_pair(int cell, Direction direction, int64_t capacity) {
  // Beyond the edge of the grid the capacity is never set and stays 0, so no path leaves the grid.
  room(cell, direction) = capacity;
  room(neighbour(cell, direction), direction + 2) = capacity;
}

void GridFlow::solve() {
  for (measure_distances(); source_reaches_sink(); measure_distances()) {
    std::fill(next_.begin(), next_.end(), 0);
    for (size_t cell = 0; cell < terminal_.size(); ++cell)
      while (terminal_[cell] > 0 && distance_[cell] >= 0) {
        const int64_t sent = send(int(cell), terminal_[cell]);
        if (sent == 0) break;
        terminal_[cell] -= sent;
      }
  }
}

void GridFlow::measure_distances() {
  std::fill(distance_.begin(), distance_.end(), -1);
  queue_.clear();
  for (size_t cell = 0; cell < terminal_.size(); ++cell)
    if (terminal_[cell] < 0) {
      distance_[cell] = 1;
      queue_.push_back(int(cell));
    }
  for (size_t at = 0; at < queue_.size(); ++at) {
    const int cell = queue_[at];
    for (int direction = 0; direction < 4; ++direction) {
      const int from = neighbour(cell, direction);
      if (from < 0 || from >= int(terminal_.size()) || distance_[size_t(from)] >= 0) continue;
      if (room(from, (direction + 2) % 4) == 0) continue;
      distance_[size_t(from)] = distance_[size_t(cell)] + 1;
      queue_.push_back(from);
    }
  }
}

bool GridFlow::source_reaches_sink() const {
  for (size_t cell = 0; cell < terminal_.size(); ++cell)
    if (terminal_[cell] > 0 && distance_[cell] >= 0) return true;
  return false;
}

/// Sends flow along one shortest path; returns how much reached the sink, 0 without a path.
int64_t GridFlow::send(int cell, int64_t at_most) {
  int64_t& own = terminal_[size_t(cell)];
  if (own < 0 && distance_[size_t(cell)] == 1) {
    const int64_t sent = std::min(at_most, -own);
    own += sent;
    return sent;
  }
  for (int& direction = next_[size_t(cell)]; direction < 4; ++direction) {
    const int64_t fits = std::min(at_most, room(cell, direction));
    if (fits == 0) continue;
    const int to = neighbour(cell, direction);
    if (distance_[size_t(to)] != distance_[size_t(cell)] - 1) continue;
    if (const int64_t sent = send(to, fits); sent > 0) {
      room(cell, direction) -= sent;
      room(to, (direction + 2) % 4) += sent;
      return sent;
    }
  }
  return 0;
}

}  // namespace mra
