#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/data/data_folder.h"
#include "harness/data/dataset_kind.h"
#include "harness/data/mat_table.h"
#include "harness/data/text_list.h"

// ImageNet-1k (ILSVRC 2012). The validation pictures are in class folders, or all in one folder as
// released. In that case line k of the ground truth is the ILSVRC id, 1 … 1000, of the k-th picture
// by name. The label is the rank of the sorted wnid, "n01440764", not the ILSVRC id.
namespace mra {
namespace {

namespace fs = std::filesystem;

const char* const kGroundTruth = "ILSVRC2012_validation_ground_truth.txt";

DataFolder read_options(SpecReader reader) {
  DataFolder data = read_data_folder(reader);
  reader.reject_unread_keys();
  return data;
}

bool is_flat(const fs::path& val) {
  std::error_code error;
  for (fs::directory_iterator at(val, error), end; !error && at != end; at.increment(error))
    if (at->is_directory(error)) return false;
  return true;
}

/// Finds the first of `names` in `folder` or its devkit. Throws kEnvironment if there is none.
fs::path one_of(const fs::path& folder, const std::vector<std::string>& names) {
  std::error_code ignored;
  for (const std::string& name : names)
    for (const fs::path& where : {folder, folder / "ILSVRC2012_devkit_t12/data"})
      if (fs::exists(where / name, ignored)) return where / name;
  fail(
      ErrorKind::kEnvironment, folder.string(),
      fmt::format("val/ has no class folders, and {} is missing", names.front()),
      "sort the pictures of val/ into class folders, or unpack ILSVRC2012_devkit_t12.tar.gz there");
}

fs::path ground_truth(const fs::path& folder) {
  return one_of(folder, {kGroundTruth});
}

fs::path map_of_ids(const fs::path& folder) {
  return one_of(folder, {"map_clsloc.txt", "meta.mat"});
}

fs::path locate(const DataFolder& data, const Folders& data_dirs) {
  const fs::path folder =
      locate_folder(data, data_dirs, {"train/<wnid>/<picture>", "val/<wnid>/<picture>"});
  std::error_code ignored;
  if (fs::is_directory(folder / "val", ignored) && is_flat(folder / "val")) {
    ground_truth(folder);
    map_of_ids(folder);
  }
  return folder;
}

/// Returns the wnid of each ILSVRC id, from lines "<wnid> <id> <name>" or the devkit's meta.mat, in
/// which an entry with children is a group of classes.
std::unordered_map<int64_t, std::string> read_ids(const fs::path& path, int64_t classes) {
  TextList list{path, {}};
  std::unordered_map<int64_t, std::string> wnids;
  const auto add = [&](int64_t number, const std::string& id_text, const std::string& wnid) {
    const int64_t id = number_at(list, number, id_text, 1, classes);
    if (!wnids.insert({id, wnid}).second)
      list.fail_at(number, fmt::format("the id {} is listed twice", id));
  };
  if (path.extension() == ".mat") {
    int64_t row = 0;
    for (const auto& values :
         read_mat_structs(path, "synsets", {"ILSVRC2012_ID", "WNID", "num_children"}))
      if (++row, values[2] == "0") add(row, values[0], values[1]);
    return wnids;
  }
  list = read_text_list(path);
  for (const auto& [number, text] : list.lines) {
    const auto [wnid, rest] = split_at_first_blank(text);
    add(number, split_at_first_blank(rest).first, wnid);
  }
  return wnids;
}

PictureList list_flat(const fs::path& folder, const std::vector<std::string>& classes) {
  const auto wnids = read_ids(map_of_ids(folder), int64_t(classes.size()));
  const TextList truth = read_text_list(ground_truth(folder));
  PictureList list;
  list.folder = folder / "val";
  list.files = pictures_in(list.folder);
  list.classes = int64_t(classes.size());
  check(list.files.size() == truth.lines.size(), ErrorKind::kIntegrity, truth.path.string(),
        fmt::format("has {} lines for the {} pictures of {}", truth.lines.size(), list.files.size(),
                    list.folder.string()),
        "unpack ILSVRC2012_img_val.tar again");
  for (const auto& [number, text] : truth.lines) {
    const auto wnid = wnids.find(number_at(truth, number, text, 1, list.classes));
    if (wnid == wnids.end())
      truth.fail_at(number, fmt::format("the id {} has no class in {}", text,
                                        map_of_ids(folder).filename().string()));
    const auto rank = std::lower_bound(classes.begin(), classes.end(), wnid->second);
    if (rank == classes.end() || *rank != wnid->second)
      truth.fail_at(number, fmt::format("train/ has no class {}", wnid->second));
    list.labels.push_back(int32_t(rank - classes.begin()));
  }
  return list;
}

std::unique_ptr<Dataset> make(SpecReader reader, Split split, const Folders& data_dirs) {
  const DataFolder data = read_options(std::move(reader));
  const fs::path folder = locate(data, data_dirs);
  const fs::path of_split = folder / name(split);
  std::error_code ignored;
  check(fs::is_directory(of_split, ignored), ErrorKind::kEnvironment, of_split.string(),
        "the folder of a split is missing", "unpack the data set again");
  const std::vector<std::string> classes = folders_in(folder / "train");
  const bool flat = split == Split::kVal && is_flat(of_split);
  PictureList list = flat ? list_flat(folder, classes) : list_class_folders(of_split);
  check(flat || folders_in(of_split) == classes, ErrorKind::kIntegrity, of_split.string(),
        "has class folders other than those of train", "unpack the data set again");
  check_counts(data, split, list, of_split);
  return pictures_of(std::move(list));
}

}  // namespace

extern const DatasetKind kImagenet = {
    .make = make,
    .locate =
        [](SpecReader options, const Folders& data_dirs) {
          return locate(read_options(std::move(options)), data_dirs);
        },
    .splits = train_and_val,
};

}  // namespace mra
