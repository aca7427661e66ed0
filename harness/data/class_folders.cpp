#include "harness/data/class_folders.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/inside.h"
#include "harness/data/decode.h"

namespace mra {
namespace {

namespace fs = std::filesystem;

class ClassFolders : public Dataset {
 public:
  explicit ClassFolders(ClassFolderList list) : list_(std::move(list)) {}

  int64_t size() const override { return int64_t(list_.files.size()); }
  int64_t classes() const override { return int64_t(list_.folders.size()); }
  int64_t label(int64_t index) const override { return list_.labels.at(size_t(index)); }
  std::string describe(int64_t index) const override { return path(index).string(); }
  void read(int64_t index, Image& image) const override { decode_file(path(index), image); }

 private:
  fs::path path(int64_t index) const {
    return list_.folders[size_t(label(index))] / list_.files[size_t(index)];
  }

  ClassFolderList list_;
};

/// Names in `folder` for which `wanted` holds, sorted by their bytes; hidden ones are left out.
template <typename Wanted>
std::vector<std::string> names_in(const fs::path& folder, Wanted wanted) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::string name = at->path().filename().string();
    if (!name.starts_with('.') && wanted(*at)) names.push_back(std::move(name));
  }
  if (error)
    fail(ErrorKind::kEnvironment, folder.string(), "cannot be listed: " + error.message(),
         "check its permissions");
  std::sort(names.begin(), names.end());
  return names;
}

bool is_folder(const fs::directory_entry& entry) {
  std::error_code ignored;
  return entry.is_directory(ignored);
}

/// By its name only what is listed is decided; what a file holds is found out when it is decoded.
bool is_picture(const fs::directory_entry& entry) {
  static constexpr std::string_view kExtensions[] = {".jpg", ".jpeg", ".png", ".bmp", ".webp",
                                                     ".tif", ".tiff", ".ppm", ".pgm", ".pbm",
                                                     ".pnm", ".gif",  ".jpe"};
  std::string extension = entry.path().extension().string();
  for (char& c : extension) c = c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
  return std::find(std::begin(kExtensions), std::end(kExtensions), extension) !=
             std::end(kExtensions) &&
         !is_folder(entry);
}

std::string joined(const std::vector<fs::path>& paths) {
  std::string text;
  for (const fs::path& path : paths) text += (text.empty() ? "" : ", ") + path.string();
  return text;
}

[[noreturn]] void fail_absent(const ClassFoldersOptions& options,
                              const std::vector<fs::path>& data_dirs) {
  std::string cure = fmt::format(
      "put the pictures as\n"
      "         DIR/{0}/{1}/<class>/<picture>\n"
      "         DIR/{0}/{2}/<class>/<picture>\n"
      "       and say --data-dir DIR, or set HARNESS_DATA=DIR",
      options.folder, options.train, options.val);
  for (const fs::path& dir : data_dirs) {
    const fs::path archive = dir / (options.folder + ".tar.gz");
    std::error_code ignored;
    if (fs::exists(archive, ignored))
      cure += fmt::format("\n       {} is there: unpack it with tar -xzf {} -C DIR",
                          archive.string(), archive.string());
  }
  fail(ErrorKind::kEnvironment, fmt::format("data set '{}'", options.name),
       data_dirs.empty() ? "not found: no data directory is named"
                         : fmt::format("not found in {}", joined(data_dirs)),
       cure);
}

void check_count(const fs::path& folder, const char* what, int64_t found, int64_t expected) {
  check(expected == 0 || found == expected, ErrorKind::kIntegrity, folder.string(),
        fmt::format("holds {} {}, expected {}", found, what, expected),
        "unpack the data set again, or change the count in its entry of datasets.json");
}

void keep_every(ClassFolderList& list, int64_t step) {
  size_t kept = 0;
  for (size_t i = 0; i < list.files.size(); i += size_t(step), ++kept) {
    if (kept == i) continue;  // moving a text onto itself may empty it
    list.files[kept] = std::move(list.files[i]);
    list.labels[kept] = list.labels[i];
  }
  list.files.resize(kept);
  list.labels.resize(kept);
}

}  // namespace

/// A folder below those of --data-dir: a spec, which anybody may have written, names no other.
static std::string read_folder(SpecReader& options, const char* key, const std::string& fallback) {
  const std::string folder = options.optional<std::string>(key, fallback);
  check(stays_inside(folder), ErrorKind::kUsage, options.where(key),
        fmt::format("'{}' leads out of the folder of data", folder),
        "name a folder inside it; the folder itself is given by --data-dir");
  return folder;
}

ClassFoldersOptions read_class_folders(SpecReader options) {
  constexpr int64_t kMost = int64_t(1) << 40;
  ClassFoldersOptions read;
  options.required<std::string>("kind");
  options.optional<std::string>("note", "");
  read.name = options.required<std::string>("name");
  read.folder = read_folder(options, "folder", read.name);
  read.train = read_folder(options, "train", "train");
  read.val = read_folder(options, "val", "val");
  read.classes = options.in_range<int64_t>("classes", 0, 0, 1 << 24);
  read.train_pictures = options.in_range<int64_t>("train_pictures", 0, 0, kMost);
  read.val_pictures = options.in_range<int64_t>("val_pictures", 0, 0, kMost);
  read.take_every = options.in_range<int64_t>("take_every", 1, 1, kMost);
  options.reject_unread_keys();
  return read;
}

ClassFolderList list_class_folders(const fs::path& split_folder) {
  ClassFolderList list;
  for (const std::string& name : names_in(split_folder, is_folder)) {
    const fs::path folder = split_folder / name;
    std::vector<std::string> files = names_in(folder, is_picture);
    check(!files.empty(), ErrorKind::kIntegrity, folder.string(), "a class folder without pictures",
          "put pictures of this class into it, or remove the folder");
    list.labels.insert(list.labels.end(), files.size(), int32_t(list.folders.size()));
    std::move(files.begin(), files.end(), std::back_inserter(list.files));
    list.folders.push_back(folder);
  }
  check(!list.folders.empty(), ErrorKind::kIntegrity, split_folder.string(),
        "holds no class folder", "put the pictures of each class into a folder of its own");
  return list;
}

std::optional<fs::path> find_class_folders(const ClassFoldersOptions& options,
                                           const std::vector<fs::path>& data_dirs) {
  for (const fs::path& dir : data_dirs) {
    std::error_code ignored;
    if (fs::is_directory(dir / options.folder, ignored)) return dir / options.folder;
  }
  return std::nullopt;
}

std::unique_ptr<Dataset> make_class_folders(SpecReader reader, Split split,
                                            const std::vector<fs::path>& data_dirs) {
  const ClassFoldersOptions options = read_class_folders(std::move(reader));
  const std::optional<fs::path> found = find_class_folders(options, data_dirs);
  if (!found) fail_absent(options, data_dirs);
  const bool training = split == Split::kTrain;
  const fs::path folder = *found / (training ? options.train : options.val);
  std::error_code ignored;
  check(fs::is_directory(folder, ignored), ErrorKind::kEnvironment, folder.string(),
        "the folder of a split is missing",
        "unpack the data set again, or name the split's folder");
  ClassFolderList list = list_class_folders(folder);
  check_count(folder, "class folders", int64_t(list.folders.size()), options.classes);
  check_count(folder, "pictures", int64_t(list.files.size()),
              training ? options.train_pictures : options.val_pictures);
  if (training) keep_every(list, options.take_every);
  return std::make_unique<ClassFolders>(std::move(list));
}

}  // namespace mra
