#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace mra {

/// One picture to be read. Its random stream is keyed by both: no two requests of a training are
/// equal, so that a picture that comes twice is cropped anew.
struct Request {
  int64_t index = 0;  ///< in the data set
  uint32_t draw = 0;  ///< the epoch, or which time the picture comes
  bool operator==(const Request&) const = default;
};

/// Which pictures a training sees, in which order. It keeps no state: the same epoch is the same
/// whenever it is asked for.
class Sampler {
 public:
  virtual ~Sampler() = default;
  /// The first `count` requests of an epoch, counted from 0. A sampler without epochs goes on where
  /// the epoch before, of as many, ended.
  virtual std::vector<Request> epoch(int64_t epoch, int64_t count) const = 0;
};
using SamplerPtr = std::unique_ptr<Sampler>;

/// 0 … size-1, each time with draw 0: for evaluation.
SamplerPtr in_order(int64_t size);

/// Each of 0 … size-1 once an epoch, in an order of its own for each; the draw is the epoch.
SamplerPtr shuffled(int64_t size, uint64_t seed);

/// An endless stream, each picture drawn from all of them; the draw is the position in the stream.
/// A training that draws from several data sets gives each a `stream` of its own, below 16.
SamplerPtr with_replacement(int64_t size, uint64_t seed, uint32_t stream = 0);

/// What another sampler says, among `indices` alone.
SamplerPtr subset(SamplerPtr sampler, std::vector<int64_t> indices);

/// Lists that a class-aware sampler goes through, anew at each pass: list 0 holds the classes, list
/// 1 + c the pictures of class c.
using Orders = std::function<std::vector<int64_t>(int64_t list, int64_t pass)>;

/// Classes in turn, `per_visit` pictures of each (Shen et al. 2016; ClassAwareSampler of the code
/// of Kang et al. 2020): an endless walk through the classes, and for each class one through its
/// pictures; a list at its end is shuffled and begun again. `labels`: one for each picture, from 0.
/// An Error of kind kUsage when a class has no picture.
SamplerPtr class_aware(const std::vector<int64_t>& labels, int64_t per_visit, uint64_t seed);
/// The same with given orders, for comparison with other programs.
SamplerPtr class_aware(const std::vector<int64_t>& labels, int64_t per_visit, Orders orders);

/// The pictures of each class, in the order of the data set. An Error of kind kUsage when a class
/// has none.
std::vector<std::vector<int64_t>> pictures_by_class(const std::vector<int64_t>& labels);

/// 0 … size-1 shuffled for one epoch, from the stream (seed, epoch, kOrder).
std::vector<int64_t> shuffled_order(int64_t size, uint64_t seed, uint32_t epoch);

}  // namespace mra
