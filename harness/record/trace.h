#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/spec/json.h"

namespace mra {

/// Losses and digests of tensors of a run's first steps: enough to find out later whether repeating
/// them gives the same bits. Stored as a journal of events "trace" (journal.h).
struct Trace {
  std::map<int64_t, double> losses;  ///< by the number of steps done with it, from 1
  /// Digest of each tensor that a step depends on, by name, after so many steps.
  std::map<int64_t, std::map<std::string, std::string>> tensors;
  /// The attempts of the run itself disagreed from this step on; nothing: they agreed.
  std::optional<int64_t> disagreed_at;
};

/// Whether tensors are looked at after so many steps: the first, and each tenth up to a hundred.
bool is_traced(int64_t steps_done);
constexpr int64_t kTracedSteps = 100;  ///< none later

/// The fields of an event "trace".
Json trace_fields(int64_t steps_done, const std::map<int64_t, double>& losses,
                  const std::map<std::string, std::string>& digests);

/// Of an absent file an empty one. An Error of kind kIntegrity when a whole line is no trace.
Trace read_trace(const std::filesystem::path& path);

/// How two traces of the same run compare, over the steps that both contain.
struct TraceComparison {
  int64_t steps = 0;                  ///< that both contain
  std::optional<int64_t> first_step;  ///< the first after which they differ; nothing: none
  std::string what;                   ///< "loss", or the name of the first differing tensor
  int64_t tensors_differing = 0;      ///< at that step, of all
  int64_t tensors = 0;                ///< that were compared at that step, or at the last

  bool identical() const { return steps > 0 && !first_step; }
};
TraceComparison compare(const Trace& left, const Trace& right);

}  // namespace mra
