#include "tests/device/stand_in_memory.h"

#include <cstring>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/detail/HPUHooksInterface.h>
#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>

namespace mra {

namespace {

/// Host memory under the device's name.
class StandInAllocator : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t bytes) override {
    auto* memory = new c10::DataPtr(c10::GetCPUAllocator()->allocate(bytes));
    return {memory->get(), memory, &release, kStandInDevice};
  }
  c10::DeleterFnPtr raw_deleter() const override { return nullptr; }
  void copy_data(void* to, const void* from, size_t bytes) const override {
    std::memcpy(to, from, bytes);
  }

 private:
  static void release(void* memory) { delete static_cast<c10::DataPtr*>(memory); }
};
StandInAllocator allocator;
REGISTER_ALLOCATOR(c10::DeviceType::HPU, &allocator)

/// Host memory that is known as pinned.
class PinnedAllocator : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t bytes) override {
    auto* memory = new c10::DataPtr(c10::GetCPUAllocator()->allocate(bytes));
    void* const start = memory->get();
    const std::lock_guard lock(lock_);
    pinned_[start] = bytes;
    return {start, memory, &release, c10::kCPU};
  }
  c10::DeleterFnPtr raw_deleter() const override { return nullptr; }
  void copy_data(void* to, const void* from, size_t bytes) const override {
    std::memcpy(to, from, bytes);
  }
  bool holds(const void* place) {
    const std::lock_guard lock(lock_);
    auto after = pinned_.upper_bound(const_cast<void*>(place));
    if (after == pinned_.begin()) return false;
    --after;
    return static_cast<const char*>(place) < static_cast<const char*>(after->first) + after->second;
  }

 private:
  static void release(void* pointer);
  std::mutex lock_;
  std::map<void*, size_t> pinned_;
};
PinnedAllocator pinned;

void PinnedAllocator::release(void* pointer) {
  auto* memory = static_cast<c10::DataPtr*>(pointer);
  {
    const std::lock_guard lock(pinned.lock_);
    pinned.pinned_.erase(memory->get());
  }
  delete memory;
}

thread_local c10::Stream current(c10::Stream::DEFAULT, kStandInDevice);
const c10::Stream beside(c10::Stream::UNSAFE, kStandInDevice, 1);

/// Copies that somebody must wait for.
std::vector<std::function<void()>> late;
std::mutex late_lock;

void finish_copies() {
  std::vector<std::function<void()>> copies;
  {
    const std::lock_guard lock(late_lock);
    copies.swap(late);
  }
  for (const auto& copy : copies) copy();
}

/// Index 0 throughout: the autograd engine counts its queues by it. The computing stream is always
/// done; the one beside it waits until it is asked.
struct StandInGuard : c10::impl::DeviceGuardImplInterface {
  c10::DeviceType type() const override { return kStandInDevice.type(); }
  c10::Device exchangeDevice(c10::Device) const override { return kStandInDevice; }
  c10::Device getDevice() const override { return kStandInDevice; }
  void setDevice(c10::Device) const override {}
  void uncheckedSetDevice(c10::Device) const noexcept override {}
  c10::Stream getStream(c10::Device) const override { return current; }
  c10::Stream getDefaultStream(c10::Device) const override {
    return c10::Stream(c10::Stream::DEFAULT, kStandInDevice);
  }
  c10::Stream getStreamFromGlobalPool(c10::Device, bool) const override { return beside; }
  c10::Stream exchangeStream(c10::Stream stream) const override {
    return std::exchange(current, stream);
  }
  c10::DeviceIndex deviceCount() const noexcept override { return 1; }
  void record(void**, const c10::Stream&, const c10::DeviceIndex,
              const c10::EventFlag) const override {}
  void block(void*, const c10::Stream&) const override {}
  bool queryEvent(void*) const override { return true; }
  bool queryStream(const c10::Stream&) const override { return true; }
  void synchronizeStream(const c10::Stream& stream) const override {
    if (stream == beside) finish_copies();
  }
  void synchronizeEvent(void*) const override {}
  void synchronizeDevice(const c10::DeviceIndex) const override {}
};
C10_REGISTER_GUARD_IMPL(HPU, StandInGuard)

}  // namespace

bool beside_computing() {
  return current == beside;
}

void copy_later(std::function<void()> copy) {
  const std::lock_guard lock(late_lock);
  late.push_back(std::move(copy));
}

c10::Allocator& stand_in_allocator() {
  return allocator;
}

c10::Allocator& pinned_allocator() {
  return pinned;
}

bool is_pinned(const void* place) {
  return pinned.holds(place);
}

}  // namespace mra

/// LibTorch looks for a class of this name.
struct HPUHooks : at::HPUHooksInterface {
  explicit HPUHooks(at::HPUHooksArgs) {}
  void init() const override {}
  bool hasHPU() const override { return true; }
  bool isBuilt() const override { return true; }
  bool isAvailable() const override { return true; }
  bool hasPrimaryContext(c10::DeviceIndex) const override { return true; }
  c10::DeviceIndex deviceCount() const override { return 1; }
  c10::DeviceIndex getCurrentDevice() const override { return 0; }
  void setCurrentDevice(c10::DeviceIndex) const override {}
  c10::DeviceIndex exchangeDevice(c10::DeviceIndex) const override { return 0; }
  c10::DeviceIndex maybeExchangeDevice(c10::DeviceIndex) const override { return 0; }
  bool isPinnedPtr(const void* place) const override { return mra::is_pinned(place); }
  c10::Allocator* getPinnedMemoryAllocator() const override { return &mra::pinned_allocator(); }
  c10::Device getDeviceFromPtr(void*) const override { return mra::kStandInDevice; }
  const at::Generator& getDefaultGenerator(c10::DeviceIndex) const override {
    return at::detail::getDefaultCPUGenerator();
  }
};
namespace at {
using ::HPUHooks;
REGISTER_HPU_HOOKS(HPUHooks)
}  // namespace at
