#include "harness/data/sampler.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/rng.h"

namespace mra {
namespace {

/// Shuffles by the method of Fisher and Yates.
std::vector<int64_t> shuffle(std::vector<int64_t> items, Rng rng) {
  for (size_t i = items.size(); i-- > 1;) std::swap(items[i], items[size_t(rng.below(i + 1))]);
  return items;
}

class InOrder : public Sampler {
 public:
  explicit InOrder(int64_t size) : size_(size) {}
  std::vector<Request> epoch(int64_t, int64_t count) const override {
    std::vector<Request> requests(size_t(std::min(count, size_)));
    for (size_t i = 0; i < requests.size(); ++i) requests[i].index = int64_t(i);
    return requests;
  }

 private:
  int64_t size_;
};

class Shuffled : public Sampler {
 public:
  Shuffled(int64_t size, uint64_t seed) : size_(size), seed_(seed) {}
  std::vector<Request> epoch(int64_t epoch, int64_t count) const override {
    const auto order = shuffled_order(size_, seed_, uint32_t(epoch));
    std::vector<Request> requests;
    for (int64_t i = 0; i < std::min(count, size_); ++i)
      requests.push_back({order[size_t(i)], uint32_t(epoch)});
    return requests;
  }

 private:
  int64_t size_;
  uint64_t seed_;
};

class WithReplacement : public Sampler {
 public:
  WithReplacement(int64_t size, uint64_t seed, uint32_t stream)
      : size_(size), seed_(seed), stream_(stream) {
    check(size > 0, ErrorKind::kUsage, "sampler", "has no picture to draw from",
          "give it some pictures");
  }
  std::vector<Request> epoch(int64_t epoch, int64_t count) const override {
    const int64_t first = epoch * count;
    check(first + count <= int64_t(std::numeric_limits<uint32_t>::max()), ErrorKind::kUsage,
          "sampler", "would draw more than 4 billion pictures", "train for fewer steps");
    std::vector<Request> requests;
    for (int64_t position = first; position < first + count; ++position) {
      Rng rng({.seed = seed_,
               .index = uint64_t(position),
               .view = stream_,
               .purpose = Purpose::kStream});
      requests.push_back({int64_t(rng.below(uint64_t(size_))), uint32_t(position)});
    }
    return requests;
  }

 private:
  int64_t size_;
  uint64_t seed_;
  uint32_t stream_;
};

class Subset : public Sampler {
 public:
  Subset(SamplerPtr sampler, std::vector<int64_t> indices)
      : sampler_(std::move(sampler)), indices_(std::move(indices)) {}
  std::vector<Request> epoch(int64_t epoch, int64_t count) const override {
    auto requests = sampler_->epoch(epoch, count);
    for (Request& request : requests) request.index = indices_.at(size_t(request.index));
    return requests;
  }

 private:
  SamplerPtr sampler_;
  std::vector<int64_t> indices_;
};

/// Each pass visits every class once. How many pictures of a class came earlier therefore follows
/// from the position alone.
class ClassAware : public Sampler {
 public:
  ClassAware(std::vector<int64_t> counts, int64_t per_visit, Orders orders)
      : counts_(std::move(counts)), per_visit_(per_visit), orders_(std::move(orders)) {}

  std::vector<Request> epoch(int64_t epoch, int64_t count) const override {
    std::vector<Walk> walks(counts_.size() + 1);
    std::vector<Request> requests;
    const auto classes = int64_t(counts_.size());
    for (int64_t position = epoch * count; position < (epoch + 1) * count; ++position) {
      const int64_t visit = position / per_visit_, pass = visit / classes;
      const int64_t c = item(walks, 0, pass, visit % classes);
      const int64_t earlier = pass * per_visit_ + position % per_visit_;  // of this class
      const int64_t time = earlier / counts_[size_t(c)];
      requests.push_back({item(walks, 1 + c, time, earlier % counts_[size_t(c)]), uint32_t(time)});
    }
    return requests;
  }

 private:
  /// The order of a list in one pass.
  struct Walk {
    int64_t pass = -1;
    std::vector<int64_t> order;
  };

  int64_t item(std::vector<Walk>& walks, int64_t list, int64_t pass, int64_t place) const {
    Walk& walk = walks[size_t(list)];
    if (walk.pass != pass) walk = {pass, orders_(list, pass)};
    return walk.order[size_t(place)];
  }

  std::vector<int64_t> counts_;  ///< pictures of each class
  int64_t per_visit_;
  Orders orders_;
};

class ByClassShares : public Sampler {
 public:
  ByClassShares(std::vector<std::vector<int64_t>> classes, uint64_t seed,
                std::function<std::vector<double>(int64_t epoch)> shares)
      : classes_(std::move(classes)), seed_(seed), shares_(std::move(shares)) {}

