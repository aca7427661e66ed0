#include "harness/base/side_thread.h"

#include <future>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace mra {
namespace {

TEST(SideThread, DoesItsWorkInOrderOnOneThread) {
  std::vector<int> done;
  std::thread::id begun_on;
  SideThread thread([&] { begun_on = std::this_thread::get_id(); });
  thread.run([&] { done.push_back(1); });
  thread.run([&] { done.push_back(2); });
  const auto id = thread.run([] { return std::this_thread::get_id(); }).get();
  EXPECT_EQ(done, (std::vector<int>{1, 2}));
  EXPECT_EQ(id, begun_on);
  EXPECT_NE(id, std::this_thread::get_id());
}

TEST(SideThread, PassesOnWhatTheWorkThrows) {
  SideThread thread([] {});
  auto failing = thread.run([]() -> int { throw std::runtime_error("no picture"); });
  EXPECT_THROW(failing.get(), std::runtime_error);
  EXPECT_EQ(thread.run([] { return 7; }).get(), 7);
}

TEST(SideThread, EndsWithTheWorkInHand) {
  std::promise<void> begun, go_on;
  std::thread other;
  bool done = false;
  {
    SideThread thread([] {});
    thread.run([&] {
      begun.set_value();
      go_on.get_future().wait();
      done = true;
    });
    begun.get_future().wait();
    other = std::thread([&] { go_on.set_value(); });
  }
  EXPECT_TRUE(done);
  other.join();
}

}  // namespace
}  // namespace mra
