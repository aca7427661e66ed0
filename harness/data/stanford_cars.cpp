#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/data/data_folder.h"
#include "harness/data/dataset_kind.h"
#include "harness/data/mat_table.h"
#include "harness/data/text_list.h"

// Stanford Cars as its mirrors offer it: with the MAT files of the devkit, with CSV files, or with
// a folder for each class. The split val has its test pictures.
namespace mra {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kMostClasses = 1 << 24;

DataFolder read_options(SpecReader reader) {
  DataFolder data = read_data_folder(reader);
  reader.reject_unread_keys();
  return data;
}

/// Lists the places where the annotations of a split may be. The first that exists is used.
std::vector<fs::path> annotation_places(const fs::path& folder, Split split) {
  const bool training = split == Split::kTrain;
  const std::string mat = training ? "cars_train_annos.mat" : "cars_test_annos_withlabels.mat";
  const std::string side = training ? "train" : "test";
  std::vector<fs::path> places;
  for (const std::string& name : {mat, "anno_" + side + ".csv", "cars_" + side + "_annos.csv"})
    for (const fs::path& where : {folder / "devkit", folder}) places.push_back(where / name);
  places.push_back(folder / side);  // a folder for each class
  return places;
}

/// Finds the annotations of a split. Throws kEnvironment, saying what to get, if there are none.
fs::path annotations(const fs::path& folder, Split split) {
  std::error_code ignored;
  for (const fs::path& place : annotation_places(folder, split))
    if (fs::exists(place, ignored)) return place;
  const fs::path unlabelled = folder / "devkit/cars_test_annos.mat";
  const bool training = split == Split::kTrain;
  if (!training && fs::exists(unlabelled, ignored))
    fail(ErrorKind::kEnvironment, unlabelled.string(),
         "the test annotations as first released have no classes",
         "get cars_test_annos_withlabels.mat (MD5 b0a2b23655a3edd16d84508592a98d10) and put it "
         "into " +
             folder.string());
  fail(ErrorKind::kEnvironment, folder.string(),
       fmt::format("has no annotations of the {} pictures", training ? "training" : "test"),
       training
           ? "put devkit/cars_train_annos.mat, anno_train.csv or train/<class>/<picture> there"
           : "put cars_test_annos_withlabels.mat, anno_test.csv or test/<class>/<picture> there");
}

fs::path locate(const DataFolder& data, const Folders& data_dirs) {
  const fs::path folder =
      locate_folder(data, data_dirs,
                    {"cars_train/<picture>", "cars_test/<picture>", "devkit/<cars_train_annos.mat>",
                     "<cars_test_annos_withlabels.mat>"});
  for (const Split split : {Split::kTrain, Split::kVal}) annotations(folder, split);
  return folder;
}

void read_mat(const fs::path& path, ListedSplit& split) {
  split.list.path = path;
  int64_t row = 0;
  for (const auto& values : read_mat_structs(path, "annotations", {"class", "fname"})) {
    ++row;
    split.add(row, values[1], number_at(split.list, row, values[0], 1, kMostClasses) - 1);
  }
}

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> cells(1);
  for (const char c : line) {
    if (c == ',')
      cells.emplace_back();
    else if (c != '"')
      cells.back() += c;
  }
  return cells;
}

/// Returns the position of the column `name` in `header`; nothing if there is none.
std::optional<size_t> column(const std::vector<std::string>& header, const std::string& name) {
  const auto found = std::find(header.begin(), header.end(), name);
  if (found == header.end()) return std::nullopt;
  return size_t(found - header.begin());
}

/// Reads a CSV file. Columns without a header: file name, four numbers of a box, class.
void read_csv(const fs::path& path, ListedSplit& split) {
  split.list = read_text_list(path);
  size_t name_at = 0, class_at = 5;
  const int64_t first = split.list.lines.front().number;
  const auto header = cells(split.list.lines.front().text);
  const auto named = column(header, "fname");
  if (named) {
    const auto labelled = column(header, "class");
    if (!labelled)
      split.list.fail_at(first, "has no column 'class'",
                         "get the annotations with classes: cars_test_annos_withlabels.mat");
    name_at = *named;
    class_at = *labelled;
  }
  for (const auto& [number, text] : split.list.lines) {
    if (named && number == first) continue;
    const auto values = cells(text);
    if (values.size() <= std::max(name_at, class_at))
      split.list.fail_at(number, fmt::format("has {} values: the class is missing", values.size()));
    split.add(number, values[name_at],
              number_at(split.list, number, values[class_at], 1, kMostClasses) - 1);
  }
}

PictureList read_side(const DataFolder& data, const fs::path& folder, Split split) {
  const fs::path found = annotations(folder, split);
  std::error_code ignored;
  if (fs::is_directory(found, ignored)) return list_class_folders(found);
  ListedSplit side;
  side.pictures.folder = folder / (split == Split::kTrain ? "cars_train" : "cars_test");
  found.extension() == ".mat" ? read_mat(found, side) : read_csv(found, side);
  const auto& labels = side.pictures.labels;
  const auto highest = std::max_element(labels.begin(), labels.end());
  if (highest != labels.end()) side.pictures.classes = *highest + 1;
  check_paths(side);
  check_counts(data, split, side.pictures, found);
  check_files(side);
  return std::move(side.pictures);
}

std::unique_ptr<Dataset> make(SpecReader reader, Split split, const Folders& data_dirs) {
  const DataFolder data = read_options(std::move(reader));
  const fs::path folder = locate(data, data_dirs);
  PictureList list = read_side(data, folder, split);
  check_counts(data, split, list, folder);
  return pictures_of(std::move(list));
}

}  // namespace

extern const DatasetKind kStanfordCars = {
    .make = make,
    .locate =
        [](SpecReader options, const Folders& data_dirs) {
          return locate(read_options(std::move(options)), data_dirs);
        },
    .splits = train_and_val,
};

}  // namespace mra
