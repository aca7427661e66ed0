#include "harness/data/data_state.h"

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include "harness/base/machine.h"
#include "harness/base/suggest.h"
#include "harness/spec/dataset_entry.h"

namespace mra {

std::map<std::string, Json> known_datasets(const ExperimentFolders& experiments) {
  std::map<std::string, Json> known;
  const Json entries = experiments.entries_of("datasets.json");
  for (const auto& [name, entry] : entries.items())
    known[name] = full_dataset(SpecReader({{"name", name}}, "datasets.json", "/" + name), entries);
  return known;
}

Json known_dataset(const ExperimentFolders& experiments, const std::string& name) {
  const auto known = known_datasets(experiments);
  std::vector<std::string> names;
  for (const auto& [its_name, dataset] : known) names.push_back(its_name);
  const auto found = known.find(name);
  check(found != known.end(), ErrorKind::kUsage, "", "unknown data set '" + name + "'",
        suggestion(name, names));
  return found->second;
}

std::optional<Error> absence(const Json& dataset, const std::string& file,
                             const Folders& data_dirs) {
  try {
    locate_dataset(SpecReader(dataset, file, "/dataset"), data_dirs);
  } catch (const Error& error) {
    if (error.kind != ErrorKind::kEnvironment) throw;
    return error;
  }
  return std::nullopt;
}

static std::vector<int64_t> pictures_of_classes(const Dataset& dataset) {
  std::vector<int64_t> counts(size_t(dataset.classes()));
  for (int64_t i = 0; i < dataset.size(); ++i)
    if (dataset.label(i) >= 0) ++counts.at(size_t(dataset.label(i)));
  return counts;
}

DataState look_at(const Json& dataset, const std::string& file, const Folders& data_dirs) {
  DataState state;
  try {
    const SpecReader options(dataset, file, "/dataset");
    state.folder = locate_dataset(options, data_dirs);
    for (const Split split : splits_of(dataset)) {
      const auto pictures = make_dataset(options, split, data_dirs);
      if (state.pictures.empty()) {
        state.classes = pictures->classes();
        state.of_class = pictures_of_classes(*pictures);
      }
      state.pictures[split] = pictures->size();
    }
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
  threads.clear();  // joins the threads
  std::vector<std::string> messages;
  for (auto& [index, message] : wrong) messages.push_back(std::move(message));
  return messages;
}

}  // namespace mra
