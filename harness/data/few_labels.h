#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "harness/data/subset.h"
#include "harness/spec/json.h"

namespace mra {

/// Positions of `per_class` pictures of each class, class by class, as TorchSSL
/// chooses them: of each class the first of a random order of its pictures,
/// drawn by numpy's legacy generator seeded with `seed`. Fewer labels of the
/// same seed are a part of more. `labels`: one for each picture. An Error of
/// kind kUsage, told of `where`, when a class has too few pictures.
std::vector<int64_t> choose_labelled(const std::vector<int32_t>& labels, int64_t classes,
                                     int64_t per_class, uint32_t seed, const std::string& where);

/// The label of every picture.
std::vector<int32_t> labels_of(const Dataset& dataset);

/// `count` pictures, of each class as many, chosen in that way.
Choice choose_labels(const Dataset& dataset, int64_t count, uint32_t seed,
                     const std::string& where);

/// A choice as a file keeps it: "indices" and "labels", and by what the data
/// set that they belong to is known.
Json label_list(const Choice& choice, const std::vector<int32_t>& labels_of_all);
/// Reads one back. An Error of kind kIntegrity when it is of another data set,
/// or not whole.
Choice read_label_list(const std::filesystem::path& file, const std::vector<int32_t>& labels_of_all,
                       int64_t classes);

}  // namespace mra
