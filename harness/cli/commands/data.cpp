#include <algorithm>

#include <fmt/format.h>

#include "harness/base/file.h"
#include "harness/base/tell.h"
#include "harness/cli/commands/commands.h"
#include "harness/data/checksums.h"
#include "harness/data/few_labels.h"
#include "harness/data/manifest.h"
#include "harness/data/own_dataset.h"
#include "harness/data/pack.h"
#include "harness/data/pack_file.h"

namespace mra {

namespace fs = std::filesystem;

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
  context.answer({{"datasets", datasets}},
                 context.shown(table) + "harness data check NAME shows where its files belong\n");
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

struct CheckDataArguments {
  std::string name;
  bool quick = false;
};

int check_data(const Context& context, const CheckDataArguments& asked) {
  const auto& [name, quick] = asked;
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
  context.answer(document,
                 fmt::format("{}: complete: {} classes, {} pictures{}{}\n", name, state.classes,
                             counts_text(state), quick ? "" : ", all decode",
                             compared > 0 ? fmt::format(", {} checksums match", compared) : ""));
  return wrong.empty() ? 0 : exit_code(damage.kind);
}

struct AddArguments {
  std::string name;
  fs::path path;
};

int add_data(const Context& context, const AddArguments& asked) {
  const auto& name = asked.name;
  const AddedDataset added = add_dataset(context.experiment_folders(), name, asked.path);
  const auto folders = context.data_folders();
  const bool found = std::any_of(folders.begin(), folders.end(), [&](const fs::path& known) {
    return fs::weakly_canonical(known) == added.data_dir;
  });
  std::string text =
      fmt::format("{} is in {}: {} classes, {} pictures\n", name, added.file.string(),
                  added.state.classes, counts_text(added.state));
  if (!found)
    text += fmt::format("other commands find it with --data-dir {}\n", added.data_dir.string());
  context.answer(
      {{"name", name}, {"file", added.file.string()}, {"entry", added.entry}, {"found", found}},
      text);
  return 0;
}

struct PackArguments {
  std::string name;
  std::string as;
  int short_side_px = 256;
  fs::path data_dir;
};

/// Where the packed data set goes when nobody says: beside the one it is made of.
fs::path beside(const Json& dataset, const Folders& data_dirs) {
  const fs::path folder = locate_dataset(SpecReader(dataset, "datasets.json"), data_dirs);
  return folder.empty() ? fs::path(".") : folder.parent_path();
}

int pack_data(const Context& context, const PackArguments& asked) {
  const ExperimentFolders experiments = context.experiment_folders();
  const auto folders = context.data_folders();
  const Json dataset = known_dataset(experiments, asked.name);
  PackRequest request{dataset, folders, asked.as, asked.short_side_px, asked.data_dir};
  if (asked.as.empty()) request.name = fmt::format("{}-{}", asked.name, asked.short_side_px);
  if (asked.data_dir.empty()) request.data_dir = beside(dataset, folders);
  check_new_name(experiments, request.name);
  const bool live = !context.quiet && terminal_width(2) > 0;
  const Json entry = pack_dataset(request, [&](int64_t done, int64_t all) {
    if (live) tell("\r\033[K{} of {} pictures packed{}", done, all, done == all ? "\n" : "");
  });
  const fs::path file = write_entry(experiments, request.name, entry);
  const fs::path pack = request.data_dir / request.name / kPackName;
  context.answer(
      {{"name", request.name}, {"file", file.string()}, {"pack", pack.string()}, {"entry", entry}},
      fmt::format("{} is in {}; its pictures are {}, {:.1f} MiB\n"
                  "check it: harness data check {} --data-dir {}\n",
                  request.name, file.string(), pack.string(),
                  double(fs::file_size(pack)) / (1 << 20), request.name,
                  request.data_dir.string()));
  return 0;
}

struct LabelsRequest {
  std::string dataset;
  int64_t count = 0;
  uint32_t seed = 0;
  fs::path output;
};

int write_labels(const Context& context, const LabelsRequest& request) {
  const Json dataset = known_dataset(context.experiment_folders(), request.dataset);
  const auto pictures =
      make_dataset(SpecReader(dataset, "datasets.json"), Split::kTrain, context.data_folders());
  const Choice choice = choose_labels(*pictures, request.count, request.seed, "--count");
  write_file_atomically(request.output, label_list(choice, labels_of(*pictures)).dump(1) + "\n");
  context.answer({{"file", request.output.string()}, {"labels", choice.indices.size()}},
                 fmt::format("{}: {} of {} pictures\n", request.output.string(),
                             choice.indices.size(), pictures->size()));
  return 0;
}

void add_list(CLI::App& data, Context& context) {
  CLI::App* command = add_command(data, "list", "Every known data set and where it is",
                                  "  HARNESS_DATA=~/photos:/srv/data harness data list");
  set_work(*command, context, list_data);
}

void add_check(CLI::App& data, Context& context) {
  CLI::App* command =
      add_command(data, "check", "Count classes and pictures, compare checksums, decode all",
                  "  harness data check shapes\n"
                  "  harness data check imagenette96 --quick   only count");
  const auto asked = set_work(*command, context, check_data);
  command->add_option("NAME", asked->name, "A data set that harness data list shows")->required();
  command->add_flag("--quick", asked->quick, "Do not decode the pictures");
}

void add_add(CLI::App& data, Context& context) {
  CLI::App* command =
      add_command(data, "add", "Add a folder of pictures as a data set of your own",
                  "  harness data add flowers ~/pictures/flowers   with train/ and val/ in it");
  const auto asked = set_work(*command, context, add_data);
  command->add_option("NAME", asked->name, "Its name in specs")->required();
  command->add_option("PATH", asked->path, "The folder that holds train and val")->required();
}

void add_pack(CLI::App& data, Context& context) {
  CLI::App* command =
      add_command(data, "pack", "Make one file of smaller pictures: a data set that reads faster",
                  "  harness data pack imagenet --short-side 256 -o /fast/disk\n"
                  "  harness data pack imagenette96 --as nette64 --short-side 64");
  const auto asked = set_work(*command, context, pack_data);
  command->add_option("NAME", asked->name, "A data set of harness data list")->required();
  command->add_option("--short-side", asked->short_side_px, "Of the pictures, in pixels")
      ->check(CLI::Range(8, 4096))
      ->capture_default_str();
  command->add_option("-o,--output", asked->data_dir, "The data directory to write to");
  command->add_option("--as", asked->as, "What specs call it; default: NAME-SHORT_SIDE");
}

void add_labels(CLI::App& data, Context& context) {
  CLI::App* command = add_command(
      data, "labels", "Choose which pictures have a label, as TorchSSL does, and write the list",
      "  harness data labels shapes --count 40 --seed 1 --output labels.json");
  const auto request = set_work(*command, context, write_labels);
  command->add_option("NAME", request->dataset, "A data set that harness data list shows")
      ->required();
  command->add_option("--count", request->count, "Number of labels, all classes together")
      ->check(CLI::PositiveNumber)
      ->required();
  command->add_option("--seed", request->seed, "Seed of the run whose labels these are")
      ->capture_default_str();
  command->add_option("--output", request->output, "The file to write")->required();
}

}  // namespace

void add_data_command(CLI::App& app, Context& context) {
  CLI::App* command = add_command(app, "data", "Find, check and add data sets",
                                  "  harness data list --data-dir ~/photos\n"
                                  "  harness data check imagenette96 --quick");
  for (const auto add : {add_list, add_check, add_add, add_pack, add_labels})
    add(*command, context);
}

}  // namespace mra
