#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/inside.h"
#include "harness/data/data_folder.h"
#include "harness/data/dataset_kind.h"
#include "harness/data/text_list.h"
#include "harness/spec/inherit.h"

// miniImageNet (Vinyals et al. 2016), split by Ravi and Larochelle (2017): train.csv, val.csv
// and test.csv have lines "n0153282900000005.jpg,n01532829". "layout" says where the pictures are:
//   "ilsvrc"  FOLDER/train/<wnid>/<wnid>_<k>.JPEG. The 8 digits of a listed name are not a file
//             number: they count the files of the class folder, sorted by k, from 1.
//   "named"   FOLDER/images, with files named as in the lists; the picture format may differ.
//   "json"    base.json, val.json and novel.json in place of the lists (CloserLookFewShot):
//             {"image_names": […], "image_labels": […]}, with paths to the pictures in FOLDER.
// With "val" 0 the classes of val.csv belong to the base, as in this paper (80 and 20 classes).
namespace mra {
namespace {

namespace fs = std::filesystem;

constexpr size_t kWnidLength = 9;

struct Options {
  DataFolder data;
  std::string layout, lists;  ///< `lists`: folder of the lists, in one of the data directories
  std::map<Split, int64_t> classes;
  int64_t of_class = 0;  ///< pictures per class
};

Options read_options(SpecReader reader) {
  constexpr int64_t kMost = 1 << 24;
  Options options;
  options.data = read_data_folder(reader);
  options.layout = reader.one_of("layout", "named", {"ilsvrc", "named", "json"});
  options.lists = read_inner_path(reader, "lists", options.data.folder);
  options.classes[Split::kBase] = reader.in_range<int64_t>("base", 64, 1, kMost);
  options.classes[Split::kVal] = reader.in_range<int64_t>("val", 16, 0, kMost);
  options.classes[Split::kNovel] = reader.in_range<int64_t>("novel", 20, 1, kMost);
  options.of_class = reader.in_range<int64_t>("of_class", 600, 1, kMost);
  reader.reject_unread_keys();
  return options;
}

bool has_val(const Options& options) {
  return options.classes.at(Split::kVal) > 0;
}

std::vector<std::string> lists_of(const Options& options, Split split) {
  const bool json = options.layout == "json";
  const std::string base = json ? "base.json" : "train.csv";
  const std::string val = json ? "val.json" : "val.csv";
  if (split == Split::kNovel) return {json ? "novel.json" : "test.csv"};
  if (split == Split::kVal) return {val};
  return has_val(options) ? std::vector{base} : std::vector{base, val};
}

fs::path locate(const Options& options, const Folders& data_dirs) {
  const std::map<std::string, std::string> kPictures = {
      {"ilsvrc", "train/<wnid>/<wnid>_<k>.JPEG"}, {"named", "images/<name>"}, {"json", "<path>"}};
  return locate_folder(options.data, data_dirs, {kPictures.at(options.layout)});
}

fs::path locate_lists(const Options& options, const Folders& data_dirs) {
  std::vector<std::string> files;
  for (const Split split : {Split::kBase, Split::kVal, Split::kNovel})
    if (split != Split::kVal || has_val(options))
      for (const std::string& file : lists_of(options, split)) files.push_back(file);
  DataFolder folder = options.data;
  folder.folder = options.lists;
  return locate_folder(folder, data_dirs, files);
}

/// One line of a list.
struct Row {
  std::string where;  ///< "train.csv:17", for messages
  std::string name, label;
};

[[noreturn]] void fail_row(const Row& row, const std::string& what,
                           const std::string& cure = "use the list as published") {
  fail(ErrorKind::kIntegrity, row.where, what, cure);
}

std::vector<Row> read_csv(const fs::path& path) {
  const TextList list = read_text_list(path);
  std::vector<Row> rows;
  for (const auto& [number, text] : list.lines) {
    if (number == 1 && text == "filename,label") continue;
    const size_t comma = text.find(',');
    if (comma == std::string::npos)
      list.fail_at(number, "expected a file's name, a comma, a label");
    Row row{list.where(number), text.substr(0, comma), text.substr(comma + 1)};
    if (!is_file_name(row.name))
      fail_row(row, fmt::format("'{}' is not a plain file name", row.name));
    if (!row.name.starts_with(row.label) || row.label.size() != kWnidLength)
      fail_row(row, fmt::format("'{}' is not a picture of class '{}'", row.name, row.label));
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<Row> read_json_list(const fs::path& path) {
  SpecReader reader(read_json_file(path), path.string());
  const auto names = reader.required<std::vector<std::string>>("image_names");
  const auto labels = reader.required<std::vector<int64_t>>("image_labels");
  check(names.size() == labels.size(), ErrorKind::kIntegrity, path.string(),
        fmt::format("holds {} names and {} labels", names.size(), labels.size()),
        "write the list again");
  std::vector<Row> rows;
  for (size_t i = 0; i < names.size(); ++i)
    rows.push_back({fmt::format("{}: /image_names/{}", path.string(), i), names[i],
                    std::to_string(labels[i])});
  return rows;
}

std::vector<Row> rows_of(const Options& options, Split split, const fs::path& lists) {
  std::vector<Row> rows;
  for (const std::string& file : lists_of(options, split)) {
    auto more = options.layout == "json" ? read_json_list(lists / file) : read_csv(lists / file);
    std::move(more.begin(), more.end(), std::back_inserter(rows));
  }
  return rows;
}

/// Finds the file of a row. Returns its path below the folder of the data set.
class Files {
 public:
  Files(std::string layout, fs::path folder)
      : layout_(std::move(layout)), folder_(std::move(folder)) {
    if (layout_ != "named") return;
    for (std::string& file : pictures_in(folder_ / "images"))
      by_stem_.emplace(fs::path(file).stem().string(), file);
  }

  std::string of(const Row& row) {
    if (layout_ == "ilsvrc") return by_rank(row);
    if (layout_ == "json") return by_path(row);
    const auto found = by_stem_.find(fs::path(row.name).stem().string());
    if (found == by_stem_.end())
      fail_row(row, fmt::format("{} does not exist", (folder_ / "images" / row.name).string()),
               "put the picture there, or unpack the data set again");
    return "images/" + found->second;
  }

 private:
  std::string by_rank(const Row& row) {
    const std::string digits = fs::path(row.name).stem().string().substr(kWnidLength);
    int64_t rank = 0;
    const char* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, rank);
    if (error != std::errc() || stop != end || rank < 1)
      fail_row(row, fmt::format("the name '{}' does not end in a number of 1 or more", row.name));
    const auto& files = ranked(row);
    if (rank > int64_t(files.size()))
      fail_row(row,
               fmt::format("asks for picture {} of class {}, but {} holds only {}", rank, row.label,
                           (folder_ / "train" / row.label).string(), files.size()),
               "unpack the class of ILSVRC again: no picture may be missing, as they are numbered "
               "in order");
    return "train/" + row.label + "/" + files[size_t(rank - 1)];
  }

  /// Returns the files of a class, sorted by the number behind the last underscore.
  const std::vector<std::string>& ranked(const Row& row) {
    auto& files = by_class_[row.label];
    if (!files.empty()) return files;
    std::error_code ignored;
    if (!fs::is_directory(folder_ / "train" / row.label, ignored))
      fail_row(row, fmt::format("{} does not exist", (folder_ / "train" / row.label).string()),
               "unpack the class of ILSVRC");
    std::vector<std::pair<int64_t, std::string>> numbered;
    for (const std::string& file : pictures_in(folder_ / "train" / row.label)) {
      int64_t number = 0;
      const char* digits = file.data() + file.rfind('_') + 1;
      std::from_chars(digits, file.data() + file.size(), number);
      numbered.emplace_back(number, file);
    }
    std::sort(numbered.begin(), numbered.end());
    for (auto& [number, file] : numbered) files.push_back(std::move(file));
    return files;
  }

  std::string by_path(const Row& row) const {
    const std::string path = fs::path(row.name).is_absolute()
                                 ? fs::path(row.name).lexically_relative(folder_).string()
                                 : row.name;
    if (!stays_inside(path))
      fail_row(row, fmt::format("'{}' leads out of {}", row.name, folder_.string()),
               "write the list again, with paths below that folder");
    std::error_code ignored;
    if (!fs::is_regular_file(folder_ / path, ignored))
      fail_row(row, fmt::format("{} does not exist", (folder_ / path).string()),
               "put the picture there, or write the list again");
    return path;
  }

  std::string layout_;
  fs::path folder_;
  std::map<std::string, std::string> by_stem_;                ///< "named"
  std::map<std::string, std::vector<std::string>> by_class_;  ///< "ilsvrc"
};

/// Checks that no class is in two splits: novel classes must be new.
void check_apart(const Options& options, const fs::path& lists) {
  std::map<std::string, std::pair<Split, std::string>> seen;  // label -> split, first row
  for (const Split split : {Split::kBase, Split::kVal, Split::kNovel}) {
    if (split == Split::kVal && !has_val(options)) continue;
    for (const Row& row : rows_of(options, split, lists)) {
      const auto [first, is_new] = seen.insert({row.label, {split, row.where}});
      if (!is_new && first->second.first != split)
        fail_row(row, fmt::format("class {} is in {}, too", row.label, first->second.second),
                 "use the lists as published: a class belongs to one of base, val and novel");
    }
  }
}

void check_counts_of(const Options& options, Split split, const PictureList& list,
                     const std::string& where) {
  const std::string cure =
      "use the list as published, or change the counts in the data set's entry";
  check(list.classes == options.classes.at(split), ErrorKind::kIntegrity, where,
        fmt::format("holds {} classes, expected {}", list.classes, options.classes.at(split)),
        cure);
  std::vector<int64_t> counts(size_t(list.classes));
  for (const int32_t label : list.labels) ++counts[size_t(label)];
  for (size_t label = 0; label < counts.size(); ++label)
    check(counts[label] == options.of_class, ErrorKind::kIntegrity, where,
          fmt::format("holds {} pictures of class {}, expected {}", counts[label], label,
                      options.of_class),
          cure);
}

std::unique_ptr<Dataset> make(SpecReader reader, Split split, const Folders& data_dirs) {
  const Options options = read_options(std::move(reader));
  const fs::path lists = locate_lists(options, data_dirs);
  check_apart(options, lists);
  Files files(options.layout, locate(options, data_dirs));
  PictureList list;
  list.folder = locate(options, data_dirs);
  std::map<std::string, int32_t> labels;  // numbered by first appearance
  std::map<std::string, std::string> listed;
  for (const Row& row : rows_of(options, split, lists)) {
    list.files.push_back(files.of(row));
    list.labels.push_back(labels.insert({row.label, int32_t(labels.size())}).first->second);
    const auto [first, is_new] = listed.insert({row.name, row.where});
    if (!is_new) fail_row(row, fmt::format("{} is in {}, too", row.name, first->second));
  }
  list.classes = int64_t(labels.size());
  check_counts_of(options, split, list, (lists / lists_of(options, split).front()).string());
  return pictures_of(std::move(list));
}

}  // namespace

extern const DatasetKind kMiniimagenet = {
    .make = make,
    .locate =
        [](SpecReader reader, const Folders& data_dirs) {
          const Options options = read_options(std::move(reader));
          locate_lists(options, data_dirs);
          return locate(options, data_dirs);
        },
    .splits = [](const Json& options) { return base_and_novel(options.value("val", 16) > 0); },
};

}  // namespace mra
