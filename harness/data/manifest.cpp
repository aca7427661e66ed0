#include "harness/data/manifest.h"

#include <cerrno>

#include <fmt/format.h>
#include <sys/stat.h>

#include "harness/base/disk.h"
#include "harness/base/hash.h"
#include "harness/data/dataset.h"

namespace mra {

namespace fs = std::filesystem;

namespace {

/// Computes a SHA-256 over lines of any total length. Each full buffer is replaced by its digest.
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

  std::string text_ = "mra-harness/data-manifest/v2\n";
};

/// Describes files. Remembers the last one, as many pictures may be in one file ("train.bin[17]").
template <typename Describe>
class FileTexts {
 public:
  explicit FileTexts(Describe describe) : describe_(std::move(describe)) {}

  /// Returns "-" for a picture that is drawn by the program instead of read from a file.
  const std::string& of(const std::string& picture) {
    const size_t bracket = picture.ends_with(']') ? picture.rfind('[') : std::string::npos;
    const std::string path = picture.substr(0, bracket);
    if (path == path_) return text_;
    path_ = path;
    return text_ = bracket != std::string::npos && !fs::exists(path) ? "-" : describe_(path);
  }

 private:
  Describe describe_;
  std::string path_, text_ = "-";
};

/// Returns a picture's name without its data directory, which may differ between machines.
std::string below(const std::vector<fs::path>& data_dirs, const std::string& picture) {
  for (const fs::path& dir : data_dirs) {
    const std::string prefix = (dir / "").string();
    if (picture.starts_with(prefix)) return picture.substr(prefix.size());
  }
  return picture;
}

/// Computes the manifest. `describe` returns the text for a file.
template <typename Describe>
DataManifest manifest_of(const Json& dataset, const std::vector<fs::path>& data_dirs,
                         Describe describe) {
  DataManifest manifest;
  LineHash hash;
  FileTexts files(std::move(describe));
  hash.add(dataset.dump());
  for (const Split split : splits_of(dataset)) {
    const auto pictures =
        make_dataset(SpecReader(dataset, "spec.json", "/dataset"), split, data_dirs);
    manifest.pictures[split] = pictures->size();
    hash.add(fmt::format("split of {} pictures", pictures->size()));
    for (int64_t i = 0; i < pictures->size(); ++i) {
      const std::string name = pictures->describe(i);
      hash.add(
          fmt::format("{}\t{}\t{}", below(data_dirs, name), files.of(name), pictures->label(i)));
    }
  }
  manifest.sha256 = hash.digest();
  return manifest;
}

int64_t in_ns(const timespec& time) {
  return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

DataManifest data_manifest(const Json& dataset, const std::vector<fs::path>& data_dirs) {
  return manifest_of(dataset, data_dirs, [](const std::string& path) {
    return fmt::format("{}\t{}", fs::file_size(path), sha256_file(path));
  });
}

FileStamp file_stamp(const fs::path& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) fail_io(path, "cannot be read", errno);
  const int64_t changed_ns = in_ns(facts.st_ctim);  // unlike mtime, this cannot be set back
  return {fmt::format("{} {} {} {}", facts.st_size, in_ns(facts.st_mtim), changed_ns, facts.st_ino),
          int64_t{facts.st_size}, changed_ns};
}

FileStamp data_stamp(const Json& dataset, const std::vector<fs::path>& data_dirs) {
  FileStamp all;
  const auto manifest = manifest_of(dataset, data_dirs, [&](const std::string& path) {
    FileStamp one = file_stamp(path);
    all.bytes += one.bytes;
    all.changed_ns = std::max(all.changed_ns, one.changed_ns);
    return std::move(one.text);
  });
  all.text = manifest.sha256;
  return all;
}

}  // namespace mra
