#include "harness/data/example.h"

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/data/picture_grid.h"
#include "harness/data/shapes.h"

namespace mra {

namespace fs = std::filesystem;

namespace {

constexpr const char* kDatasets = R"({
  "my_pictures": {
    "note": "A folder for each class: my_pictures/train/<class>/<picture>, and the same in val. my_pictures is beside this folder, or in a --data-dir. Put your own pictures there; 'classes' may be left out",
    "kind": "class_folders", "folder": "my_pictures", "train": "train", "val": "val"
  }
}
)";

constexpr const char* kRecipe = R"({
  "extends": "recipes/ablation_r50_90ep",
  "note": "The recipe of the paper's ablations on my_pictures, at each scale",
  "at": {
    "smoke": { "dataset": { "name": "my_pictures" } },
    "mini": { "dataset": { "name": "my_pictures" } },
    "paper": { "dataset": { "name": "my_pictures" } }
  }
}
)";

constexpr const char* kTable = R"({
  "title": "My comparison",
  "note": "Two rows with one recipe. 'with' is what a row changes in the recipe; it can name every method of the paper's tables",
  "base": "recipes/my_recipe",
  "columns": [ { "name": "top1", "title": "Top-1", "metric": "top1", "unit": "%", "decimals": 2 } ],
  "rows": [
    { "label": "Baseline" },
    { "label": "Cutout", "with": { "batch_transforms": [ { "cutout": { "size_frac": 0.5 } } ] } }
  ]
}
)";

/// Shapes drawn by the program, to be replaced by pictures of one's own.
void write_pictures(const fs::path& folder) {
  constexpr int64_t kTrain = 1000, kVal = 200;
  for (const bool train : {true, false}) {
    const ShapesDataset shapes(
        {.pictures = train ? kTrain : kVal, .split = train ? Split::kTrain : Split::kVal});
    Image image;
    for (int64_t i = 0; i < shapes.size(); ++i) {
      const fs::path place = folder / (train ? "train" : "val") /
                             shape_names()[size_t(shapes.label(i))] / fmt::format("{:03}.png", i);
      fs::create_directories(place.parent_path());
      shapes.read(i, image);
      write_png(place, image);
    }
  }
}

}  // namespace

std::vector<fs::path> write_example(const fs::path& folder) {
  const fs::path experiments = folder / "experiments", pictures = folder / "my_pictures";
  for (const fs::path& path : {experiments, pictures})
    check(!fs::exists(path), ErrorKind::kUsage, path.string(), "exists already",
          "name another folder: harness init DIR");
  write_pictures(pictures);
  std::vector<fs::path> written{pictures};
  for (const auto& [name, text] : {std::pair{"datasets.json", kDatasets},
                                   {"recipes/my_recipe.json", kRecipe},
                                   {"tables/my_table.json", kTable}}) {
    written.push_back(experiments / name);
    fs::create_directories(written.back().parent_path());
    write_file_atomically(written.back(), text);
  }
  return written;
}

}  // namespace mra
