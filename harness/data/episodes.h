#pragma once

#include "harness/data/sampler.h"

namespace mra {

/// Of a few-shot problem: how many classes, how many labelled examples of each, and how many
/// pictures of each are to be named.
struct EpisodeShape {
  int64_t ways = 0, shots = 0, queries = 0;

  int64_t of_class() const { return shots + queries; }
  int64_t pictures() const { return ways * of_class(); }
};

/// The pictures of one episode after the other, of each class together and its examples first:
/// [ways, shots + queries] in rows. Classes are drawn without replacement, and so are the pictures
/// of each. The draw of a request is the number of its episode, and an episode depends on the seed
/// and its number alone: whoever learns or is judged by them gets the same ones. `labels`: one for
/// each picture, from 0. An Error of kind kUsage for more ways than classes, and for a class with
/// too few pictures.
SamplerPtr episodes(const std::vector<int64_t>& labels, const EpisodeShape& shape, uint64_t seed);

}  // namespace mra
