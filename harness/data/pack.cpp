#include "harness/data/pack.h"

#include <atomic>
#include <mutex>
#include <thread>

#include "harness/base/error.h"
#include "harness/base/hash.h"
#include "harness/base/machine.h"
#include "harness/data/pack_file.h"
#include "harness/data/resize.h"

namespace mra {

namespace fs = std::filesystem;

namespace {

constexpr int kQuality = 95;
constexpr int64_t kAtOnce = 512;  ///< encoded pictures that are kept in memory

/// Reads, reduces and encodes pictures one after another. Each thread needs its own.
class Packer {
 public:
  Packer(const Dataset& pictures, int short_side_px)
      : pictures_(pictures), short_side_px_(short_side_px) {}

  std::string packed(int64_t index) {
    pictures_.read(index, image_);
    const int64_t height = image_.height_px, width = image_.width_px;
    const int64_t shorter = std::min(height, width), wanted = short_side_px_;
    if (shorter <= wanted) return encode_jpeg(image_, kQuality);
    reduced_.resize(int(height * wanted / shorter), int(width * wanted / shorter));
    resizer_.resize(image_, {0, 0, image_.height_px, image_.width_px}, reduced_.height_px,
                    reduced_.width_px, ResizeFilter::kBilinear, reduced_.rgb.data());
    return encode_jpeg(reduced_, kQuality);
  }

 private:
  const Dataset& pictures_;
  int64_t short_side_px_;
  Image image_, reduced_;
  Resizer resizer_;
};

/// The packed pictures [first, end), made by one thread per core.
std::vector<std::string> packed_pictures(const Dataset& pictures, int short_side_px, int64_t first,
                                         int64_t end) {
  std::vector<std::string> packed(size_t(end - first));
  std::atomic<int64_t> next{first};
  std::mutex mutex;  // guards `error`
  std::exception_ptr error;
  const auto work = [&] {
    Packer packer(pictures, short_side_px);
    try {
      for (int64_t i; (i = next++) < end;) packed[size_t(i - first)] = packer.packed(i);
    } catch (...) {
      const std::lock_guard lock(mutex);
      error = std::current_exception();
      next = end;
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < this_machine().threads; ++i) threads.emplace_back(work);
  }
  if (error) std::rethrow_exception(error);
  return packed;
}

}  // namespace

Json pack_dataset(const PackRequest& request,
                  const std::function<void(int64_t done, int64_t all)>& told) {
  const fs::path folder = request.data_dir / request.name, path = folder / kPackName;
  check(!fs::exists(path), ErrorKind::kUsage, path.string(), "is there already",
        "remove it, or choose another name with --as");
  std::map<Split, std::unique_ptr<Dataset>> splits;
  int64_t all = 0, done = 0, classes = 0;
  for (const Split split : splits_of(request.dataset)) {
    splits[split] =
        make_dataset(SpecReader(request.dataset, "datasets.json"), split, request.data_dirs);
    all += splits[split]->size();
    classes = std::max(classes, splits[split]->classes());
  }
  Json entry = {{"kind", "packed"}, {"folder", request.name}, {"classes", classes}};
  fs::create_directories(folder);
  write_atomically(path, [&](const fs::path& temporary) {
    PackWriter pack(temporary);
    for (const auto& [split, pictures] : splits) {
      pack.begin_split(split);
      entry["splits"].push_back(name(split));
      entry[std::string(name(split)) + "_pictures"] = pictures->size();
      for (int64_t next = 0; next < pictures->size();) {
        const int64_t end = std::min(pictures->size(), next + kAtOnce);
        for (const std::string& bytes :
             packed_pictures(*pictures, request.short_side_px, next, end))
          pack.add(bytes, pictures->label(next++));
        told(done + next, all);
      }
      done += pictures->size();
    }
    pack.finish(classes, {{"dataset", request.dataset}, {"short_side_px", request.short_side_px}});
  });
  entry["checksums"] = {{request.name + "/" + kPackName, "sha256:" + sha256_file(path)}};
  return entry;
}

}  // namespace mra
