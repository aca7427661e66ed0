#include "harness/record/failure_cause.h"

#include <algorithm>
#include <utility>

namespace mra {

static constexpr std::pair<FailureCause, const char*> kNames[] = {
    {FailureCause::kOutOfMemory, "out_of_memory"}, {FailureCause::kNonFinite, "non_finite"},
    {FailureCause::kBadData, "bad_data"},          {FailureCause::kIo, "io"},
    {FailureCause::kMachine, "machine"},           {FailureCause::kSpec, "spec"},
    {FailureCause::kLostWorker, "lost_worker"},    {FailureCause::kDefect, "defect"},
};

const char* name(FailureCause cause) {
  for (const auto& [known, text] : kNames)
    if (known == cause) return text;
  return "defect";
}

std::optional<FailureCause> failure_cause(std::string_view text) {
  for (const auto& [known, name] : kNames)
    if (name == text) return known;
  return std::nullopt;
}

std::string words(FailureCause cause) {
  if (cause == FailureCause::kIo) return "input/output";
  std::string text = name(cause);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

}  // namespace mra
