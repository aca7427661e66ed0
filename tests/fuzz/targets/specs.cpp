#include <algorithm>
#include <fstream>

#include "baselines/augment/op_levels.h"
#include "baselines/augment/policy_file.h"
#include "harness/base/file.h"
#include "harness/data/dataset.h"
#include "harness/data/input.h"
#include "harness/data/manifest.h"
#include "harness/spec/inherit.h"
#include "harness/spec/library.h"
#include "harness/spec/recipe.h"
#include "tests/fuzz/target.h"
#include "tests/support/temp_dir.h"

namespace mra {

namespace fs = std::filesystem;

namespace {

constexpr char kScale[] = R"({"supervised": {"recipe": {"epochs": 2}}, "mae_pretrain": {}})";
constexpr char kDatasets[] =
    R"({"shapes": {"kind": "shapes", "size_px": 32}, "folders": {"kind": "class_folders",)"
    R"( "folder": "photos", "train": "train", "val": "val", "classes": 2},)"
    R"( "tail": {"kind": "long_tail", "of": {"name": "shapes"}}})";
constexpr char kBase[] =
    R"({"task": "supervised", "dataset": {"name": "shapes"}, "input": {"size_px": 32},)"
    R"( "model": {"name": "resnet18"}, "recipe": {"epochs": 2, "batch_size": 4, "lr": 0.1}})";
constexpr char kOrigins[] = R"({"cutmix": {"title": "CutMix", "protocol": "300 epochs"}})";

void write(const fs::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

/// A folder of experiments in which one file, `replaced`, is the input.
void write_library(const fs::path& root, const std::string& replaced, std::string_view bytes) {
  for (const char* folder : {"tables", "scales", "recipes"}) fs::create_directory(root / folder);
  write(root / "scales/smoke.json", kScale);
  write(root / "datasets.json", kDatasets);
  write(root / "origins.json", kOrigins);
  write(root / "recipes/base.json", kBase);
  write(root / replaced, bytes);
}

/// What the program does with parts of a spec that need no LibTorch.
void read_parts(const ExperimentSpec& experiment) {
  reads_or_refuses([&] { read_input(SpecReader(experiment.input, "spec.json", "/input")); });
  reads_or_refuses([&] {
    make_dataset(SpecReader(experiment.dataset, "spec.json", "/dataset"), Split::kTrain, {});
  });
}

}  // namespace

/// Up to three files of experiments: the first is resolved and may name the others.
void fuzz_spec(std::string_view bytes) {
  const TempDir root;
  const auto files = parts(bytes);
  write_library(root.path(), "recipes/a.json", files[0]);
  if (files.size() > 1) write(root / "recipes/b.json", files[1]);
  if (files.size() > 2) write(root / "datasets.json", files[2]);
  reads_or_refuses([&] {
    const SpecLibrary library(root.path());
    const ExperimentSpec spec = library.experiment("recipes/a", "smoke");
    must(spec.key == experiment_key(spec.resolved), "a key that is not of its spec");
    read_parts(spec);
  });
}

/// A table and, behind "%%", the scale's file and that of the publications.
void fuzz_table(std::string_view bytes) {
  const TempDir root;
  const auto files = parts(bytes);
  write_library(root.path(), "tables/table1.json", files[0]);
  if (files.size() > 1) write(root / "scales/smoke.json", files[1]);
  if (files.size() > 2) write(root / "origins.json", files[2]);
  reads_or_refuses([&] {
    const TableSpec table = SpecLibrary(root.path()).table("table1", "smoke");
    for (const TableRow& row : table.rows)
      must(row.cells.size() == table.columns.size(), "a row has not a cell for each column");
  });
}

/// The entry of a data set in a spec, with a folder that has pictures of two classes.
void fuzz_dataset(std::string_view bytes) {
  const TempDir root;
  write(root / "dataset.json", bytes);
  for (const char* folder :
       {"photos/train/cat", "photos/train/dog", "photos/val/cat", "photos/val/dog"}) {
    fs::create_directories(root / folder);
    write(root / folder / "1.jpg", "no picture");
  }
  reads_or_refuses([&] {
    const Json json = read_json_file(root / "dataset.json");
    const auto of = [&](Split split) {
      return make_dataset(SpecReader(json, "dataset.json"), split, {root.path()});
    };
    const auto dataset = of(Split::kTrain);
    must(dataset->size() > 0 && dataset->classes() > 0, "a data set without pictures");
    const int64_t last = dataset->size() - 1;
    must(dataset->label(last) >= 0 && dataset->label(last) < dataset->classes(), "a wild label");
    Image picture;
    reads_or_refuses(ErrorKind::kIntegrity, [&] { dataset->read(last, picture); });
    // It takes as long as there are pictures in both parts, as any use of them does.
    constexpr int64_t kFew = 100;
    if (last < kFew && of(Split::kVal)->size() <= kFew) data_manifest(json, {root.path()});
  });
}

/// A searched policy, and the operations that its levels stand for.
void fuzz_policy(std::string_view bytes) {
  const TempDir root;
  write(root / "policy.json", bytes);
  reads_or_refuses(ErrorKind::kUsage, [&] {
    const std::vector<SubPolicy> policy = read_policy(root / "policy.json");
    Image picture, scratch;
    picture.resize(8, 9);
    check_levels(policy, "policy.json", 10, [&](const PolicyOp& op) {
      for (const NamedOp& meant :
           {paper_op(op.name, op.level, {}, {}), fast_aa_op(op.name, op.level / 10, {})})
        apply(meant, picture, scratch);
    });
  });
}

}  // namespace mra
