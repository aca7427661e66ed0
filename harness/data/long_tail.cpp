#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/data/data_folder.h"
#include "harness/data/dataset_kind.h"
#include "harness/data/subset.h"

// A long-tailed version of another data set, "of". Class c of C keeps its first
//   most · (least / most)^(c / (C − 1))
// training pictures, rounded to the nearest integer: `most` for the first class, `least` for the
// last, with a constant ratio between neighbouring classes.
//
// The split val is that of "of". With "val_of_class", it is this many pictures of each class that
// are not trained on, from position `most` on; the split test is then the split val of "of".
namespace mra {
namespace {

namespace fs = std::filesystem;

struct Options {
  SpecReader of;
  DataFolder expected;
  int64_t most = 0, least = 0, val_of_class = 0;
};

Options read_options(SpecReader reader) {
  constexpr int64_t kMost = int64_t(1) << 40;
  SpecReader of = reader.child("of");
  Options options{std::move(of), read_data_folder(reader)};
  options.most = reader.in_range<int64_t>("most", 1, kMost);
  options.least = reader.in_range<int64_t>("least", 1, options.most);
  options.val_of_class = reader.in_range<int64_t>("val_of_class", 0, 0, kMost);
  reader.reject_unread_keys();
  return options;
}

/// Returns how many training pictures of a class are kept.
int64_t kept(const Options& options, int64_t label, int64_t classes) {
  if (classes < 2) return options.most;
  const double ratio = double(options.least) / double(options.most);
  return std::llround(double(options.most) * std::pow(ratio, double(label) / double(classes - 1)));
}

/// For each class, takes `count`(label) pictures from position `first` of its training list. Throws
/// an Error when a class has fewer.
template <typename Count>
std::unique_ptr<Dataset> part_of_each_class(const Options& options, int64_t first, Count count,
                                            std::unique_ptr<Dataset> whole) {
  Choice choice;
  choice.classes = whole->classes();
  std::vector<int64_t> seen(size_t(choice.classes));
  for (int64_t i = 0; i < whole->size(); ++i) {
    const int64_t label = whole->label(i);
    const int64_t position = seen.at(size_t(label))++;
    if (position < first || position >= first + count(label)) continue;
    choice.indices.push_back(i);
    choice.labels.push_back(int32_t(label));
  }
  for (int64_t label = 0; label < choice.classes; ++label)
    check(seen[size_t(label)] >= first + count(label), ErrorKind::kUsage, options.of.where(),
          fmt::format("class {} has {} training pictures, but {} are needed", label,
                      seen[size_t(label)], first + count(label)),
          "ask for fewer: \"most\", \"val_of_class\"");
  return subset_of(std::move(whole), std::move(choice));
}

std::unique_ptr<Dataset> make_split(const Options& options, Split split, const Folders& dirs) {
  const bool own_val = options.val_of_class > 0;
  if (split == Split::kTest)
    return make_dataset(options.of, own_val ? Split::kVal : Split::kTest, dirs);
  if (split == Split::kVal && !own_val) return make_dataset(options.of, Split::kVal, dirs);
  auto whole = make_dataset(options.of, Split::kTrain, dirs);
  const int64_t classes = whole->classes();
  if (split == Split::kVal)
    return part_of_each_class(
        options, options.most, [&](int64_t) { return options.val_of_class; }, std::move(whole));
  return part_of_each_class(
      options, 0, [&](int64_t label) { return kept(options, label, classes); }, std::move(whole));
}

std::unique_ptr<Dataset> make(SpecReader reader, Split split, const Folders& data_dirs) {
  const Options options = read_options(std::move(reader));
  auto pictures = make_split(options, split, data_dirs);
  check_counts(options.expected, split, pictures->classes(), pictures->size(), options.of.where());
  return pictures;
}

std::vector<Split> splits(const Json& options) {
  const std::vector<Split> of = splits_of(options.value("of", Json::object()));
  const bool of_has_test = std::find(of.begin(), of.end(), Split::kTest) != of.end();
  if (options.contains("val_of_class") || of_has_test)
    return {Split::kTrain, Split::kVal, Split::kTest};
  return {Split::kTrain, Split::kVal};
}

}  // namespace

extern const DatasetKind kLongTail = {
    .make = make,
    .locate =
        [](SpecReader reader, const Folders& data_dirs) {
          return locate_dataset(read_options(std::move(reader)).of, data_dirs);
        },
    .splits = splits,
};

}  // namespace mra
