#include <array>
#include <vector>

#include "harness/data/few_labels.h"
#include "tests/data/data_of.h"

namespace mra {
namespace {

const char* kShuffled = R"({ "kind": "shuffled_labels", "of": { "kind": "shapes", "size_px": 8,
  "train_pictures": 500, "val_pictures": 50, "seed": 0, "name": "shapes" } })";
const char* kPlain = R"({ "kind": "shapes", "size_px": 8, "train_pictures": 500,
  "val_pictures": 50, "seed": 0 })";

std::vector<int32_t> labels(const std::string& entry, Split split = Split::kTrain) {
  return labels_of(*data_of(entry, split, "."));
}

TEST(ShuffledLabels, KeepPicturesAndClassSizesAndTellNothingOfAPicture) {
  const auto shuffled = labels(kShuffled), plain = labels(kPlain);
  ASSERT_EQ(shuffled.size(), plain.size());
  std::array<int, 10> before{}, after{};
  int same = 0;
  for (size_t i = 0; i < plain.size(); ++i) {
    ++before.at(size_t(plain[i])), ++after.at(size_t(shuffled[i]));
    same += plain[i] == shuffled[i];
  }
  EXPECT_EQ(before, after);
  EXPECT_NEAR(same, 50, 25) << "a tenth agrees by chance, with a standard deviation of 7";
  Image one, other;
  data_of(kShuffled, Split::kTrain, ".")->read(7, one);
  data_of(kPlain, Split::kTrain, ".")->read(7, other);
  EXPECT_EQ(one.rgb, other.rgb);
}

TEST(ShuffledLabels, AreTheSameAtEachReadingAndOthersWithAnotherSeed) {
  EXPECT_EQ(labels(kShuffled), labels(kShuffled));
  Json other = Json::parse(kShuffled);
  other["labels_seed"] = 1;
  EXPECT_NE(labels(other.dump()), labels(kShuffled));
}

TEST(ShuffledLabels, LeaveTheValidationPicturesAsTheyAre) {
  EXPECT_EQ(labels(kShuffled, Split::kVal), labels(kPlain, Split::kVal));
}

TEST(ShuffledLabels, AMisspeltOptionIsAnError) {
  Json wrong = Json::parse(kShuffled);
  wrong["label_seed"] = 1;
  expect_refused(wrong.dump(), Split::kTrain, ".", ErrorKind::kUsage, "did you mean 'labels_seed'");
}

}  // namespace
}  // namespace mra
