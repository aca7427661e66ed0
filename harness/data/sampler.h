#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mra {

/// One picture to read. The pair (index, draw) is the key of its random stream and never repeats in
/// a training, so a picture that is read twice gets two different crops.
struct Request {
  int64_t index = 0;  ///< position in the data set
  uint32_t draw = 0;  ///< makes the pair unique: the epoch, a pass or a position
  bool operator==(const Request&) const = default;
};

/// Decides which pictures a training reads, and in which order. It has no state: an epoch is the
/// same every time it is asked for.
class Sampler {
 public:
  virtual ~Sampler() = default;
  /// Returns the first `count` requests of an epoch (from 0). A sampler without epochs continues
  /// where the epoch before, with the same `count`, ended.
  virtual std::vector<Request> epoch(int64_t epoch, int64_t count) const = 0;
};
using SamplerPtr = std::unique_ptr<Sampler>;

/// Samples 0 … size-1 in order, always with draw 0: for evaluation.
SamplerPtr in_order(int64_t size);

/// Samples each of 0 … size-1 once per epoch, in a new random order; the draw is the epoch.
SamplerPtr shuffled(int64_t size, uint64_t seed);

/// Samples with replacement, without end; the draw is the position in the stream. A training that
/// uses several data sets gives each its own `stream`, below 16.
SamplerPtr with_replacement(int64_t size, uint64_t seed, uint32_t stream = 0);

/// Samples from `indices` only, in the order of another sampler over their positions.
SamplerPtr subset(SamplerPtr sampler, std::vector<int64_t> indices);

/// Returns the order of a list in one pass of the class-aware sampler: list 0 has the classes, list
/// 1 + c has the pictures of class c.
using Orders = std::function<std::vector<int64_t>(int64_t list, int64_t pass)>;

/// Samples the classes in turn, `per_visit` pictures of each (Shen et al. 2016; ClassAwareSampler
/// in the code of Kang et al. 2020). The list of classes and the list of pictures of each class are
/// repeated without end, shuffled anew each time. `labels`: one per picture, from 0. Throws an
/// Error of kind kUsage when a class has no picture.
SamplerPtr class_aware(const std::vector<int64_t>& labels, int64_t per_visit, uint64_t seed);
/// The same with given orders, to compare with other programs.
SamplerPtr class_aware(const std::vector<int64_t>& labels, int64_t per_visit, Orders orders);

/// Returns each class's share of the draws (Kang et al. 2020). `rule`: "instance", as its number of
/// pictures, `counts`; "square_root", as the root of it; "class", equal shares; "progressive", from
/// "instance" at `progress_frac` 0 to "class" at 1.
std::vector<double> class_shares(const std::string& rule, const std::vector<int64_t>& counts,
                                 double progress_frac = 0);

/// Samples with replacement: a class by its share in this epoch, then one of its pictures. Errors
/// as of class_aware().
SamplerPtr by_class_shares(const std::vector<int64_t>& labels, uint64_t seed,
                           std::function<std::vector<double>(int64_t epoch)> shares);

/// Returns the pictures of each class, in the order of the data set. Throws an Error of kind kUsage
/// when a class has none.
std::vector<std::vector<int64_t>> pictures_by_class(const std::vector<int64_t>& labels);

/// Returns 0 … size-1 shuffled for one epoch by the stream (seed, epoch, kOrder).
std::vector<int64_t> shuffled_order(int64_t size, uint64_t seed, uint32_t epoch);

}  // namespace mra
