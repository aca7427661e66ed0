#include <algorithm>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/inside.h"
#include "harness/data/data_folder.h"
#include "harness/data/dataset_kind.h"
#include "harness/data/text_list.h"

// Tiny-ImageNet-200 as released. The label is the rank of a wnid in the sorted wnids.txt.
namespace mra {
namespace {

namespace fs = std::filesystem;

DataFolder read_options(SpecReader reader) {
  DataFolder data = read_data_folder(reader);
  reader.reject_unread_keys();
  return data;
}

fs::path locate(const DataFolder& data, const Folders& data_dirs) {
  return locate_folder(data, data_dirs,
                       {"wnids.txt", "train/<wnid>/images/<picture>", "val/val_annotations.txt",
                        "val/images/<picture>"});
}

std::vector<std::string> read_wnids(const fs::path& path) {
  const TextList list = read_text_list(path);
  std::vector<std::string> wnids;
  for (const auto& [number, wnid] : list.lines) {
    if (!is_file_name(wnid))
      list.fail_at(number, fmt::format("'{}' is not the name of a class folder", wnid));
    wnids.push_back(wnid);
  }
  std::sort(wnids.begin(), wnids.end());
  check(std::adjacent_find(wnids.begin(), wnids.end()) == wnids.end(), ErrorKind::kIntegrity,
        path.string(), "names a class twice", "unpack the data set again");
  return wnids;
}

PictureList list_training(const fs::path& folder, const std::vector<std::string>& wnids) {
  PictureList list;
  list.folder = folder / "train";
  for (const std::string& wnid : wnids) {
    const std::vector<std::string> files = pictures_in(list.folder / wnid / "images");
    list.labels.insert(list.labels.end(), files.size(), int32_t(list.classes++));
    for (const std::string& file : files) list.files.push_back(wnid + "/images/" + file);
  }
  return list;
}

/// Reads lines "<file>\t<wnid>\t<box>".
PictureList list_validation(const fs::path& folder, const std::vector<std::string>& wnids) {
  ListedSplit split;
  split.list = read_text_list(folder / "val/val_annotations.txt");
  split.pictures.folder = folder / "val/images";
  split.pictures.classes = int64_t(wnids.size());
  for (const auto& [number, text] : split.list.lines) {
    const auto [file, rest] = split_at_first_blank(text);
    const std::string wnid = split_at_first_blank(rest).first;
    const auto rank = std::lower_bound(wnids.begin(), wnids.end(), wnid);
    if (rank == wnids.end() || *rank != wnid)
      split.list.fail_at(number, fmt::format("wnids.txt has no class '{}'", wnid));
    split.add(number, file, rank - wnids.begin());
  }
  check_paths(split);
  check_files(split);
  return std::move(split.pictures);
}

std::unique_ptr<Dataset> make(SpecReader reader, Split split, const Folders& data_dirs) {
  const DataFolder data = read_options(std::move(reader));
  const fs::path folder = locate(data, data_dirs);
  const std::vector<std::string> wnids = read_wnids(folder / "wnids.txt");
  PictureList list =
      split == Split::kTrain ? list_training(folder, wnids) : list_validation(folder, wnids);
  check_counts(data, split, list, folder / name(split));
  return pictures_of(std::move(list));
}

}  // namespace

extern const DatasetKind kTinyImagenet = {
    .make = make,
    .locate =
        [](SpecReader options, const Folders& data_dirs) {
          return locate(read_options(std::move(options)), data_dirs);
        },
    .splits = train_and_val,
};

}  // namespace mra
