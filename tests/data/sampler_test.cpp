#include "harness/data/sampler.h"

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "harness/base/error.h"

namespace mra {
namespace {

std::vector<int64_t> indices(const std::vector<Request>& requests) {
  std::vector<int64_t> found;
  for (const Request& request : requests) found.push_back(request.index);
  return found;
}

/// How often each picture comes in epochs of `count`; no request may come twice.
std::map<int64_t, int64_t> visits(const Sampler& sampler, int64_t epochs, int64_t count) {
  std::set<std::pair<int64_t, uint32_t>> seen;
  std::map<int64_t, int64_t> found;
  for (int64_t epoch = 0; epoch < epochs; ++epoch)
    for (const Request& request : sampler.epoch(epoch, count)) {
      EXPECT_TRUE(seen.insert({request.index, request.draw}).second)
          << request.index << " with draw " << request.draw << " came twice";
      ++found[request.index];
    }
  return found;
}

TEST(Order, IsAPermutationOfItsOwnForEachSeedAndEpoch) {
  const auto order = shuffled_order(1000, 1, 2);
  std::vector<int64_t> sorted = order;
  std::sort(sorted.begin(), sorted.end());
  for (int64_t i = 0; i < 1000; ++i) ASSERT_EQ(sorted[size_t(i)], i);
  EXPECT_EQ(order, shuffled_order(1000, 1, 2));
  EXPECT_NE(order, shuffled_order(1000, 1, 3));
  EXPECT_NE(order, shuffled_order(1000, 2, 2));
  EXPECT_TRUE(shuffled_order(0, 1, 2).empty());
}

TEST(Samplers, ShuffledHasEveryPictureOnceAnEpochWithTheEpochAsDraw) {
  const auto sampler = shuffled(50, 3);
  for (const auto& [index, times] : visits(*sampler, 4, 50)) EXPECT_EQ(times, 4) << index;
  const auto requests = sampler->epoch(2, 48);
  ASSERT_EQ(requests.size(), 48u);
  for (size_t i = 0; i < 48; ++i) EXPECT_EQ(requests[i], (Request{shuffled_order(50, 3, 2)[i], 2}));
}

TEST(Samplers, InOrderIsInOrder) {
  EXPECT_EQ(indices(in_order(3)->epoch(5, 3)), (std::vector<int64_t>{0, 1, 2}));
  EXPECT_EQ(in_order(3)->epoch(5, 3)[1].draw, 0u);
}

TEST(Samplers, WithReplacementNoRequestComesTwiceAndAllPicturesCome) {
  const auto sampler = with_replacement(20, 1);
  const auto found = visits(*sampler, 10, 200);
  EXPECT_EQ(found.size(), 20u);
  for (const auto& [index, times] : found) EXPECT_NEAR(double(times), 100, 45) << index;
  EXPECT_NE(indices(sampler->epoch(0, 200)), indices(sampler->epoch(1, 200)));
  EXPECT_NE(indices(sampler->epoch(0, 200)), indices(with_replacement(20, 2)->epoch(0, 200)));
  EXPECT_NE(indices(sampler->epoch(0, 200)), indices(with_replacement(20, 1, 1)->epoch(0, 200)));
}

TEST(Samplers, AStreamIsTheSameHoweverItIsCutIntoEpochs) {
  const std::vector<int64_t> labels{0, 0, 0, 1, 2, 2};
  for (const bool aware : {false, true}) {
    const auto sampler = aware ? class_aware(labels, 4, 9) : with_replacement(6, 9);
    const auto whole = sampler->epoch(0, 60);
    for (const int64_t count : {5, 12, 30}) {
      std::vector<Request> parts;
      for (int64_t epoch = 0; epoch < 60 / count; ++epoch)
        for (const Request& request : sampler->epoch(epoch, count)) parts.push_back(request);
      EXPECT_EQ(parts, whole) << count;
    }
  }
}

TEST(Samplers, ClassAwareVisitsEveryClassBeforeAnyComesAgain) {
  const std::vector<int64_t> labels{0, 0, 0, 0, 0, 1, 2, 2, 2};
  const auto sampler = class_aware(labels, 4, 7);
  const auto requests = sampler->epoch(0, 36);
  for (size_t pass = 0; pass < 3; ++pass) {
    std::set<int64_t> classes;
    for (size_t visit = 0; visit < 3; ++visit) {
      std::set<int64_t> of_visit;
      for (size_t i = 0; i < 4; ++i)
        of_visit.insert(labels[size_t(requests[12 * pass + 4 * visit + i].index)]);
      ASSERT_EQ(of_visit.size(), 1u);
      classes.insert(*of_visit.begin());
    }
    EXPECT_EQ(classes.size(), 3u);
  }
  const auto found = visits(*sampler, 5, 36);
  EXPECT_EQ(found.at(5), 60) << "the only picture of its class comes at each place of it";
  EXPECT_EQ(found.at(0) + found.at(1) + found.at(2) + found.at(3) + found.at(4), 60);
  for (int64_t i = 0; i < 5; ++i) EXPECT_EQ(found.at(i), 12);
}

TEST(Samplers, ASubsetKeepsToItsPictures) {
  EXPECT_EQ(indices(subset(in_order(3), {7, 2, 9})->epoch(0, 3)), (std::vector<int64_t>{7, 2, 9}));
}

TEST(Samplers, AClassWithoutPicturesIsRefused) {
  EXPECT_THROW(class_aware({0, 2}, 4, uint64_t(1)), Error);
  EXPECT_THROW(with_replacement(0, 1), Error);
}

TEST(ByClassShares, DrawsClassesByTheirSharesOfTheEpoch) {
  std::vector<int64_t> labels(90, 0);
  labels.insert(labels.end(), 10, 1);
  const auto sampler = by_class_shares(labels, 3, [](int64_t epoch) {
    return class_shares("progressive", {90, 10}, double(epoch));
  });
  for (const auto& [epoch, share] : {std::pair{0, 0.1}, std::pair{1, 0.5}}) {
    const auto requests = sampler->epoch(epoch, 4000);
    int64_t rare = 0;
    for (const Request& request : requests) rare += labels[size_t(request.index)] == 1;
    EXPECT_NEAR(double(rare) / 4000, share, 0.03) << "epoch " << epoch;
    EXPECT_EQ(requests, sampler->epoch(epoch, 4000));
    EXPECT_EQ(requests.front().draw, uint32_t(epoch * 4000));
  }
}

}  // namespace
}  // namespace mra