  std::vector<Request> epoch(int64_t epoch, int64_t count) const override {
    const std::vector<double> shares = shares_(epoch);
    std::vector<Request> requests;
    for (int64_t position = epoch * count; position < (epoch + 1) * count; ++position) {
      Rng rng({.seed = seed_, .index = uint64_t(position), .purpose = Purpose::kStream});
      const std::vector<int64_t>& pictures = classes_[drawn_class(shares, rng.uniform())];
      requests.push_back({pictures[rng.below(pictures.size())], uint32_t(position)});
    }
    return requests;
  }

 private:
  static size_t drawn_class(const std::vector<double>& shares, double u) {
    size_t c = 0;
    for (; c + 1 < shares.size() && u >= shares[c]; ++c) u -= shares[c];
    return c;
  }

  std::vector<std::vector<int64_t>> classes_;
  uint64_t seed_;
  std::function<std::vector<double>(int64_t epoch)> shares_;
};

}  // namespace

std::vector<double> class_shares(const std::string& rule, const std::vector<int64_t>& counts,
                                 double progress_frac) {
  const double power = rule == "class" ? 0 : rule == "square_root" ? 0.5 : 1;
  std::vector<double> shares;
  double sum = 0;
  for (const int64_t count : counts) sum += shares.emplace_back(std::pow(double(count), power));
  for (double& share : shares) {
    share /= sum;
    if (rule == "progressive") share += progress_frac * (1.0 / double(counts.size()) - share);
  }
  return shares;
}

SamplerPtr by_class_shares(const std::vector<int64_t>& labels, uint64_t seed,
                           std::function<std::vector<double>(int64_t epoch)> shares) {
  return std::make_unique<ByClassShares>(pictures_by_class(labels), seed, std::move(shares));
}

std::vector<std::vector<int64_t>> pictures_by_class(const std::vector<int64_t>& labels) {
  std::vector<std::vector<int64_t>> classes;
  for (size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] >= int64_t(classes.size())) classes.resize(size_t(labels[i]) + 1);
    classes[size_t(labels[i])].push_back(int64_t(i));
  }
  for (size_t c = 0; c < classes.size(); ++c)
    check(!classes[c].empty(), ErrorKind::kUsage, "sampler",
          fmt::format("class {} has no picture", c), "sample by picture, or leave the class out");
  check(!classes.empty(), ErrorKind::kUsage, "sampler", "has no picture to draw from",
        "give it some pictures");
  return classes;
}

SamplerPtr in_order(int64_t size) {
  return std::make_unique<InOrder>(size);
}

SamplerPtr shuffled(int64_t size, uint64_t seed) {
  return std::make_unique<Shuffled>(size, seed);
}

SamplerPtr with_replacement(int64_t size, uint64_t seed, uint32_t stream) {
  return std::make_unique<WithReplacement>(size, seed, stream);
}

SamplerPtr subset(SamplerPtr sampler, std::vector<int64_t> indices) {
  return std::make_unique<Subset>(std::move(sampler), std::move(indices));
}

SamplerPtr class_aware(const std::vector<int64_t>& labels, int64_t per_visit, Orders orders) {
  std::vector<int64_t> counts;
  for (const auto& pictures : pictures_by_class(labels)) counts.push_back(int64_t(pictures.size()));
  return std::make_unique<ClassAware>(std::move(counts), per_visit, std::move(orders));
}

SamplerPtr class_aware(const std::vector<int64_t>& labels, int64_t per_visit, uint64_t seed) {
  auto lists = pictures_by_class(labels);
  std::vector<int64_t> classes(lists.size());
  std::iota(classes.begin(), classes.end(), 0);
  lists.insert(lists.begin(), std::move(classes));
  return class_aware(labels, per_visit, [lists, seed](int64_t list, int64_t pass) {
    return shuffle(lists[size_t(list)], Rng({.seed = seed,
                                             .epoch = uint32_t(pass),
                                             .index = uint64_t(list),
                                             .purpose = Purpose::kClassOrder}));
  });
}

std::vector<int64_t> shuffled_order(int64_t size, uint64_t seed, uint32_t epoch) {
  std::vector<int64_t> order(static_cast<size_t>(size));
  std::iota(order.begin(), order.end(), 0);
  return shuffle(std::move(order), Rng({.seed = seed, .epoch = epoch, .purpose = Purpose::kOrder}));
}

}  // namespace mra
