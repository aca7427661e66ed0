#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/data/data_folder.h"
#include "harness/data/dataset_kind.h"
#include "harness/data/text_list.h"

// ImageNet-LT: a text file for each split, with the path of a picture and its label in each line.
namespace mra {
namespace {

namespace fs = std::filesystem;

struct Options {
  DataFolder data;
  std::map<Split, std::string> lists;  ///< paths below the folder
};

Options read_options(SpecReader reader) {
  Options options;
  options.data = read_data_folder(reader);
  options.lists[Split::kTrain] = read_inner_path(reader, "train", "train.txt");
  options.lists[Split::kVal] = read_inner_path(reader, "val", "val.txt");
  if (reader.has("test") || reader.describing())
    options.lists[Split::kTest] = read_inner_path(reader, "test", "<list>");
  reader.reject_unread_keys();
  return options;
}

fs::path locate(const Options& options, const Folders& data_dirs) {
  std::vector<std::string> layout;
  for (const auto& [split, list] : options.lists) layout.push_back(list);
  layout.push_back("<the paths in these lists>");
  return locate_folder(options.data, data_dirs, layout);
}

std::unique_ptr<Dataset> make(SpecReader reader, Split split, const Folders& data_dirs) {
  const Options options = read_options(std::move(reader));
  const fs::path folder = locate(options, data_dirs);
  std::map<Split, ListedSplit> splits;
  int64_t classes = options.data.classes;  // 0: as many as in the training list
  for (const auto& [each, list] : options.lists) {
    splits[each] = read_labelled_paths(folder / list, folder, classes);
    classes = splits.at(Split::kTrain).pictures.classes;
  }
  ListedSplit& wanted = splits.at(split);
  check_paths(wanted);
  check_counts(options.data, split, wanted.pictures, wanted.list.path);
  for (const auto& [each, other] : splits)
    if (each != split) check_disjoint(wanted, other);
  check_files(wanted);
  return pictures_of(std::move(wanted.pictures));
}

}  // namespace

extern const DatasetKind kListFiles = {
    .make = make,
    .locate =
        [](SpecReader options, const Folders& data_dirs) {
          return locate(read_options(std::move(options)), data_dirs);
        },
    .splits = [](const Json& options) -> std::vector<Split> {
      if (options.contains("test")) return {Split::kTrain, Split::kVal, Split::kTest};
      return {Split::kTrain, Split::kVal};
    },
};

}  // namespace mra
