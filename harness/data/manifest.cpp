#include "harness/data/manifest.h"

#include <fmt/format.h>

#include "harness/base/hash.h"
#include "harness/data/dataset.h"

namespace mra {

namespace fs = std::filesystem;

namespace {

/// SHA-256 of a text of any length that comes in lines; each full buffer is folded into a digest.
class LineHash {
 public:
  void add(const std::string& line) {
    text_ += line;
    text_ += '\n';
    if (text_.size() > kBuffer_bytes) fold();
  }
  std::string digest() {
    fold();
    return text_;
  }

 private:
  static constexpr size_t kBuffer_bytes = size_t{1} << 20;
  void fold() { text_ = sha256(text_); }

  std::string text_ = "mra-harness/data-manifest/v1\n";
};

/// Sizes of files, the last one kept: many pictures may lie in one file, "train.bin[17]".
class FileSizes {
 public:
  /// "-" for what is drawn and not in a file.
  const std::string& of(const std::string& picture) {
    const size_t bracket = picture.ends_with(']') ? picture.rfind('[') : std::string::npos;
    const std::string path = picture.substr(0, bracket);
    if (path == path_) return size_;
    path_ = path;
    std::error_code error;
    const auto bytes = fs::file_size(path, error);
    return size_ = error ? "-" : fmt::format("{}", bytes);
  }

 private:
  std::string path_, size_ = "-";
};

/// A picture's name without the data directory it was found in: that may be another elsewhere.
std::string below(const std::vector<fs::path>& data_dirs, const std::string& picture) {
  for (const fs::path& dir : data_dirs) {
    const std::string prefix = (dir / "").string();
    if (picture.starts_with(prefix)) return picture.substr(prefix.size());
  }
  return picture;
}

}  // namespace

DataManifest data_manifest(const Json& dataset, const std::vector<fs::path>& data_dirs) {
  DataManifest manifest;
  LineHash hash;
  FileSizes sizes;
  hash.add(dataset.dump());
  for (const Split split : {Split::kTrain, Split::kVal}) {
    const auto pictures =
        make_dataset(SpecReader(dataset, "spec.json", "/dataset"), split, data_dirs);
    (split == Split::kTrain ? manifest.train_pictures : manifest.val_pictures) = pictures->size();
    hash.add(fmt::format("split of {} pictures", pictures->size()));
    for (int64_t i = 0; i < pictures->size(); ++i) {
      const std::string name = pictures->describe(i);
      hash.add(
          fmt::format("{}\t{}\t{}", below(data_dirs, name), sizes.of(name), pictures->label(i)));
    }
  }
  manifest.sha256 = hash.digest();
  return manifest;
}

}  // namespace mra
