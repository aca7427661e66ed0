#include <algorithm>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/data/data_folder.h"
#include "harness/data/dataset_kind.h"

// CIFAR-10, binary version. Each record is a label byte, then 32×32 bytes each of red, green and
// blue. The split val has its test pictures. All records are kept in memory, 150 MB.
namespace mra {
namespace {

namespace fs = std::filesystem;

constexpr int kSide_px = 32;
constexpr size_t kPlane_bytes = size_t(kSide_px) * kSide_px, kRecord_bytes = 1 + 3 * kPlane_bytes;
constexpr int64_t kClasses = 10;

class Records : public Dataset {
 public:
  explicit Records(const std::vector<fs::path>& files) {
    for (const fs::path& path : files) add(path);
  }

  int64_t size() const override { return int64_t(places_.size()); }
  int64_t classes() const override { return kClasses; }
  int64_t label(int64_t index) const override { return uint8_t(*record(index)); }
  std::string describe(int64_t index) const override {
    const Place& place = places_.at(size_t(index));
    return fmt::format("{}[{}]", files_[place.file].path.string(), place.record);
  }
  void read(int64_t index, Image& image) const override {
    image.resize(kSide_px, kSide_px);
    const char* red = record(index) + 1;
    for (size_t i = 0; i < kPlane_bytes; ++i)
      for (size_t c = 0; c < 3; ++c) image.rgb[3 * i + c] = uint8_t(red[c * kPlane_bytes + i]);
  }

 private:
  struct File {
    fs::path path;
    std::string bytes;
  };
  struct Place {
    size_t file, record;
  };

  const char* record(int64_t index) const {
    const Place& place = places_.at(size_t(index));
    return files_[place.file].bytes.data() + place.record * kRecord_bytes;
  }

  void add(const fs::path& path) {
    std::string bytes = read_file(path);
    check(!bytes.empty() && bytes.size() % kRecord_bytes == 0, ErrorKind::kIntegrity, path.string(),
          fmt::format("has {} bytes, which is not a multiple of the {} bytes of a record",
                      bytes.size(), kRecord_bytes),
          "unpack the data set again");
    for (size_t i = 0; i < bytes.size() / kRecord_bytes; ++i) {
      const int label = uint8_t(bytes[i * kRecord_bytes]);
      check(label < kClasses, ErrorKind::kIntegrity, fmt::format("{}[{}]", path.string(), i),
            fmt::format("has the label {}, expected 0 to {}", label, kClasses - 1),
            "unpack the data set again");
      places_.push_back({files_.size(), i});
    }
    files_.push_back({path, std::move(bytes)});
  }

  std::vector<File> files_;
  std::vector<Place> places_;
};

DataFolder read_options(SpecReader reader) {
  DataFolder data = read_data_folder(reader);
  reader.reject_unread_keys();
  return data;
}

std::vector<std::string> batches(Split split) {
  if (split == Split::kVal) return {"test_batch.bin"};
  return {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin",
          "data_batch_5.bin"};
}

fs::path locate(const DataFolder& data, const Folders& data_dirs) {
  std::vector<std::string> layout = batches(Split::kTrain);
  layout.push_back(batches(Split::kVal).front());
  return locate_folder(data, data_dirs, layout);
}

std::unique_ptr<Dataset> make(SpecReader reader, Split split, const Folders& data_dirs) {
  const DataFolder data = read_options(std::move(reader));
  const fs::path folder = locate(data, data_dirs);
  std::vector<fs::path> files;
  for (const std::string& name : batches(split)) files.push_back(folder / name);
  auto pictures = std::make_unique<Records>(files);
  check_counts(data, split, kClasses, pictures->size(), folder);
  return pictures;
}

}  // namespace

extern const DatasetKind kCifar10 = {
    .make = make,
    .locate =
        [](SpecReader options, const Folders& data_dirs) {
          return locate(read_options(std::move(options)), data_dirs);
        },
    .splits = train_and_val,
};

}  // namespace mra
