#include <tuple>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/data/data_folder.h"
#include "harness/data/dataset_kind.h"
#include "harness/data/decode.h"
#include "harness/data/pack_file.h"

// A data set whose pictures lie in one file, as `harness data pack` makes it.
namespace mra {
namespace {

namespace fs = std::filesystem;

class PackedPictures : public Dataset {
 public:
  PackedPictures(const fs::path& path, Split split) : path_(path), pack_(path) {
    std::tie(first_, size_) = pack_.range(split);
  }

  int64_t size() const override { return size_; }
  int64_t classes() const override { return pack_.classes(); }
  int64_t label(int64_t index) const override { return pack_.picture(first_ + index).label; }
  std::string describe(int64_t index) const override {
    return fmt::format("{}[{}]", path_.string(), first_ + index);
  }
  void read(int64_t index, Image& image) const override {
    decode(checked(index), describe(index), image);
  }
  void read_part(int64_t index, WantedPart& part, Image& image) const override {
    decode_part(checked(index), describe(index), part, image);
  }

 private:
  std::string_view checked(int64_t index) const {
    const PackFile::Picture picture = pack_.picture(first_ + index);
    check(crc32_of(picture.bytes) == picture.crc32, ErrorKind::kIntegrity, describe(index),
          "has another checksum than when it was packed",
          "remove the file and make it again with harness data pack");
    return picture.bytes;
  }

  fs::path path_;
  PackFile pack_;
  int64_t first_ = 0, size_ = 0;
};

struct Options {
  DataFolder data;
  std::vector<Split> splits;
};

std::vector<Split> read_splits(const std::vector<std::string>& names, const std::string& where) {
  std::vector<Split> splits;
  for (const std::string& wanted : names) {
    bool found = false;
    for (const Split split : {Split::kTrain, Split::kVal, Split::kTest, Split::kUnlabelled,
                              Split::kBase, Split::kNovel})
      if (wanted == name(split)) {
        splits.push_back(split);
        found = true;
      }
    check(found, ErrorKind::kUsage, where, fmt::format("unknown split '{}'", wanted),
          "copy the entry that harness data pack wrote");
  }
  check(!splits.empty(), ErrorKind::kUsage, where, "names no split",
        "copy the entry that harness data pack wrote");
  return splits;
}

Options read_options(SpecReader reader) {
  Options options;
  options.data = read_data_folder(reader);
  const auto names = reader.optional<std::vector<std::string>>("splits", {"train", "val"});
  options.splits = read_splits(names, reader.where("splits"));
  reader.reject_unread_keys();
  return options;
}

fs::path locate(const Options& options, const Folders& data_dirs) {
  return locate_folder(options.data, data_dirs, {kPackName});
}

std::unique_ptr<Dataset> make(SpecReader reader, Split split, const Folders& data_dirs) {
  const Options options = read_options(std::move(reader));
  const fs::path path = locate(options, data_dirs) / kPackName;
  auto pictures = std::make_unique<PackedPictures>(path, split);
  check_counts(options.data, split, pictures->classes(), pictures->size(), path);
  return pictures;
}

}  // namespace

extern const DatasetKind kPacked = {
    .make = make,
    .locate =
        [](SpecReader options, const Folders& data_dirs) {
          return locate(read_options(std::move(options)), data_dirs);
        },
    .splits =
        [](const Json& options) {
          return read_options(SpecReader(options, "datasets.json")).splits;
        },
};

}  // namespace mra
