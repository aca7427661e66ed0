#include "harness/record/trace.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/record/journal.h"

namespace mra {

bool is_traced(int64_t steps_done) {
  return steps_done == 1 || (steps_done % 10 == 0 && steps_done > 0 && steps_done <= kTracedSteps);
}

Json trace_fields(int64_t steps_done, const std::map<int64_t, double>& losses,
                  const std::map<std::string, std::string>& digests) {
  Json by_step = Json::array();
  for (const auto& [step, loss] : losses) by_step.push_back({step, loss});
  return {{"steps", steps_done}, {"losses", by_step}, {"tensors", digests}};
}

/// Adds `value` for `step`; false when `known` has another value for it.
template <typename Value>
static bool agrees(std::map<int64_t, Value>& known, int64_t step, const Value& value) {
  return known.emplace(step, value).first->second == value;
}

static bool is_trace(const Json& fields) {
  const auto integer = [](const Json& json) { return json.is_number_integer(); };
  const auto text = [](const Json& json) { return json.is_string(); };
  const auto loss = [&](const Json& json) {
    return json.is_array() && json.size() == 2 && integer(json[0]) && json[1].is_number();
  };
  const Json steps = fields.value("steps", Json()), losses = fields.value("losses", Json()),
             tensors = fields.value("tensors", Json());
  return integer(steps) && losses.is_array() && tensors.is_object() &&
         std::all_of(losses.begin(), losses.end(), loss) &&
         std::all_of(tensors.begin(), tensors.end(), text);
}

static void add_event(Trace& trace, const Json& fields) {
  const auto steps = fields.at("steps").get<int64_t>();
  const auto note = [&](bool agreed, int64_t step) {
    if (!agreed && (!trace.disagreed_at || step < *trace.disagreed_at)) trace.disagreed_at = step;
  };
  for (const Json& entry : fields.at("losses")) {
    const auto step = entry.at(0).get<int64_t>();
    note(agrees(trace.losses, step, entry.at(1).get<double>()), step);
  }
  note(agrees(trace.tensors, steps, fields.at("tensors").get<std::map<std::string, std::string>>()),
       steps);
}

Trace read_trace(const std::filesystem::path& path) {
  Trace trace;
  for (const JournalEvent& event : read_journal(path)) {
    if (event.event != "trace") continue;  // a "warning" that the file was repaired
    check(is_trace(event.fields), ErrorKind::kIntegrity, path.string(),
          "has a line that is not a valid trace event",
          "move the file away: the run stays as it is, but cannot be replayed");
    add_event(trace, event.fields);
  }
  return trace;
}

/// Compares the tensors after `step`, if both traces have them; true when they differ.
static bool tensors_differ(const Trace& left, const Trace& right, int64_t step,
                           TraceComparison& result) {
  const auto in_left = left.tensors.find(step), in_right = right.tensors.find(step);
  if (in_left == left.tensors.end() || in_right == right.tensors.end()) return false;
  result.tensors = int64_t(in_left->second.size());
  for (const auto& [name, digest] : in_left->second) {
    const auto other = in_right->second.find(name);
    if (other != in_right->second.end() && other->second == digest) continue;
    if (result.tensors_differing++ == 0) result.what = name;
  }
  if (result.tensors_differing == 0 && in_right->second.size() != in_left->second.size()) {
    result.tensors_differing = 1;
    result.what = "the number of tensors";
  }
  return result.tensors_differing > 0;
}

TraceComparison compare(const Trace& left, const Trace& right) {
  TraceComparison result;
  for (const auto& [step, loss] : left.losses) {
    const auto other = right.losses.find(step);
    if (other == right.losses.end()) continue;
    ++result.steps;
    // Compared in both cases: if loss and tensors differ, the name of the tensor says more.
    if (tensors_differ(left, right, step, result) || loss != other->second) {
      if (result.what.empty()) result.what = "loss";
      result.first_step = step;
      break;
    }
  }
  return result;
}

Json to_json(const TraceComparison& comparison) {
  Json json = {{"identical", comparison.identical()}, {"steps", comparison.steps}};
  json["first_step"] = comparison.first_step ? Json(*comparison.first_step) : Json();
  json["what"] = comparison.what.empty() ? Json() : Json(comparison.what);
  json["tensors_differing"] = comparison.tensors_differing;
  json["tensors"] = comparison.tensors;
  return json;
}

std::string text(const TraceComparison& comparison) {
  if (comparison.identical())
    return fmt::format("identical: {} steps, {} tensors", comparison.steps, comparison.tensors);
  if (!comparison.first_step) return "nothing to compare: the traces share no step";
  if (comparison.tensors_differing == 0)
    return fmt::format("differs first at step {}: {}", *comparison.first_step, comparison.what);
  return fmt::format("differs first at step {}: {} and {} more of {} tensors",
                     *comparison.first_step, comparison.what, comparison.tensors_differing - 1,
                     comparison.tensors);
}

}  // namespace mra
