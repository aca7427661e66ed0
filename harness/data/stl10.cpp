#include <sstream>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/mapped_file.h"
#include "harness/data/data_folder.h"
#include "harness/data/dataset_kind.h"
#include "harness/data/subset.h"

// STL-10 (Coates et al. 2011) in its binary files. The training split has the labelled pictures, or
// one of the ten official folds of them. The unlabelled split has the unlabelled pictures, then the
// labelled ones.
namespace mra {
namespace {

namespace fs = std::filesystem;

constexpr int kSide_px = 96, kPlane = kSide_px * kSide_px, kClasses = 10;
constexpr size_t kPictureBytes = 3 * kPlane;
constexpr const char* kCure = "unpack stl10_binary.tar.gz again";

/// The pictures of one file: planes of red, green and blue, stored column by column.
class PictureFile {
 public:
  explicit PictureFile(const fs::path& path) : path_(path), file_(path) {
    const size_t over = file_.bytes().size() % kPictureBytes;
    check(over == 0, ErrorKind::kIntegrity, path.string(),
          fmt::format("does not hold whole pictures: {} bytes are {} more "
                      "than a multiple of {}",
                      file_.bytes().size(), over, kPictureBytes),
          kCure);
  }

  int64_t size() const { return int64_t(file_.bytes().size() / kPictureBytes); }
  std::string describe(int64_t index) const { return fmt::format("{}[{}]", path_.string(), index); }

  void read(int64_t index, Image& image) const {
    image.resize(kSide_px, kSide_px);
    const std::byte* from = file_.bytes().data() + size_t(index) * kPictureBytes;
    for (int y = 0; y < kSide_px; ++y)
      for (int x = 0; x < kSide_px; ++x)
        for (int c = 0; c < 3; ++c)
          image.row(y)[3 * x + c] = uint8_t(from[c * kPlane + x * kSide_px + y]);
  }

 private:
  fs::path path_;
  MappedFile file_;
};

/// Reads the labels of a file, one byte each from 1, and returns them from 0.
std::vector<int32_t> read_labels(const fs::path& path, int64_t pictures) {
  const std::string bytes = read_file(path);
  check(int64_t(bytes.size()) == pictures, ErrorKind::kIntegrity, path.string(),
        fmt::format("holds {} labels for {} pictures", bytes.size(), pictures), kCure);
  std::vector<int32_t> labels;
  for (const char byte : bytes) {
    const int label = uint8_t(byte);
    check(label >= 1 && label <= kClasses, ErrorKind::kIntegrity,
          fmt::format("{}[{}]", path.string(), labels.size()),
          fmt::format("has the label {}; labels go from 1 to {}", label, kClasses), kCure);
    labels.push_back(label - 1);
  }
  return labels;
}

/// The pictures of one or two files, joined.
class Stl10 : public Dataset {
 public:
  /// Adds PART_X.bin with the labels in PART_y.bin, or with unknown labels.
  void add(const fs::path& folder, const std::string& part, bool labelled) {
    const auto& file =
        files_.emplace_back(std::make_unique<PictureFile>(folder / (part + "_X.bin")));
    const auto labels = labelled ? read_labels(folder / (part + "_y.bin"), file->size())
                                 : std::vector<int32_t>(size_t(file->size()), kNoLabel);
    labels_.insert(labels_.end(), labels.begin(), labels.end());
  }

  int64_t size() const override { return int64_t(labels_.size()); }
  int64_t classes() const override { return kClasses; }
  int64_t label(int64_t index) const override { return labels_.at(size_t(index)); }
  void read(int64_t index, Image& image) const override {
    const auto [file, at] = place(index);
    file->read(at, image);
  }
  std::string describe(int64_t index) const override {
    const auto [file, at] = place(index);
    return file->describe(at);
  }
  const std::vector<int32_t>& labels() const { return labels_; }

 private:
  std::pair<const PictureFile*, int64_t> place(int64_t index) const {
    const int64_t first = files_.front()->size();
    return index < first ? std::pair(files_.front().get(), index)
                         : std::pair(files_.back().get(), index - first);
  }

  std::vector<std::unique_ptr<PictureFile>> files_;
  std::vector<int32_t> labels_;
};

/// Returns the pictures of a fold, from a line of numbers that begin at 0.
Choice read_fold(const fs::path& path, int64_t fold, const std::vector<int32_t>& labels) {
  std::istringstream lines(read_file(path));
  std::string line;
  for (int64_t i = 0; i <= fold; ++i)
    check(bool(std::getline(lines, line)), ErrorKind::kIntegrity, path.string(),
          fmt::format("has no line {} for fold {}", fold + 1, fold), kCure);
  Choice choice;
  choice.classes = kClasses;
  std::istringstream numbers(line);
  for (int64_t index = 0; numbers >> index;) {
    check(index >= 0 && index < int64_t(labels.size()), ErrorKind::kIntegrity, path.string(),
          fmt::format("fold {} asks for picture {}, but there are {} pictures", fold, index,
                      labels.size()),
          kCure);
    choice.indices.push_back(index);
    choice.labels.push_back(labels[size_t(index)]);
  }
  check(numbers.eof() && !choice.indices.empty(), ErrorKind::kIntegrity, path.string(),
        fmt::format("the line of fold {} is not a list of whole numbers", fold), kCure);
  return choice;
}

struct Options {
  DataFolder data;
  int64_t fold = -1;  ///< −1: all labelled pictures
};

Options read_options(SpecReader reader) {
  Options options;
  options.data = read_data_folder(reader);
  options.data.pictures[Split::kUnlabelled] =
      reader.in_range<int64_t>("unlabelled_pictures", 0, 0, int64_t(1) << 40);
  options.fold = reader.in_range<int64_t>("fold", -1, -1, 9);
  reader.reject_unread_keys();
  return options;
}

fs::path locate(const Options& options, const Folders& data_dirs) {
  return locate_folder(
      options.data, data_dirs,
      {"train_X.bin", "train_y.bin", "test_X.bin", "test_y.bin", "unlabeled_X.bin"});
}

std::unique_ptr<Dataset> make(SpecReader reader, Split split, const Folders& data_dirs) {
  const Options options = read_options(std::move(reader));
  const fs::path folder = locate(options, data_dirs);
  auto pictures = std::make_unique<Stl10>();
  if (split == Split::kUnlabelled) pictures->add(folder, "unlabeled", /*labelled=*/false);
  const bool judged = split == Split::kVal || split == Split::kTest;
  pictures->add(folder, judged ? "test" : "train", /*labelled=*/true);
  check_counts(options.data, split, kClasses, pictures->size(), folder);
  if (split != Split::kTrain || options.fold < 0) return pictures;
  Choice fold = read_fold(folder / "fold_indices.txt", options.fold, pictures->labels());
  return subset_of(std::move(pictures), std::move(fold));
}

}  // namespace

extern const DatasetKind kStl10 = {
    .make = make,
    .locate =
        [](SpecReader options, const Folders& data_dirs) {
          return locate(read_options(std::move(options)), data_dirs);
        },
    .splits = [](const Json&) -> std::vector<Split> {
      return {Split::kTrain, Split::kVal, Split::kTest, Split::kUnlabelled};
    },
};

}  // namespace mra
