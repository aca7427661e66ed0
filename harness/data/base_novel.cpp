#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/data/dataset_kind.h"
#include "harness/data/subset.h"

// Splits the classes of the training pictures of another data set, "of", for few-shot learning: the
// first "base" classes are trained on, the next "val" classes select the best weights, and the next
// "novel" classes are for the test. The labels of each part begin at 0.
namespace mra {
namespace {

struct Options {
  SpecReader of;
  int64_t base = 0, val = 0, novel = 0;  ///< numbers of classes
};

Options read_options(SpecReader reader) {
  constexpr int64_t kMost = 1 << 24;
  reader.required<std::string>("kind");
  reader.optional<std::string>("name", "");
  SpecReader of = reader.child("of");
  Options options{std::move(of)};
  options.base = reader.in_range<int64_t>("base", 1, kMost);
  options.val = reader.in_range<int64_t>("val", 0, 0, kMost);
  options.novel = reader.in_range<int64_t>("novel", 1, kMost);
  reader.reject_unread_keys();
  return options;
}

std::unique_ptr<Dataset> make(SpecReader reader, Split split, const Folders& data_dirs) {
  const std::string where = reader.where();
  const Options options = read_options(std::move(reader));
  auto whole = make_dataset(options.of, Split::kTrain, data_dirs);
  const int64_t needed = options.base + options.val + options.novel;
  check(needed <= whole->classes(), ErrorKind::kUsage, where,
        fmt::format("needs {} classes, and the data set it is made from has {}", needed,
                    whole->classes()),
        "ask for fewer: \"base\", \"val\", \"novel\"");
  const int64_t first = split == Split::kBase  ? 0
                        : split == Split::kVal ? options.base
                                               : options.base + options.val;
  Choice choice;
  choice.classes = split == Split::kBase  ? options.base
                   : split == Split::kVal ? options.val
                                          : options.novel;
  for (int64_t i = 0; i < whole->size(); ++i) {
    const int64_t label = whole->label(i) - first;
    if (label < 0 || label >= choice.classes) continue;
    choice.indices.push_back(i);
    choice.labels.push_back(int32_t(label));
  }
  return subset_of(std::move(whole), std::move(choice));
}

}  // namespace

extern const DatasetKind kBaseNovel = {
    .make = make,
    .locate =
        [](SpecReader reader, const Folders& data_dirs) {
          return locate_dataset(read_options(std::move(reader)).of, data_dirs);
        },
    .splits = [](const Json& options) { return base_and_novel(options.value("val", 0) > 0); },
};

}  // namespace mra
