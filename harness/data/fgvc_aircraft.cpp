#include <unordered_map>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/suggest.h"
#include "harness/data/data_folder.h"
#include "harness/data/dataset_kind.h"
#include "harness/data/text_list.h"

// FGVC-Aircraft 2013b as released. Its classes are the variants, such as "707-320" or "F-16A/B".
// The split val has its test pictures.
namespace mra {
namespace {

namespace fs = std::filesystem;

struct Options {
  DataFolder data;
  std::string train;  ///< the official split that is trained on
  bool crop_banner = false;
};

Options read_options(SpecReader reader) {
  Options options;
  options.data = read_data_folder(reader);
  options.train = reader.one_of("train", "trainval", {"train", "trainval"});
  options.crop_banner = reader.optional<bool>("crop_banner", false);
  reader.reject_unread_keys();
  return options;
}

std::string list_of(const Options& options, Split split) {
  return fmt::format("data/images_variant_{}.txt", split == Split::kTrain ? options.train : "test");
}

fs::path locate(const Options& options, const Folders& data_dirs) {
  return locate_folder(options.data, data_dirs,
                       {"data/variants.txt", list_of(options, Split::kTrain),
                        list_of(options, Split::kVal), "data/images/<7 digits>.jpg"});
}

/// Returns the label of each variant: its position in variants.txt, from 0.
std::unordered_map<std::string, int64_t> read_variants(const fs::path& path) {
  const TextList list = read_text_list(path);
  std::unordered_map<std::string, int64_t> labels;
  for (const auto& [number, name] : list.lines)
    if (!labels.insert({name, int64_t(labels.size())}).second)
      list.fail_at(number, fmt::format("the variant '{}' is listed twice", name));
  return labels;
}

ListedSplit read_split(const fs::path& folder, const std::string& list,
                       const std::unordered_map<std::string, int64_t>& labels) {
  ListedSplit split;
  split.list = read_text_list(folder / list);
  split.pictures.folder = folder / "data/images";
  split.pictures.classes = int64_t(labels.size());
  for (const auto& [number, text] : split.list.lines) {
    const auto [id, variant] = split_at_first_blank(text);  // names of variants may contain blanks
    const auto label = labels.find(variant);
    if (label == labels.end())
      split.list.fail_at(number, fmt::format("variants.txt has no variant '{}'", variant),
                         "unpack the data set again: its lists contradict each other");
    split.add(number, id + ".jpg", label->second);
  }
  check_paths(split);
  return split;
}

/// Pictures without the line of text at their bottom edge.
class WithoutBanner : public Dataset {
 public:
  explicit WithoutBanner(std::unique_ptr<Dataset> whole) : whole_(std::move(whole)) {}

  int64_t size() const override { return whole_->size(); }
  int64_t classes() const override { return whole_->classes(); }
  int64_t label(int64_t index) const override { return whole_->label(index); }
  std::string describe(int64_t index) const override { return whole_->describe(index); }
  void read(int64_t index, Image& image) const override {
    constexpr int kBanner_px = 20;
    whole_->read(index, image);
    check(image.height_px > kBanner_px, ErrorKind::kIntegrity, describe(index),
          fmt::format("is {} px high: nothing remains without its banner", image.height_px),
          "unpack the data set again");
    image.resize(image.height_px - kBanner_px, image.width_px);
  }

 private:
  std::unique_ptr<Dataset> whole_;
};

std::unique_ptr<Dataset> make(SpecReader reader, Split split, const Folders& data_dirs) {
  const Options options = read_options(std::move(reader));
  const fs::path folder = locate(options, data_dirs);
  const auto labels = read_variants(folder / "data/variants.txt");
  const Split other = split == Split::kTrain ? Split::kVal : Split::kTrain;
  ListedSplit wanted = read_split(folder, list_of(options, split), labels);
  check_counts(options.data, split, wanted.pictures, wanted.list.path);
  check_disjoint(wanted, read_split(folder, list_of(options, other), labels));
  check_files(wanted);
  auto pictures = pictures_of(std::move(wanted.pictures));
  if (!options.crop_banner) return pictures;
  return std::make_unique<WithoutBanner>(std::move(pictures));
}

}  // namespace

extern const DatasetKind kFgvcAircraft = {
    .make = make,
    .locate =
        [](SpecReader options, const Folders& data_dirs) {
          return locate(read_options(std::move(options)), data_dirs);
        },
    .splits = train_and_val,
};

}  // namespace mra
