#include "harness/data/episodes.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "harness/base/error.h"

namespace mra {
namespace {

/// `each` pictures of each of `classes`, classes in turn.
std::vector<int64_t> labels_of(int64_t classes, int64_t each) {
  std::vector<int64_t> labels;
  for (int64_t i = 0; i < classes * each; ++i) labels.push_back(i % classes);
  return labels;
}

TEST(Episodes, HoldDistinctClassesAndDistinctPicturesOfEach) {
  const EpisodeShape shape{.ways = 3, .shots = 2, .queries = 4};
  const auto labels = labels_of(7, 6);
  const auto requests = episodes(labels, shape, 1)->epoch(0, 50 * shape.pictures());
  ASSERT_EQ(requests.size(), size_t(50 * 18));
  std::set<int64_t> seen;
  for (size_t episode = 0; episode < 50; ++episode) {
    std::set<int64_t> classes, pictures;
    for (size_t i = episode * 18; i < (episode + 1) * 18; ++i) {
      const int64_t label = labels[size_t(requests[i].index)];
      classes.insert(label);
      pictures.insert(requests[i].index);
      EXPECT_EQ(label, labels[size_t(requests[i - i % 6].index)]) << "a row is of one class";
      EXPECT_EQ(requests[i].draw, episode);
    }
    EXPECT_EQ(classes.size(), 3u);
    EXPECT_EQ(pictures.size(), 18u);
    seen.insert(pictures.begin(), pictures.end());
  }
  EXPECT_EQ(seen.size(), labels.size()) << "every picture comes";
}

TEST(Episodes, FollowFromSeedAndNumberAlone) {
  const EpisodeShape shape{.ways = 2, .shots = 1, .queries = 3};
  const auto sampler = episodes(labels_of(5, 9), shape, 3);
  const auto ten = sampler->epoch(0, 10 * shape.pictures());
  const auto third_pair = sampler->epoch(2, 2 * shape.pictures());
  EXPECT_TRUE(std::equal(third_pair.begin(), third_pair.end(), ten.begin() + 4 * 8));
  EXPECT_NE(episodes(labels_of(5, 9), shape, 4)->epoch(0, 80), ten);
  // The classes of an episode are the same whatever the number of examples.
  const EpisodeShape five{.ways = 2, .shots = 5, .queries = 3};
  const auto more = episodes(labels_of(5, 9), five, 3)->epoch(0, five.pictures());
  EXPECT_EQ(more[0].index % 5, ten[0].index % 5);
  EXPECT_EQ(more[8].index % 5, ten[4].index % 5);
}

std::string refusal(const std::vector<int64_t>& labels, const EpisodeShape& shape) {
  try {
    episodes(labels, shape, 0);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::kUsage);
    return error.what_happened;
  }
  return "";
}

TEST(Episodes, NeedEnoughClassesAndPictures) {
  EXPECT_EQ(refusal(labels_of(4, 9), {.ways = 5, .shots = 1, .queries = 3}),
            "5 ways, but there are only 4 classes");
  auto labels = labels_of(4, 9);
  labels.resize(34);  // the last two classes have one picture less
  EXPECT_EQ(refusal(labels, {.ways = 2, .shots = 5, .queries = 4}),
            "class 2 has 8 pictures, but an episode takes 9: 5 shots and 4 queries");
  EXPECT_EQ(refusal(labels, {.ways = 4, .shots = 5, .queries = 3}), "");
}

}  // namespace
}  // namespace mra
