#include "harness/data/status.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include "harness/base/error.h"
#include "harness/data/class_folders.h"

namespace mra {

DatasetStatus dataset_status(const SpecReader& options,
                             const std::vector<std::filesystem::path>& data_dirs) {
  DatasetStatus status;
  SpecReader reader = options;
  status.kind = reader.required<std::string>("kind");
  status.name = reader.optional<std::string>("name", status.kind);
  if (status.kind == "class_folders")
    status.folder = find_class_folders(read_class_folders(options), data_dirs);
  for (const Split split : {Split::kTrain, Split::kVal}) {
    try {
      const auto dataset = make_dataset(options, split, data_dirs);
      status.splits.push_back({split, dataset->size(), dataset->classes()});
    } catch (const Error& error) {
      if (error.kind == ErrorKind::kUsage) throw;
      if (status.problems.empty() || status.problems.back() != error.what())
        status.problems.emplace_back(error.what());
    }
  }
  return status;
}

std::vector<BadPicture> check_pictures(const Dataset& dataset, int threads) {
  std::atomic<int64_t> next = 0;
  std::mutex mutex;
  std::map<int64_t, BadPicture> bad;
  const auto work = [&] {
    Image image;
    for (int64_t index = next++; index < dataset.size(); index = next++) {
      try {
        dataset.read(index, image);
      } catch (const Error& error) {
        const std::lock_guard lock(mutex);
        bad[index] = {dataset.describe(index), error.what_happened};
      }
    }
  };
  {
    std::vector<std::jthread> others;
    for (int i = 1; i < threads; ++i) others.emplace_back(work);
    work();
  }
  std::vector<BadPicture> list;
  for (auto& [index, picture] : bad) list.push_back(std::move(picture));
  return list;
}

}  // namespace mra
