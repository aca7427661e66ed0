#include "harness/data/picture_list.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/data/decode.h"
#include "harness/data/picture_warnings.h"

namespace mra {
namespace {

namespace fs = std::filesystem;

class ListedPictures : public Dataset {
 public:
  explicit ListedPictures(PictureList list) : list_(std::move(list)) {}

  int64_t size() const override { return int64_t(list_.files.size()); }
  int64_t classes() const override { return list_.classes; }
  int64_t label(int64_t index) const override { return list_.labels.at(size_t(index)); }
  std::string describe(int64_t index) const override { return path(index).string(); }
  void read(int64_t index, Image& image) const override {
    warnings_.tell_once(path(index).string(), decode_file(path(index), image));
  }
  void read_part(int64_t index, WantedPart& part, Image& image) const override {
    warnings_.tell_once(path(index).string(), decode_file_part(path(index), part, image));
  }

 private:
  fs::path path(int64_t index) const { return list_.folder / list_.files.at(size_t(index)); }

  PictureList list_;
  mutable PictureWarnings warnings_;
};

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

/// Decides by the extension whether to list a file. Its format is found out when it is decoded.
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

}  // namespace

std::unique_ptr<Dataset> pictures_of(PictureList list) {
  return std::make_unique<ListedPictures>(std::move(list));
}

std::vector<std::string> folders_in(const fs::path& folder) {
  return names_in(folder, is_folder);
}

std::vector<std::string> pictures_in(const fs::path& folder) {
  return names_in(folder, is_picture);
}

/// Adds `name`, a folder in `folder`, and all folders below it. `above`: where the way to it leads.
static void add_folders(const fs::path& folder, const std::string& name,
                        std::vector<fs::path> above, std::vector<std::string>& found) {
  const fs::path place = fs::canonical(folder / name);
  check(std::find(above.begin(), above.end(), place) == above.end(), ErrorKind::kIntegrity,
        (folder / name).string(), "is a link to a folder that holds it", "remove the link");
  above.push_back(place);
  found.push_back(name);
  for (const std::string& below : folders_in(folder / name))
    add_folders(folder, name + "/" + below, above, found);
}

/// Pictures of a class at any depth, as torchvision's ImageFolder lists them: by the name of the
/// whole folder, then of the file.
static std::vector<std::string> pictures_of_class(const fs::path& folder, const std::string& name) {
  std::vector<std::string> folders, files;
  add_folders(folder, name, {}, folders);
  std::sort(folders.begin(), folders.end());
  for (const std::string& each : folders)
    for (const std::string& file : pictures_in(folder / each)) files.push_back(each + "/" + file);
  return files;
}

PictureList list_class_folders(const fs::path& folder) {
  PictureList list;
  list.folder = folder;
  for (const std::string& name : folders_in(folder)) {
    const std::vector<std::string> files = pictures_of_class(folder, name);
    check(!files.empty(), ErrorKind::kIntegrity, (folder / name).string(),
          "a class folder without pictures",
          "put pictures of this class into it, or remove the folder");
    list.labels.insert(list.labels.end(), files.size(), int32_t(list.classes++));
    list.files.insert(list.files.end(), files.begin(), files.end());
  }
  check(list.classes > 0, ErrorKind::kIntegrity, folder.string(), "holds no class folder",
        "put the pictures of each class into a folder of its own");
  return list;
}

}  // namespace mra
