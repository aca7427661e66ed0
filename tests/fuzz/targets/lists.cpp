#include <map>

#include "harness/base/file.h"
#include "harness/data/dataset.h"
#include "tests/fuzz/target.h"
#include "tests/support/temp_dir.h"

namespace mra {

namespace fs = std::filesystem;

namespace {

/// A data set that lists describe.
struct Listed {
  std::string entry;                  ///< of datasets.json
  std::vector<std::string> lists;     ///< below its folder
  std::vector<std::string> pictures;  ///< that are there
};

const std::map<std::string, Listed> kListed = {
    {"list_files",
     {R"({"kind": "list_files", "test": "test.csv"})",
      {"train.txt", "val.txt", "test.csv"},
      {"a/1.jpg", "a/2.jpg", "b/2.jpg", "b/my cat.jpg"}}},
    {"cub200",
     {R"({"kind": "cub200"})",
      {"images.txt", "image_class_labels.txt", "train_test_split.txt", "classes.txt"},
      {"images/001.A/1.jpg", "images/001.A/2.jpg"}}},
    {"fgvc_aircraft",
     {R"({"kind": "fgvc_aircraft"})",
      {"data/variants.txt", "data/images_variant_trainval.txt", "data/images_variant_test.txt"},
      {"data/images/0000001.jpg", "data/images/0000002.jpg"}}},
    {"stanford_cars",
     {R"({"kind": "stanford_cars"})",
      {"anno_train.csv", "anno_test.csv"},
      {"cars_train/1.jpg", "cars_test/1.jpg"}}},
    {"imagenet",
     {R"({"kind": "imagenet"})",
      {"ILSVRC2012_validation_ground_truth.txt", "map_clsloc.txt"},
      {"train/n01440764/1.JPEG", "train/n01443537/1.JPEG", "val/1.JPEG", "val/2.JPEG"}}},
    {"tiny_imagenet",
     {R"({"kind": "tiny_imagenet"})",
      {"wnids.txt", "val/val_annotations.txt"},
      {"train/n01440764/images/1.JPEG", "val/images/1.JPEG"}}},
    {"miniimagenet",
     {R"({"kind": "miniimagenet", "base": 1, "val": 1, "novel": 1, "of_class": 1})",
      {"train.csv", "val.csv", "test.csv"},
      {"images/n0144076400000001.jpg", "images/n0144353700000001.jpg",
       "images/n0148485000000001.jpg"}}},
    {"miniimagenet_json",
     {R"({"kind": "miniimagenet", "layout": "json", "base": 1, "val": 1, "novel": 1,
          "of_class": 1})",
      {"base.json", "val.json", "novel.json"},
      {"a/1.jpg", "a/2.jpg", "b/1.jpg"}}},
};

void write(const fs::path& path, std::string_view bytes) {
  fs::create_directories(path.parent_path());
  write_file_atomically(path, bytes);
}

}  // namespace

/// A name of kListed, then its lists in their order.
void fuzz_lists(std::string_view bytes) {
  const auto files = parts(bytes);
  const auto found = kListed.find(std::string(files[0].substr(0, files[0].find('\n'))));
  if (found == kListed.end()) return;
  const Listed& listed = found->second;
  const TempDir root;
  for (const std::string& picture : listed.pictures) write(root / "set" / picture, "no picture");
  for (size_t i = 0; i < listed.lists.size() && i + 1 < files.size(); ++i)
    write(root / "set" / listed.lists[i], files[i + 1]);
  Json entry = Json::parse(listed.entry);
  entry["name"] = "set";
  for (const Split split : splits_of(entry)) {
    reads_or_refuses([&] {
      const auto set = make_dataset(SpecReader(entry, "datasets.json"), split, {root.path()});
      for (int64_t i = 0; i < set->size(); ++i) {
        must(set->label(i) >= 0 && set->label(i) < set->classes(), "a wild label");
        must(fs::exists(set->describe(i)), "a picture that is not there");
        must(set->describe(i).find("/../") == std::string::npos, "a way out of the folder");
      }
    });
  }
}

}  // namespace mra
