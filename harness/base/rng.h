#pragma once

#include <array>
#include <cstdint>

namespace mra {

/// One block of Philox4x32-10 (Salmon et al. 2011): 128 random bits from a counter and a key.
std::array<uint32_t, 4> philox4x32_10(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key);

/// The purpose of a random stream. Streams of different purposes never overlap.
enum class Purpose : uint8_t {
  kDrawing = 1,      ///< drawing a picture of the embedded data set
  kOrder = 2,        ///< order of the samples of an epoch
  kImage = 3,        ///< crop, flip and image transforms of one sample
  kBatch = 4,        ///< batch transforms of one step
  kHiding = 5,       ///< patches hidden while the augmentor is pretrained
  kInitWeights = 6,  ///< initial weights
  kJitter = 7,       ///< color jitter and lighting of one sample, on floats
  kClassOrder = 8,   ///< order of classes, and of the pictures of a class
  kStream = 9,       ///< pictures drawn with replacement
  kEpisode = 10,     ///< classes and pictures of a few-shot episode
  kHead = 11         ///< initial weights of an episode's last layer, and its order of examples
};

/// Identifies a stream. The same key gives the same numbers on every machine and in every thread.
struct StreamKey {
  uint64_t seed = 0;
  uint32_t epoch = 0;  ///< or the `draw` of a sample's Request
  uint64_t index = 0;  ///< sample or step, below 2^52
  uint32_t view = 0;   ///< number of the view of a sample, below 16
  Purpose purpose = Purpose::kDrawing;
};

/// Random numbers of one stream. The distributions are our own, so no library affects results.
class Rng {
 public:
  explicit Rng(const StreamKey& key);

  uint32_t next_u32();
  uint64_t next_u64();
  double uniform();                         ///< [0, 1), 53 bits
  double uniform(double low, double high);  ///< [low, high)
  uint64_t below(uint64_t n);               ///< 0 … n-1, unbiased; n > 0
  double normal();                          ///< mean 0, standard deviation 1
  double beta(double a, double b);          ///< Beta(a, b), a > 0, b > 0

 private:
  double gamma(double shape);

  std::array<uint32_t, 4> counter_;
  std::array<uint32_t, 2> key_;
  std::array<uint32_t, 4> block_{};
  int used_ = 4;  ///< numbers of block_ already returned
};

}  // namespace mra
