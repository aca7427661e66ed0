#include "reports/explanation_text.h"

#include <fmt/format.h>

#include "harness/base/text_table.h"
#include "harness/base/units.h"
#include "harness/spec/shallow_json.h"
#include "harness/spec/table.h"

namespace mra {

namespace {

std::string words(const Json& value, const std::string& otherwise = "") {
  return value.is_null() ? otherwise : plain_text(value);
}

/// "77.87" with the decimals of the column, a quoted figure with its own; "" for null.
std::string figure(const Json& value, const Json& cell) {
  if (!value.is_number()) return "";
  if (words(cell["kind"]) == name(ColumnKind::kQuoted))
    return fmt::format("{}", value.get<double>());
  return fmt::format("{:.{}f}", value.get<double>(), cell["decimals"].get<int>());
}

/// " ± 0.10", or "" without a spread.
std::string spread(const Json& value, const Json& cell) {
  return value.is_number() ? " ± " + figure(value, cell) : "";
}

std::string with_unit(const std::string& text, const Json& cell) {
  return cell["unit"].is_null() ? text : text + " " + words(cell["unit"]);
}

using Rows = std::vector<std::vector<TextTable::Cell>>;

void add_paper(const Json& cell, Rows& rows) {
  const Json& paper = cell["paper"];
  if (paper.is_null()) {
    rows.push_back({"  paper", "has no figure here"});
    return;
  }
  const std::string printed =
      paper["value"].is_null()
          ? "\"" + words(paper["text"]) + "\""
          : with_unit(figure(paper["value"], cell) + spread(paper["spread"], cell), cell);
  const Json& origin = paper["origin"];
  const bool own = origin.is_null();
  rows.push_back({"  paper", printed + (own ? "" : ", quoted from " + words(origin["title"]))});
  if (!paper["spread_of"].is_null()) rows.push_back({"", "±: " + words(paper["spread_of"])});
  if (own && !paper["value"].is_null()) rows.push_back({"", "measured by the authors"});
  if (!own && !origin["value"].is_null())
    rows.push_back(
        {"", fmt::format(
                 "that publication prints {}{}{}", words(origin["value"]),
                 origin["spread"].is_null() ? "" : " ± " + words(origin["spread"]),
                 origin["runs"].is_null() ? "" : fmt::format(", n = {}", words(origin["runs"])))});
  if (!own && words(origin["protocol"]) != "") rows.push_back({"", words(origin["protocol"])});
  if (!paper["note"].is_null()) rows.push_back({"  note", words(paper["note"])});
}

/// "61.50 ± 0.30 % over 3 seeds", then each seed's value.
void add_measured(const Json& cell, Rows& rows) {
  const Json& measured = cell["measured"];
  const std::string reason = cell["reason"].is_null() ? "" : ": " + words(cell["reason"]);
  if (measured.is_null()) {
    rows.push_back({"  measured", words(cell["state"], "pending") + reason});
    return;
  }
  const auto n = measured["n"].get<size_t>();
  rows.push_back(
      {"  measured",
       fmt::format("{}, {} of {} seed{}",
                   with_unit(figure(measured["mean"], cell) + spread(measured["sd"], cell), cell),
                   n > 1 ? "mean ± sd" : "value", n, n == 1 ? "" : "s")});
  for (const char* interval : {"ci95", "within_run_ci95"})
    if (measured[interval].is_number())
      rows.push_back(
          {"", fmt::format("± {} is the 95 % interval over {}", figure(measured[interval], cell),
                           interval[0] == 'c' ? "seeds" : words(cell["spread_over"]))});
  for (size_t i = 0; i < n; ++i)
    rows.push_back(
        {"", fmt::format("seed {}: {}{}", words(measured["seeds"][i]), words(measured["values"][i]),
                         i < measured["best_values"].size()
                             ? ", best epoch " + words(measured["best_values"][i])
                             : "")});
  if (words(cell["state"]) != "done") rows.push_back({"  state", words(cell["state"]) + reason});
}

std::string cell_text(const Json& cell, size_t width) {
  TextTable table{{words(cell["title"]), ""}, {}};
  add_paper(cell, table.rows);
  const std::string kind = words(cell["kind"]);
  if (kind == "text" || kind == "quoted")
    table.rows.push_back({"  measured", "not measured by this program"});
  else if (kind == "structural")
    table.rows.push_back(
        {"  spec", cell["structural"].is_null()
                       ? "has no value for this"
                       : fmt::format("{}, from {} of the augmentor's spec",
                                     words(cell["structural"]), words(cell["structural_from"]))});
  else
    add_measured(cell, table.rows);
  return "\n" + table.render(false, width);
}

/// "tables/table6.json: /rows/1/with/…"; on a terminal the file alone, which fits.
std::string writer(const std::string& place, size_t width) {
  return width == 0 ? place : place.substr(0, place.find(": "));
}

std::string spec_text(const Json& experiment, size_t width) {
  TextTable head{{"experiment", words(experiment["name"])}, {}};
  head.rows.push_back({"  key", words(experiment["key"])});
  if (!experiment["unavailable"].is_null())
    head.rows.push_back({"  unavailable", words(experiment["unavailable"])});
  std::string title = "  merged from";
  for (const Json& layer : experiment["merged"]["layers"]) {
    head.rows.push_back({title, words(layer)});
    title = "";
  }
  for (const Json& needed : experiment["starts_from"])
    head.rows.push_back(
        {"  starts from", fmt::format("{}: {}, {}", words(needed["experiment"]),
                                      words(needed["run"]), words(needed["state"]))});
  for (const Json& change : experiment["deviations"])
    head.rows.push_back(
        {"  deviation",
         fmt::format("{} = {}, declared {}", words(change["pointer"]),
                     words(change["set"], "nothing"), words(change["declared"], "nothing"))});
  TextTable values{{"  spec", "value", "written by"}, {}, /*shrink=*/1};
  for (const Json& entry : experiment["merged"]["values"])
    values.rows.push_back({"  " + words(entry["pointer"]), plain_text(entry["value"]),
                           writer(words(entry["from"]), width)});
  return "\n" + head.render(false, width) + "\n" + values.render(false, width);
}

/// "commit 1a2b3c4d, changed since (source.patch, SHA-256 …)".
std::string code_text(const Json& program) {
  const std::string commit = program.value("commit", "");
  std::string text = commit.empty() ? "commit unknown" : "commit " + commit;
  if (program.value("dirty", false)) {
    const Json patch = program.value("patch_sha256", Json());
    text += patch.is_string() ? ", with changes: source.patch, SHA-256 " + plain_text(patch)
                              : ", with changes";
  }
  return text;
}

void add_environment(const Json& environment, Rows& rows) {
  if (!environment.is_object()) return;
  const auto row = [&](const std::string& title, const char* pointer) {
    const Json::json_pointer place(pointer);
    if (environment.contains(place) && environment[place] != "")
      rows.push_back({title, plain_text(environment[place])});
  };
  if (environment.contains("program")) {
    const Json& program = environment["program"];
    rows.push_back({"  code", code_text(program)});
    rows.push_back({"  built by", fmt::format("{}, {}", program.value("compiler", "?"),
                                              program.value("flags", "?"))});
  }
  row("  libraries", "/libraries");
  row("  device", "/device");
  row("  cpu", "/machine/cpu");
  row("  threads", "/threads");
  const Json::json_pointer command("/started_by/command_line");
  if (environment.contains(command)) rows.push_back({"  command", joined(environment[command])});
  row("  data set", "/dataset/name");
  row("  data SHA-256", "/dataset/manifest_sha256");
}

std::string run_text(const Json& run, size_t width) {
  TextTable table{{"run " + words(run["run"]), words(run["state"])}, {}};
  const auto row = [&](const char* title, const Json& value) {
    if (!value.is_null() && value != "") table.rows.push_back({title, plain_text(value)});
  };
  row("  reason", run["reason"]);
  row("  directory", run["directory"]);
  row("  started", run["started_utc"]);
  if (run["wall_s"].is_number() && run["cpu_s"].is_number())
    table.rows.push_back(
        {"  took", fmt::format("{}, processors {}, memory {}, attempts {}",
                               short_duration(run["wall_s"]), short_duration(run["cpu_s"]),
                               short_size(run["peak_memory_bytes"]), words(run["attempts"]))});
  row("  metrics", run["metrics"]);
  for (const auto& [name, curve] : run["curves"].items())
    table.rows.push_back(
        {"  curve " + name,
         fmt::format("{:.4g} at epoch {:g} … {:.4g} at epoch {:g}", curve["first"][1].get<double>(),
                     curve["first"][0].get<double>(), curve["last"][1].get<double>(),
                     curve["last"][0].get<double>())});
  add_environment(run["environment"], table.rows);
  return "\n" + table.render(false, width);
}

}  // namespace

std::string explanation_text(const Json& explained, size_t width) {
  std::string text =
      fmt::format("{}/{} at scale {}: {}\n", words(explained["table"]), words(explained["row"]),
                  words(explained["scale"]), words(explained["title"]));
  if (!explained["note"].is_null()) text += "note: " + words(explained["note"]) + "\n";
  for (const Json& cell : explained["cells"]) text += cell_text(cell, width);
  for (const Json& experiment : explained["experiments"]) {
    text += spec_text(experiment, width);
    for (const Json& run : experiment["runs"]) text += run_text(run, width);
  }
  return text;
}

}  // namespace mra
