#include "harness/data/few_labels.h"

#include <algorithm>
#include <numeric>
#include <random>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/data/data_folder.h"
#include "harness/data/dataset_kind.h"

// A data set that keeps the labels of a few pictures of another one, and has all of its pictures
// without labels.
namespace mra {
namespace {

namespace fs = std::filesystem;

/// numpy's legacy way to draw 0 … most: takes the lowest bits of a 32-bit number and repeats while
/// the value is too high.
uint32_t draw_up_to(uint32_t most, std::mt19937& bits) {
  uint32_t mask = most;
  for (int shift = 1; shift < 32; shift *= 2) mask |= mask >> shift;
  uint32_t value = 0;
  do value = uint32_t(bits()) & mask;
  while (value > most);
  return value;
}

struct Options {
  int64_t labels = 0;  ///< labelled pictures in all classes together; 0: all of them
  uint32_t seed = 0;
  std::string file;  ///< name of a label list in one of the data directories; may be empty
};

Options read_options(SpecReader& reader) {
  Options options;
  reader.required<std::string>("kind");
  reader.optional<std::string>("name", "");
  reader.optional<std::string>("note", "");
  reader.child("of");
  options.labels = reader.in_range<int64_t>("labels", 0, 0, int64_t(1) << 40);
  options.seed = uint32_t(reader.in_range<int64_t>("labels_seed", 0, 0, UINT32_MAX));
  if (reader.has("label_file") || reader.describing())
    options.file = read_inner_path(reader, "label_file", "<file>");
  reader.reject_unread_keys();
  check(options.labels == 0 || options.file.empty(), ErrorKind::kUsage, reader.where("labels"),
        "has a number of labels and also labels from a file", "give \"labels\" or \"label_file\"");
  return options;
}

fs::path find_list(const std::string& name, const std::string& where, const Folders& data_dirs) {
  std::error_code ignored;
  for (const fs::path& folder : data_dirs)
    if (fs::is_regular_file(folder / name, ignored)) return folder / name;
  fail(ErrorKind::kEnvironment, where, fmt::format("the label list '{}' is not found", name),
       "put it into a folder given by --data-dir");
}

std::unique_ptr<Dataset> make(SpecReader reader, Split split, const Folders& data_dirs) {
  const Options options = read_options(reader);
  const SpecReader of = reader.child("of");
  if (split == Split::kUnlabelled) {
    const auto splits = splits_of(of.json());
    const bool has = std::find(splits.begin(), splits.end(), split) != splits.end();
    return make_dataset(of, has ? split : Split::kTrain, data_dirs);
  }
  auto pictures = make_dataset(of, split, data_dirs);
  if (split != Split::kTrain || (options.labels == 0 && options.file.empty())) return pictures;
  Choice choice =
      options.file.empty()
          ? choose_labels(*pictures, options.labels, options.seed, reader.where("labels"))
          : read_label_list(find_list(options.file, reader.where("label_file"), data_dirs),
                            labels_of(*pictures), pictures->classes());
  return subset_of(std::move(pictures), std::move(choice));
}

/// Identifies the data set that a list belongs to: number of pictures, and digest of their labels
/// in order.
Json known_by(const std::vector<int32_t>& labels_of_all) {
  std::string text;
  for (const int32_t label : labels_of_all) text += fmt::format("{}\n", label);
  return {{"pictures", labels_of_all.size()}, {"labels_sha256", sha256(text)}};
}

}  // namespace

std::vector<int64_t> choose_labelled(const std::vector<int32_t>& labels, int64_t classes,
                                     int64_t per_class, uint32_t seed, const std::string& where) {
  std::vector<std::vector<int64_t>> of_class(static_cast<size_t>(classes));
  for (size_t i = 0; i < labels.size(); ++i) of_class.at(size_t(labels[i])).push_back(int64_t(i));
  std::mt19937 bits(seed);
  std::vector<int64_t> chosen;
  for (size_t c = 0; c < of_class.size(); ++c) {
    const auto& pictures = of_class[c];
    check(per_class <= int64_t(pictures.size()), ErrorKind::kUsage, where,
          fmt::format("{} labels of each class are asked for, but class {} has "
                      "{} pictures",
                      per_class, c, pictures.size()),
          "ask for fewer");
    std::vector<size_t> order(pictures.size());
    std::iota(order.begin(), order.end(), size_t(0));
    for (size_t i = order.size(); i-- > 1;)
      std::swap(order[i], order[draw_up_to(uint32_t(i), bits)]);
    for (int64_t k = 0; k < per_class; ++k) chosen.push_back(pictures[order[size_t(k)]]);
  }
  return chosen;
}

std::vector<int32_t> labels_of(const Dataset& dataset) {
  std::vector<int32_t> labels;
  for (int64_t i = 0; i < dataset.size(); ++i) labels.push_back(int32_t(dataset.label(i)));
  return labels;
}

Choice choose_labels(const Dataset& dataset, int64_t count, uint32_t seed,
                     const std::string& where) {
  const int64_t classes = dataset.classes();
  check(count % classes == 0, ErrorKind::kUsage, where,
        fmt::format("{} labels cannot be shared evenly by {} classes", count, classes),
        fmt::format("give a multiple of {}", classes));
  const auto labels = labels_of(dataset);
  Choice choice{choose_labelled(labels, classes, count / classes, seed, where), {}, classes};
  for (const int64_t index : choice.indices) choice.labels.push_back(labels[size_t(index)]);
  return choice;
}

Json label_list(const Choice& choice, const std::vector<int32_t>& labels_of_all) {
  return {{"of", known_by(labels_of_all)},
          {"classes", choice.classes},
          {"indices", choice.indices},
          {"labels", choice.labels}};
}

Choice read_label_list(const fs::path& file, const std::vector<int32_t>& labels_of_all,
                       int64_t classes) {
  constexpr const char* kCure = "give a list that was written for this data set";
  const Json list = Json::parse(read_file(file), nullptr, /*allow_exceptions=*/false);
  check(list.is_object(), ErrorKind::kIntegrity, file.string(), "is not a label list", kCure);
  SpecReader reader(list, file.string());
  check(reader.child("of").json() == known_by(labels_of_all), ErrorKind::kIntegrity, file.string(),
        "is of another data set: its pictures or their labels differ", kCure);
  Choice choice;
  choice.classes = reader.in_range<int64_t>("classes", classes, classes);
  choice.indices = reader.required<std::vector<int64_t>>("indices");
  for (const int64_t label : reader.required<std::vector<int64_t>>("labels"))
    choice.labels.push_back(int32_t(label));
  reader.reject_unread_keys();
  const auto all = int64_t(labels_of_all.size());
  bool fits = choice.indices.size() == choice.labels.size() && !choice.indices.empty();
  for (size_t i = 0; fits && i < choice.indices.size(); ++i)
    fits = choice.indices[i] >= 0 && choice.indices[i] < all &&
           choice.labels[i] == labels_of_all[size_t(choice.indices[i])];
  check(fits, ErrorKind::kIntegrity, file.string(),
        "has a picture that does not exist or has another label", kCure);
  return choice;
}

extern const DatasetKind kFewLabels = {
    .make = make,
    .locate =
        [](SpecReader reader, const Folders& data_dirs) {
          read_options(reader);
          return locate_dataset(reader.child("of"), data_dirs);
        },
    .splits =
        [](const Json& dataset) {
          auto splits = splits_of(dataset.value("of", Json::object()));
          if (std::find(splits.begin(), splits.end(), Split::kUnlabelled) == splits.end())
            splits.push_back(Split::kUnlabelled);
          return splits;
        },
};

}  // namespace mra
