#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/data/data_folder.h"
#include "harness/data/dataset_kind.h"

// A data set in the folder layout of ImageNet: FOLDER/train/<class>/<picture>.
namespace mra {
namespace {

namespace fs = std::filesystem;

struct Options {
  DataFolder data;
  std::string train, val;  ///< folders of the splits
  int64_t take_every = 1;  ///< take each n-th training picture, sorted by folder, then file name
};

Options read_options(SpecReader reader) {
  Options options;
  options.data = read_data_folder(reader);
  options.train = read_inner_path(reader, "train", "train");
  options.val = read_inner_path(reader, "val", "val");
  options.take_every = reader.in_range<int64_t>("take_every", 1, 1, int64_t(1) << 40);
  reader.reject_unread_keys();
  return options;
}

fs::path locate(const Options& options, const Folders& data_dirs) {
  return locate_folder(options.data, data_dirs,
                       {options.train + "/<class>/<picture>", options.val + "/<class>/<picture>"});
}

void keep_every(PictureList& list, int64_t step) {
  size_t kept = 0;
  for (size_t i = 0; i < list.files.size(); i += size_t(step), ++kept) {
    if (kept == i) continue;  // moving a string onto itself may empty it
    list.files[kept] = std::move(list.files[i]);
    list.labels[kept] = list.labels[i];
  }
  list.files.resize(kept);
  list.labels.resize(kept);
}

std::unique_ptr<Dataset> make(SpecReader reader, Split split, const Folders& data_dirs) {
  const Options options = read_options(std::move(reader));
  const bool training = split == Split::kTrain;
  const fs::path folder = locate(options, data_dirs) / (training ? options.train : options.val);
  std::error_code ignored;
  check(fs::is_directory(folder, ignored), ErrorKind::kEnvironment, folder.string(),
        "the folder of a split is missing",
        "unpack the data set again, or name the split's folder");
  PictureList list = list_class_folders(folder);
  check_counts(options.data, split, list, folder);
  if (training) keep_every(list, options.take_every);
  return pictures_of(std::move(list));
}

}  // namespace

extern const DatasetKind kClassFolders = {
    .make = make,
    .locate =
        [](SpecReader options, const Folders& data_dirs) {
          return locate(read_options(std::move(options)), data_dirs);
        },
    .splits = train_and_val,
};

}  // namespace mra
