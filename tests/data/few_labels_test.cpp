#include "harness/data/few_labels.h"

#include <numeric>
#include <set>

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "tests/support/temp_dir.h"

namespace mra {
namespace {

/// Labels in the file order of STL-10's ten classes would be mixed; here one
/// class follows another, so that a position is 500 · class + the rank within
/// it.
std::vector<int32_t> labels_of_stl10() {
  std::vector<int32_t> labels;
  for (int32_t c = 0; c < 10; ++c) labels.insert(labels.end(), 500, c);
  return labels;
}

std::vector<int64_t> ranks(int64_t per_class, uint32_t seed) {
  auto chosen = choose_labelled(labels_of_stl10(), 10, per_class, seed, "here");
  for (size_t i = 0; i < chosen.size(); ++i) chosen[i] -= 500 * int64_t(i / size_t(per_class));
  return chosen;
}

TEST(ChooseLabelled, ChoosesWhatTorchSslDoes) {
  const auto seed0 = ranks(4, 0), seed1 = ranks(4, 1), seed2 = ranks(4, 2);
  const auto part = [](const std::vector<int64_t>& all, size_t first) {
    return std::vector<int64_t>(all.begin() + std::ptrdiff_t(first),
                                all.begin() + std::ptrdiff_t(first) + 8);
  };
  EXPECT_EQ(part(seed0, 0), (std::vector<int64_t>{90, 254, 283, 445, 277, 307, 436, 88}));
  EXPECT_EQ(part(seed0, 32), (std::vector<int64_t>{466, 365, 442, 285, 118, 375, 244, 111}));
  EXPECT_EQ(part(seed1, 16), (std::vector<int64_t>{31, 445, 86, 325, 28, 399, 136, 110}));
  EXPECT_EQ(part(seed2, 0), (std::vector<int64_t>{129, 280, 440, 384, 37, 398, 384, 482}));
  EXPECT_EQ(part(seed2, 32), (std::vector<int64_t>{47, 276, 74, 321, 320, 276, 321, 371}));
  const int64_t sums[] = {62138, 63951, 61857};
  for (uint32_t seed = 0; seed < 3; ++seed) {
    const auto all = ranks(25, seed);
    EXPECT_EQ(std::accumulate(all.begin(), all.end(), int64_t(0)), sums[seed]);
  }
  const auto all = ranks(25, 0);
  EXPECT_EQ(std::vector<int64_t>(all.begin(), all.begin() + 25),
            (std::vector<int64_t>{90,  254, 283, 445, 461, 15,  316, 489, 159, 153, 241, 250, 390,
                                  289, 171, 329, 468, 355, 154, 37,  205, 366, 240, 108, 45}));
}

TEST(ChooseLabelled, FewerLabelsAreAPartOfMore) {
  const auto labels = labels_of_stl10();
  const auto few = choose_labelled(labels, 10, 4, 7, "here");
  const auto many = choose_labelled(labels, 10, 25, 7, "here");
  const std::set<int64_t> all(many.begin(), many.end());
  EXPECT_EQ(all.size(), 250u);
  for (const int64_t index : few) EXPECT_TRUE(all.contains(index));
}

TEST(ChooseLabelled, RefusesMoreThanThereAre) {
  try {
    choose_labelled({0, 0, 0, 1, 1}, 2, 3, 0, "spec: /dataset/labels");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::kUsage);
    EXPECT_NE(std::string(error.what()).find("class 1 has 2 pictures"), std::string::npos);
  }
}

class FewLabels : public testing::Test {
 protected:
  std::unique_ptr<Dataset> made(Json options, Split split = Split::kTrain) const {
    options.update(
        {{"kind", "few_labels"},
         {"of",
          {{"kind", "shapes"}, {"size_px", 16}, {"train_pictures", 100}, {"val_pictures", 30}}}});
    return make_dataset(SpecReader(options, "spec.json", "/dataset"), split, {dir_.path()});
  }
  std::string refusal(const Json& options) const {
    try {
      made(options);
    } catch (const Error& error) {
      return error.what();
    }
    return "accepted";
  }

  TempDir dir_;
};

TEST_F(FewLabels, KeepsLabelsOfAFewAndTakesAllAsUnlabelled) {
  const auto labelled = made({{"labels", 20}});
  ASSERT_EQ(labelled->size(), 20);
  const auto all = made({{"labels", 20}}, Split::kUnlabelled);
  EXPECT_EQ(all->size(), 100);
  EXPECT_EQ(made({{"labels", 20}}, Split::kVal)->size(), 30);
  EXPECT_EQ(made(Json::object())->size(), 100);
  std::map<int64_t, int> of_class;
  for (int64_t i = 0; i < 20; ++i) ++of_class[labelled->label(i)];
  EXPECT_EQ(of_class.size(), 10u);
  for (const auto& [label, count] : of_class) EXPECT_EQ(count, 2);
  const auto names = [](const Dataset& dataset) {
    std::string all;
    for (int64_t i = 0; i < dataset.size(); ++i) all += dataset.describe(i);
    return all;
  };
  EXPECT_NE(names(*labelled), names(*made({{"labels", 20}, {"labels_seed", 5}})));
}

TEST_F(FewLabels, ReadsBackTheListItWrites) {
  std::vector<int32_t> labels;
  const auto all = made(Json::object());
  for (int64_t i = 0; i < all->size(); ++i) labels.push_back(int32_t(all->label(i)));
  Choice choice{{3, 14, 15}, {3, 4, 5}, 10};
  write_file_atomically(dir_ / "list.json", label_list(choice, labels).dump());
  const auto read = made({{"label_file", "list.json"}});
  ASSERT_EQ(read->size(), 3);
  EXPECT_EQ(read->label(1), 4);
  EXPECT_EQ(read->describe(2), all->describe(15));

  choice.labels[1] = 5;
  write_file_atomically(dir_ / "list.json", label_list(choice, labels).dump());
  EXPECT_NE(refusal({{"label_file", "list.json"}}).find("another label"), std::string::npos);
  labels.push_back(0);
  write_file_atomically(dir_ / "list.json", label_list(choice, labels).dump());
  EXPECT_NE(refusal({{"label_file", "list.json"}}).find("of another data set"), std::string::npos);
  write_file_atomically(dir_ / "list.json", "[");
  EXPECT_NE(refusal({{"label_file", "list.json"}}).find("is not a label list"), std::string::npos);
}

TEST_F(FewLabels, RefusesWhatMakesNoSense) {
  EXPECT_NE(refusal({{"labels", 25}}).find("shared evenly"), std::string::npos);
  EXPECT_NE(refusal({{"labels", 110}}).find("class 0 has 10 pictures"), std::string::npos);
  EXPECT_NE(refusal({{"label_file", "../list.json"}}).find("leads out"), std::string::npos);
  EXPECT_NE(refusal({{"label_file", "none.json"}}).find("is not found"), std::string::npos);
  EXPECT_NE(refusal({{"labels", 10}, {"label_file", "a.json"}}).find("from a file"),
            std::string::npos);
}

}  // namespace
}  // namespace mra
