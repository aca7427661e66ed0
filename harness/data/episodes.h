#pragma once

#include "harness/data/sampler.h"

namespace mra {

/// The size of a few-shot problem: number of classes, labelled examples (shots) per class, and
/// pictures to classify (queries) per class.
struct EpisodeShape {
  int64_t ways = 0, shots = 0, queries = 0;

  int64_t of_class() const { return shots + queries; }
  int64_t pictures() const { return ways * of_class(); }
};

/// Samples one episode after another, [ways, shots + queries] row by row: the pictures of a
/// class stand together, its examples first. Classes and pictures are drawn without replacement.
/// The `draw` of a request is the number of its episode. An episode depends only on the seed and
/// its number, so that every method gets the same ones. `labels`: one per picture, from 0.
/// Throws an Error of kind kUsage when there are more ways than classes, or a class has too few
/// pictures.
SamplerPtr episodes(const std::vector<int64_t>& labels, const EpisodeShape& shape, uint64_t seed);

}  // namespace mra
