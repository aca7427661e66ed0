#include "harness/data/episodes.h"

#include <numeric>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/rng.h"

namespace mra {
namespace {

/// Returns `count` random items, without replacement (Fisher and Yates).
std::vector<int64_t> draw(std::vector<int64_t> items, int64_t count, Rng& rng) {
  for (size_t i = 0; i < size_t(count); ++i)
    std::swap(items[i], items[i + size_t(rng.below(items.size() - i))]);
  items.resize(size_t(count));
  return items;
}

class Episodes : public Sampler {
 public:
  Episodes(std::vector<std::vector<int64_t>> classes, const EpisodeShape& shape, uint64_t seed)
      : classes_(std::move(classes)), shape_(shape), seed_(seed) {}

  std::vector<Request> epoch(int64_t epoch, int64_t count) const override {
    const int64_t many = count / shape_.pictures();
    std::vector<Request> requests;
    for (int64_t number = epoch * many; number < (epoch + 1) * many; ++number)
      add_episode(number, requests);
    return requests;
  }

 private:
  void add_episode(int64_t number, std::vector<Request>& requests) const {
    Rng rng({.seed = seed_, .index = uint64_t(number), .purpose = Purpose::kEpisode});
    std::vector<int64_t> all(classes_.size());
    std::iota(all.begin(), all.end(), 0);
    for (const int64_t label : draw(std::move(all), shape_.ways, rng))
      for (const int64_t index : draw(classes_[size_t(label)], shape_.of_class(), rng))
        requests.push_back({index, uint32_t(number)});
  }

  std::vector<std::vector<int64_t>> classes_;  ///< the pictures of each class
  EpisodeShape shape_;
  uint64_t seed_;
};

}  // namespace

SamplerPtr episodes(const std::vector<int64_t>& labels, const EpisodeShape& shape, uint64_t seed) {
  auto classes = pictures_by_class(labels);
  check(shape.ways <= int64_t(classes.size()), ErrorKind::kUsage, "episodes",
        fmt::format("{} ways, but there are only {} classes", shape.ways, classes.size()),
        "ask for fewer \"ways\"");
  for (size_t label = 0; label < classes.size(); ++label)
    check(int64_t(classes[label].size()) >= shape.of_class(), ErrorKind::kUsage, "episodes",
          fmt::format("class {} has {} pictures, but an episode takes {}: {} shots and {} queries",
                      label, classes[label].size(), shape.of_class(), shape.shots, shape.queries),
          "ask for fewer \"queries\", or leave the class out");
  return std::make_unique<Episodes>(std::move(classes), shape, seed);
}

}  // namespace mra
