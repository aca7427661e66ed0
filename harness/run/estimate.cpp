#include "harness/run/estimate.h"

#include <fmt/format.h>

#include "harness/store/work.h"

namespace mra {

static std::optional<Estimate> by_rate(const ExperimentSpec& experiment, const ResultStore& store,
                                       const std::string& machine, RateSource source) {
  const auto pictures = pictures_of(experiment.resolved);
  if (!pictures) return std::nullopt;
  const auto rate = store.rate(machine, work_of(experiment.resolved), source);
  if (!rate) return std::nullopt;
  return Estimate{*pictures / rate->images_per_s,
                  fmt::format("at {:.0f} images/s {}", rate->images_per_s, rate->basis)};
}

/// The time of the most similar run, unless the two differ in what decides the amount of work.
static std::optional<Estimate> by_nearest(const std::optional<NearestRun>& nearest) {
  if (!nearest) return std::nullopt;
  for (const std::string& pointer : nearest->pointers)
    for (const char* part : {"/scale", "/task", "/dataset", "/input", "/model", "/recipe"})
      if (pointer.starts_with(part)) return std::nullopt;
  return Estimate{nearest->wall_s,
                  fmt::format("as long as {} s{}", nearest->experiment, nearest->id.seed)};
}

std::optional<Estimate> estimate(const ExperimentSpec& experiment, const ResultStore& store,
                                 const std::optional<NearestRun>& nearest,
                                 const std::string& machine) {
  for (const RateSource source : {RateSource::kRun, RateSource::kProbe})
    if (auto found = by_rate(experiment, store, machine, source)) return found;
  return by_nearest(nearest);
}

}  // namespace mra
