#include "harness/data/data_state.h"

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include "harness/base/machine.h"
#include "harness/data/class_folders.h"
#include "harness/spec/inherit.h"

namespace mra {

namespace fs = std::filesystem;

std::map<std::string, Json> known_datasets(const ExperimentFolders& experiments) {
  std::map<std::string, Json> known;
  const Json entries = experiments.entries_of("datasets.json");
  for (const auto& [name, entry] : entries.items()) {
    known[name] = entry;
    known[name]["name"] = name;
    known[name].erase("note");
  }
  return known;
}

fs::path folder_of(const Json& dataset, const Folders& data_dirs) {
  if (dataset.value("kind", "") != "class_folders") return {};
  const SpecReader options(dataset, "datasets.json");
  return find_class_folders(read_class_folders(options), data_dirs).value_or("");
}

std::optional<Error> absence(const Json& dataset, const std::string& file,
                             const Folders& data_dirs) {
  if (dataset.value("kind", "") != "class_folders") return std::nullopt;
  if (!folder_of(dataset, data_dirs).empty()) return std::nullopt;
  try {
    make_dataset(SpecReader(dataset, file, "/dataset"), Split::kVal, data_dirs);
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

DataState look_at(const Json& dataset, const std::string& file, const Folders& data_dirs) {
  DataState state{"complete", {}, 0, 0, 0, std::nullopt};
  try {
    state.folder = folder_of(dataset, data_dirs);
    const SpecReader options(dataset, file, "/dataset");
    const auto train = make_dataset(options, Split::kTrain, data_dirs);
    state.classes = train->classes();
    state.train_pictures = train->size();
    state.val_pictures = make_dataset(options, Split::kVal, data_dirs)->size();
  } catch (const Error& error) {
    state.state = error.kind == ErrorKind::kEnvironment ? "absent" : "damaged";
    state.error = error;
  }
  return state;
}

std::vector<std::string> decode_all(const Dataset& dataset,
                                    const std::function<void(int64_t)>& told) {
  std::atomic<int64_t> next{0};
  std::mutex mutex;  // guards `wrong`
  std::map<int64_t, std::string> wrong;
  const auto work = [&] {
    Image image;
    for (int64_t index; (index = next++) < dataset.size();) {
      try {
        dataset.read(index, image);
      } catch (const Error& error) {
        const std::lock_guard lock(mutex);
        wrong[index] = error.what();
      }
    }
  };
  std::vector<std::jthread> threads;
  for (int i = 0; i < this_machine().threads; ++i) threads.emplace_back(work);
  while (next < dataset.size()) {
    told(next);
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  threads.clear();  // joins
  std::vector<std::string> messages;
  for (auto& [index, message] : wrong) messages.push_back(std::move(message));
  return messages;
}

}  // namespace mra
