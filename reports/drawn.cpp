#include "reports/drawn.h"

#include <algorithm>

#include <fmt/format.h>

namespace mra {

/// The seed whose judgement is shown; nothing when no seed has this judgement.
static std::optional<int64_t> judged_seed(const ResultStore& store, const std::string& key,
                                          const std::string& judgement,
                                          const std::vector<int64_t>& seeds) {
  std::vector<int64_t> known = seeds;
  if (known.empty())
    for (const RunId& id : store.runs_of(key)) known.push_back(id.seed);
  std::sort(known.begin(), known.end());
  for (const int64_t seed : known)
    if (store.judged({key, seed}, judgement)) return seed;
  return std::nullopt;
}

static void add(Drawn& drawn, const std::string& row, const RunId& run,
                const Judgement& judgement) {
  if (!judgement.picture_file.empty())
    drawn.pictures.push_back({row, run, judgement.picture_file, judgement.picture_sha256, ""});
  const auto scores = judgement.details.find("mean_score");
  if (scores == judgement.details.end()) return;
  DrawnMap map{row, scores->get<std::vector<std::vector<double>>>()};
  const auto same = [&](const DrawnMap& other) { return other.values == map.values; };
  if (std::none_of(drawn.maps.begin(), drawn.maps.end(), same))
    drawn.maps.push_back(std::move(map));
}

Drawn drawn_of(const TableSpec& table, const ResultStore& store,
               const std::vector<int64_t>& seeds) {
  Drawn drawn;
  for (const TableRow& row : table.rows)
    for (const ExperimentSpec& experiment : row.experiments)
      for (const NamedOptions& judge : judges_of(experiment)) {
        const std::string id = judgement_id(judge.name, judge.options);
        const auto seed = judged_seed(store, experiment.key, id, seeds);
        if (!seed) continue;
        const RunId run{experiment.key, *seed};
        const auto record = store.run(run);
        if (const Judgement* judgement = find_judgement(*record, id))
          add(drawn, row.name(), run, *judgement);
      }
  return drawn;
}

std::string title_of(const DrawnMap& map) {
  return fmt::format("Mean attention score of each place of a picture ({})", map.row);
}

}  // namespace mra
