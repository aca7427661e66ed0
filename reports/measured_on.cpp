#include "reports/measured_on.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/report_table.h"

namespace mra {

namespace {

struct CellPlace {
  size_t row = 0, column = 0;
};

void add(std::vector<CellFact>& facts, const std::string& text, CellPlace place) {
  if (text.empty()) return;
  auto found = std::find_if(facts.begin(), facts.end(),
                            [&](const CellFact& fact) { return fact.text == text; });
  if (found == facts.end()) found = facts.insert(facts.end(), {text, {}, {}});
  found->rows.insert(place.row);
  found->columns.insert(place.column);
}

/// What stands at a JSON pointer; null where nothing does.
Json at(const Json& json, const char* pointer) {
  const Json::json_pointer place(pointer);
  return json.contains(place) ? json.at(place) : Json();
}

std::string word(const Json& json) {
  return json.is_string() ? json.get<std::string>() : "";
}

/// Whether the pictures, or those they are chosen from, are drawn by the program.
bool is_drawn(const Json& dataset) {
  return at(dataset, "/kind") == "shapes" || (dataset.contains("of") && is_drawn(dataset["of"]));
}

/// "4000 train, 1000 val pictures": of the parts that `counts` names so, "train_pictures".
std::string pictures_text(const Json& counts) {
  static const std::string kEnd = "_pictures";
  std::vector<std::string> parts;
  for (const auto& [key, count] : counts.items())
    if (key.ends_with(kEnd) && count.is_number_integer())
      parts.push_back(count.dump() + " " + key.substr(0, key.size() - kEnd.size()));
  return parts.empty() ? "" : fmt::format("{} pictures", fmt::join(parts, ", "));
}

/// `counts`: the environment's "dataset", or the spec's where nothing is recorded.
std::string data_text(const Json& spec, const Json& counts) {
  std::vector<std::string> parts;
  if (is_drawn(at(spec, "/dataset"))) parts.push_back("drawn");
  if (const std::string pictures = pictures_text(counts); !pictures.empty())
    parts.push_back(pictures);
  if (const Json size = at(spec, "/input/size_px"); size.is_number())
    parts.push_back(size.dump() + " px");
  const std::string name = word(at(spec, "/dataset/name"));
  return name.empty() || parts.empty() ? name
                                       : fmt::format("{} ({})", name, fmt::join(parts, "; "));
}

std::string network_text(const Json& spec) {
  const Json model = at(spec, "/model");
  std::vector<std::string> sizes, blocks;
  for (const Json& count : at(model, "/blocks")) blocks.push_back(count.dump());
  if (!blocks.empty()) sizes.push_back(fmt::format("blocks {}", fmt::join(blocks, "+")));
  for (const char* key : {"depth", "width"})
    if (model.contains(key)) sizes.push_back(fmt::format("{} {}", key, model[key].dump()));
  const std::string name = word(at(model, "/name"));
  return sizes.empty() ? name : fmt::format("{} ({})", name, fmt::join(sizes, ", "));
}

std::string training_text(const Json& spec) {
  const Json epochs = at(spec, "/recipe/epochs");
  if (!epochs.is_number()) return "";
  std::string text = epochs.dump() + (epochs == 1 ? " epoch" : " epochs");
  for (const char* unit : {"steps", "episodes"}) {
    const Json count = at(spec, fmt::format("/task_options/{}_per_epoch", unit).c_str());
    if (count.is_number()) text += fmt::format(" of {} {}", count.dump(), unit);
  }
  return text;
}

std::string processor_text(const Json& environment) {
  const std::string device = word(at(environment, "/device/name"));
  return device.empty() ? word(at(environment, "/machine/cpu")) : device;
}

void add_run(MeasuredOn& on, const Json& spec, const Json& counts, CellPlace place) {
  add(on.data, data_text(spec, counts), place);
  add(on.networks, network_text(spec), place);
  add(on.trainings, training_text(spec), place);
}

bool share_one(const CellFact& a, const CellFact& b, std::set<size_t> CellFact::*places) {
  return std::any_of((a.*places).begin(), (a.*places).end(),
                     [&](size_t place) { return (b.*places).contains(place); });
}

/// ", by row" where each row has one of the facts only.
std::string spread_text(const std::vector<CellFact>& facts) {
  bool by_row = true, by_column = true;
  for (size_t i = 0; i < facts.size(); ++i)
    for (size_t j = 0; j < i; ++j) {
      by_row &= !share_one(facts[i], facts[j], &CellFact::rows);
      by_column &= !share_one(facts[i], facts[j], &CellFact::columns);
    }
  return by_column ? ", by column" : by_row ? ", by row" : ", by cell";
}

/// "a", or "a / b, by row", of many "a / b / c / 2 more, by cell".
std::string joined(const std::vector<CellFact>& facts) {
  constexpr size_t kMost = 3;
  std::string text;
  for (size_t i = 0; i < std::min(facts.size(), kMost); ++i)
    text += (i == 0 ? "" : " / ") + facts[i].text;
  if (facts.size() > kMost) text += fmt::format(" / {} more", facts.size() - kMost);
  return facts.size() > 1 ? text + spread_text(facts) : text;
}

}  // namespace

MeasuredOn measured_on(const TableSpec& table, const ReportTable& report,
                       const ResultStore& store) {
  MeasuredOn measured, planned;
  planned.planned = true;
  for (size_t r = 0; r < table.rows.size(); ++r)
    for (size_t c = 0; c < table.rows[r].cells.size(); ++c) {
      const auto place = table.rows[r].cells[c].experiment;
      if (!place) continue;
      const ExperimentSpec& experiment = table.rows[r].experiments[*place];
      const Json& spec = experiment.resolved;
      const Json dataset = at(spec, "/dataset");
      const bool has_counts = dataset.contains("train_pictures");  // else not of all parts
      add_run(planned, spec, has_counts ? dataset : Json(), {r, c});
      planned.seeds.insert(experiment.seeds.begin(), experiment.seeds.end());
      const auto& cell = report.rows[r].cells[c].measured;
      if (!cell) continue;
      measured.seeds.insert(cell->seeds.begin(), cell->seeds.end());
      for (const int64_t seed : cell->seeds) {
        const Json environment = store.environment({experiment.key, seed});
        add_run(measured, spec, at(environment, "/dataset"), {r, c});
        add(measured.processors, processor_text(environment), {r, c});
      }
    }
  return measured.seeds.empty() ? planned : measured;
}

std::string text(const MeasuredOn& on) {
  if (on.data.empty()) return "";
  std::string text =
      fmt::format("{} {}.", on.planned ? "To be measured on" : "Measured on", joined(on.data));
  const auto add = [&](const char* title, const std::string& words) {
    if (!words.empty()) text += fmt::format(" {}: {}.", title, words);
  };
  add("Network", joined(on.networks));
  add("Training", joined(on.trainings));
  add("Seeds", fmt::format("{}", fmt::join(on.seeds, ", ")));
  add("Processor", joined(on.processors));
  return text;
}

std::string data_text(const std::vector<ReportTable>& tables) {
  constexpr size_t kMost = 4;
  std::vector<std::string> all;
  for (const ReportTable& table : tables)
    for (const CellFact& fact : table.measured_on.data)
      if (!table.measured_on.planned && std::count(all.begin(), all.end(), fact.text) == 0)
        all.push_back(fact.text);
  if (all.empty()) return "";
  const size_t more = all.size() - std::min(all.size(), kMost);
  all.resize(all.size() - more);
  return fmt::format("Measured on {}{}.", fmt::join(all, " / "),
                     more > 0 ? fmt::format(" / {} more", more) : "");
}

}  // namespace mra
