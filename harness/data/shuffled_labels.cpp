#include <numeric>

#include "harness/data/dataset_kind.h"
#include "harness/data/sampler.h"
#include "harness/data/subset.h"

// Another data set, "of", whose training labels are dealt out anew at random: each class keeps its
// number of pictures, and pictures tell nothing of their label. What learns from it can only guess,
// so it is a control. Other splits are those of "of".
namespace mra {
namespace {

struct Options {
  SpecReader of;
  uint64_t seed = 0;
};

Options read_options(SpecReader reader) {
  reader.required<std::string>("kind");
  reader.optional<std::string>("name", "");
  reader.optional<std::string>("note", "");
  Options options{reader.child("of")};
  options.seed = uint64_t(reader.in_range<int64_t>("labels_seed", 0, 0, INT64_MAX));
  reader.reject_unread_keys();
  return options;
}

std::unique_ptr<Dataset> make(SpecReader reader, Split split, const Folders& data_dirs) {
  constexpr uint32_t kNoEpoch = UINT32_MAX;  // which no training reaches
  const Options options = read_options(std::move(reader));
  auto pictures = make_dataset(options.of, split, data_dirs);
  if (split != Split::kTrain) return pictures;
  Choice choice;
  choice.classes = pictures->classes();
  choice.indices.resize(size_t(pictures->size()));
  std::iota(choice.indices.begin(), choice.indices.end(), int64_t(0));
  for (const int64_t index : shuffled_order(pictures->size(), options.seed, kNoEpoch))
    choice.labels.push_back(int32_t(pictures->label(index)));
  return subset_of(std::move(pictures), std::move(choice));
}

}  // namespace

extern const DatasetKind kShuffledLabels = {
    .make = make,
    .locate =
        [](SpecReader reader, const Folders& data_dirs) {
          return locate_dataset(read_options(std::move(reader)).of, data_dirs);
        },
    .splits = [](const Json& options) { return splits_of(options.value("of", Json::object())); },
};

}  // namespace mra
