#pragma once

#include <functional>

#include <torch/torch.h>

namespace mra {

// Memory, streams and hooks of the stand-in device, as LibTorch asks a device for them.

inline const c10::Device kStandInDevice(c10::DeviceType::HPU, 0);

/// Gives host memory under the device's name.
c10::Allocator& stand_in_allocator();

/// Gives host memory that counts as pinned.
c10::Allocator& pinned_allocator();
bool is_pinned(const void* place);

/// Whether the caller has put itself on the stream beside the computing one.
bool beside_computing();
/// Does the copy as late as a device may: when somebody waits for the stream beside.
void copy_later(std::function<void()> copy);

}  // namespace mra
