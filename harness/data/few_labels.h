#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "harness/data/subset.h"
#include "harness/spec/json.h"

namespace mra {

/// Returns the positions of `per_class` pictures of each class, class by class, chosen as in
/// TorchSSL: the first ones in a random order of the class's pictures, drawn by numpy's
/// legacy generator with `seed`. For one seed, a smaller choice is part of a larger one.
/// `labels`: one per picture. Throws an Error of kind kUsage at `where` when a class has too
/// few.
std::vector<int64_t> choose_labelled(const std::vector<int32_t>& labels, int64_t classes,
                                     int64_t per_class, uint32_t seed, const std::string& where);

/// Returns the labels of all pictures.
std::vector<int32_t> labels_of(const Dataset& dataset);

/// Chooses `count` pictures in that way, equally many of each class.
Choice choose_labels(const Dataset& dataset, int64_t count, uint32_t seed,
                     const std::string& where);

/// Returns a choice as JSON for a file: "indices", "labels", and what identifies the data
/// set.
Json label_list(const Choice& choice, const std::vector<int32_t>& labels_of_all);
/// Reads such a file. Throws an Error of kind kIntegrity when it belongs to another data set or is
/// incomplete.
Choice read_label_list(const std::filesystem::path& file, const std::vector<int32_t>& labels_of_all,
                       int64_t classes);

}  // namespace mra
