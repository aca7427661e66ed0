#include <algorithm>

#include <fmt/format.h>

#include "harness/base/tell.h"
#include "harness/cli/commands/commands.h"
#include "harness/data/checksums.h"
#include "harness/data/data_state.h"
#include "harness/data/manifest.h"

namespace mra {

namespace {

Json state_json(const std::string& name, const DataState& state) {
  Json json = {{"name", name},
               {"state", state.state},
               {"folder", state.folder.empty() ? Json() : Json(state.folder.string())},
               {"classes", state.classes},
               {"train_pictures", 0},
               {"val_pictures", 0},
               {"pictures_of_class", state.of_class},
               {"reason", Json()},
               {"cure", Json()}};
  for (const auto& [split, count] : state.pictures)
    json[std::string(mra::name(split)) + "_pictures"] = count;
  if (state.error) {
    json["reason"] = one_line(*state.error);
    json["cure"] = state.error->cure;
  }
  return json;
}

/// "2000 train, 1000 val".
std::string counts_text(const DataState& state) {
  std::string text;
  for (const auto& [split, count] : state.pictures)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, name(split));
  return text;
}

/// "947" or "5-200": how many pictures of a class there are to learn from.
std::string class_sizes_text(const DataState& state) {
  const auto [least, most] = std::minmax_element(state.of_class.begin(), state.of_class.end());
  if (least == state.of_class.end()) return "-";
  return *least == *most ? fmt::format("{}", *most) : fmt::format("{}-{}", *least, *most);
}

int list_data(const Context& context) {
  const ExperimentFolders experiments = context.experiment_folders();
  Json datasets = Json::array();
  TextTable table{{"data set", "state", "classes", "of a class", "pictures", "where"}, {}};
  for (const auto& [name, dataset] : known_datasets(experiments)) {
    const DataState state = look_at(dataset, std::string("datasets.json"), context.data_folders());
    datasets.push_back(state_json(name, state));
    const bool complete = state.state == "complete";
    const std::string where = state.error            ? one_line(*state.error)
                              : state.folder.empty() ? "drawn by the program"
                                                     : state.folder.string();
    const auto shown = [&](const std::string& text) { return complete ? text : "-"; };
    table.rows.push_back({name,
                          TextTable::Cell(state.state, complete ? Color::kGreen : Color::kYellow),
                          shown(std::to_string(state.classes)), shown(class_sizes_text(state)),
                          shown(counts_text(state)), where});
  }
  if (context.json)
    print_json({{"datasets", datasets}});
  else
    print(table.render(context.color_on(1), terminal_width(1)) +
          "What belongs where: harness data check NAME\n");
  return 0;
}

/// Decodes all splits; tells on stderr how far it is.
std::vector<std::string> undecodable(const Context& context, const Json& dataset) {
  std::vector<std::string> wrong;
  const bool live = !context.quiet && terminal_width(2) > 0;
  for (const Split split : splits_of(dataset)) {
    const auto pictures =
        make_dataset(SpecReader(dataset, "datasets.json"), split, context.data_folders());
    const auto found = decode_all(*pictures, [&](int64_t done) {
      if (live) tell("\r\033[K{} of {} pictures decoded", done, pictures->size());
    });
    if (live) tell("\r\033[K");
    wrong.insert(wrong.end(), found.begin(), found.end());
  }
  return wrong;
}

int check_data(const Context& context, const std::string& name, bool quick) {
  const Json dataset = known_dataset(context.experiment_folders(), name);
  const DataState state = look_at(dataset, std::string("datasets.json"), context.data_folders());
  if (state.error) throw *state.error;
  const Json checksums = context.experiment_folders().entries_of("datasets.json")[name].value(
      "checksums", Json::object());
  const int64_t compared = quick ? 0 : compare_checksums(checksums, context.data_folders());
  const auto wrong = quick ? std::vector<std::string>() : undecodable(context, dataset);
  Json document = state_json(name, state);
  document["decoded"] = !quick;
  document["undecodable"] = wrong;
  document["checksums_compared"] = compared;
  const auto inputs = context.inputs();
  if (!quick) inputs->forget_dataset(name);
  const auto manifest = inputs->sha256({{"dataset", dataset}});
  document["manifest_sha256"] =
      manifest ? *manifest : data_manifest(dataset, context.data_folders()).sha256;
  for (const std::string& message : wrong) tell("{}\n", message);
  const Error damage(ErrorKind::kIntegrity, name,
                     fmt::format("{} pictures cannot be decoded", wrong.size()),
                     "unpack the data set again, or remove these files");
  if (!wrong.empty()) {
    if (!context.json) throw damage;
    document["state"] = "damaged";
    document["error"] = error_json(damage);
  }
  if (context.json)
    print_json(document);
  else
    print(fmt::format("{}: complete: {} classes, {} pictures{}{}\n", name, state.classes,
                      counts_text(state), quick ? "" : ", all decode",
                      compared > 0 ? fmt::format(", {} checksums right", compared) : ""));
  return wrong.empty() ? 0 : exit_code(damage.kind);
}

}  // namespace

void add_data_command(CLI::App& app, Context& context) {
  CLI::App* command = add_command(app, "data", "Which data sets are here, and are they whole",
                                  "  harness data list --data-dir ~/photos\n"
                                  "  harness data check imagenette96 --quick");
  add_command(*command, "list", "Every known data set and where it is",
              "  HARNESS_DATA=~/photos:/srv/data harness data list")
      ->callback([&context] { context.command = [&context] { return list_data(context); }; });
  add_data_add_command(*command, context);
  CLI::App* check =
      add_command(*command, "check", "Count classes and pictures, compare checksums, decode all",
                  "  harness data check shapes\n"
                  "  harness data check imagenette96 --quick   only count");
  const auto name = std::make_shared<std::string>();
  const auto quick = std::make_shared<bool>(false);
  check->add_option("NAME", *name, "A data set of harness data list")->required();
  check->add_flag("--quick", *quick, "Do not decode");
  check->callback([&context, name, quick] {
    context.command = [&context, name, quick] { return check_data(context, *name, *quick); };
  });
  add_data_labels_command(*command, context);
}

}  // namespace mra
