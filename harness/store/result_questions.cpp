// The queries of ResultStore for numbers: metrics, curves, judgements and rates.
#include "harness/spec/table.h"
#include "harness/store/database.h"
#include "harness/store/result_store.h"

namespace mra {

using SQLite::Statement;

std::vector<std::pair<int64_t, double>> ResultStore::values(const std::string& key,
                                                            const std::string& metric) const {
  if (const auto place = curve_place(metric)) return curve_values(key, *place);
  std::vector<std::pair<int64_t, double>> values;
  return guarded(path_, [&] {
    Statement query = query_of(*db_,
                               "SELECT seed, value FROM runs JOIN metrics ON run = id "
                               "WHERE key = ? AND name = ? ORDER BY seed",
                               key, metric);
    while (query.executeStep())
      values.emplace_back(query.getColumn(0).getInt64(), query.getColumn(1).getDouble());
    return counted(key, std::move(values));
  });
}

std::vector<std::pair<int64_t, double>> ResultStore::curve_values(const std::string& key,
                                                                  const CurvePlace& place) const {
  std::vector<std::pair<int64_t, double>> values;
  return guarded(path_, [&] {
    Statement query(*db_,
                    "SELECT seed, (SELECT json_extract(point.value, '$[1]') "
                    "FROM json_each(curve.points) AS point WHERE json_extract(point.value, '$[0]') "
                    "<= ? * (SELECT max(json_extract(points, '$[#-1][0]')) FROM curves "
                    "WHERE run = runs.id) ORDER BY point.key DESC LIMIT 1) AS y "
                    "FROM runs JOIN curves AS curve ON curve.run = runs.id "
                    "WHERE runs.key = ? AND name = ? AND y IS NOT NULL ORDER BY seed");
    query.bind(1, place.frac);
    query.bind(2, key);
    query.bind(3, place.curve);
    while (query.executeStep())
      values.emplace_back(query.getColumn(0).getInt64(), query.getColumn(1).getDouble());
    return counted(key, std::move(values));
  });
}

std::vector<std::pair<int64_t, double>> ResultStore::judged_values(
    const std::string& key, const std::string& judgement, const std::string& metric) const {
  std::vector<std::pair<int64_t, double>> values;
  return guarded(path_, [&] {
    Statement query =
        query_of(*db_,
                 "SELECT seed, value FROM runs JOIN judgements AS j ON j.run = runs.id, "
                 "json_each(j.content, '$.metrics') AS metric "
                 "WHERE runs.key = ? AND j.id = ? AND metric.key = ? ORDER BY seed",
                 key, judgement, metric);
    while (query.executeStep())
      values.emplace_back(query.getColumn(0).getInt64(), query.getColumn(1).getDouble());
    return counted(key, std::move(values));
  });
}

std::string ResultStore::evidence(const RunId& id) const {
  return guarded(path_, [&]() -> std::string {
    Statement query = query_of(*db_,
                               "SELECT content FROM evidence JOIN runs ON run = id "
                               "WHERE key = ? AND seed = ?",
                               id.key, id.seed);
    const auto content = next_value(query);
    return content ? content->getString() : "";
  });
}

bool ResultStore::judged(const RunId& id, const std::string& judgement) const {
  return guarded(path_, [&] {
    Statement query = query_of(*db_,
                               "SELECT 1 FROM judgements JOIN runs ON run = runs.id "
                               "WHERE key = ? AND seed = ? AND judgements.id = ?",
                               id.key, id.seed, judgement);
    return query.executeStep() && outdated(id).empty();
  });
}

Grade ResultStore::grade(const RunId& id) const {
  return guarded(path_, [&] {
    Statement query =
        query_of(*db_,
                 "SELECT json_extract(content, '$.metrics.\"replay/identical\"') FROM judgements "
                 "JOIN runs ON run = runs.id WHERE key = ? AND seed = ? "
                 "AND json_extract(content, '$.evaluator') = ?",
                 id.key, id.seed, kReplay);
    std::vector<bool> identical;
    while (query.executeStep()) identical.push_back(query.getColumn(0).getDouble() != 0);
    return grade_of_replays(identical);
  });
}

std::optional<double> ResultStore::judging_s(const std::string& judgement) const {
  return guarded(path_, [&]() -> std::optional<double> {
    Statement query = query_of(*db_, "SELECT avg(wall_s) FROM judgements WHERE id = ?", judgement);
    const auto mean = next_value(query);
    return mean ? std::optional(mean->getDouble()) : std::nullopt;
  });
}

std::optional<Rate> ResultStore::rate(const std::string& machine, const std::string& work,
                                      RateSource source) const {
  return guarded(path_, [&]() -> std::optional<Rate> {
    Statement row = query_of(*db_,
                             "SELECT device, threads, images_per_s, basis, measured_utc FROM rates "
                             "WHERE machine = ? AND work = ? AND source = ? "
                             "ORDER BY device = 'cpu', threads DESC, measured_utc DESC LIMIT 1",
                             machine, work, name(source));
    if (!row.executeStep()) return std::nullopt;
    return Rate{machine,
                row.getColumn(0).getString(),
                row.getColumn(1).getInt64(),
                work,
                source,
                row.getColumn(2).getDouble(),
                row.getColumn(3).getString(),
                row.getColumn(4).getString()};
  });
}

}  // namespace mra
