#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/spec/json.h"

namespace mra {

/// Losses and digests of tensors of a run's first steps, for checking later whether a repetition
/// gives the same bits. Stored as a journal of events "trace" (journal.h).
struct Trace {
  std::map<int64_t, double> losses;  ///< by step, from 1
  /// By number of steps done: the digest of each tensor that later steps depend on, by name.
  std::map<int64_t, std::map<std::string, std::string>> tensors;
  /// The first step at which attempts of this run differed; nothing: they were equal.
  std::optional<int64_t> disagreed_at;
};

/// Whether tensors are traced after `steps_done` steps: after 1, 10, 20, …, kTracedSteps.
bool is_traced(int64_t steps_done);
constexpr int64_t kTracedSteps = 100;  ///< the last traced step

/// The fields of an event "trace".
Json trace_fields(int64_t steps_done, const std::map<int64_t, double>& losses,
                  const std::map<std::string, std::string>& digests);

/// Reads a trace; it is empty when the file is absent. Throws an Error of kind kIntegrity for an
/// event that is not a valid trace.
Trace read_trace(const std::filesystem::path& path);

/// The comparison of two traces of a run over the steps that both have.
struct TraceComparison {
  int64_t steps = 0;                  ///< number of steps in both
  std::optional<int64_t> first_step;  ///< the first step that differs; nothing: none
  std::string what;                   ///< "loss", or the name of the first differing tensor
  int64_t tensors_differing = 0;      ///< number of tensors that differ at that step
  int64_t tensors = 0;                ///< number of tensors compared there, or at the last step

  bool identical() const { return steps > 0 && !first_step; }
};
TraceComparison compare(const Trace& left, const Trace& right);
Json to_json(const TraceComparison& comparison);
/// "identical: 50 steps, 120 tensors", "differs first at step 3: loss".
std::string text(const TraceComparison& comparison);

}  // namespace mra
