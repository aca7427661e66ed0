#pragma once

#include <torch/torch.h>

namespace mra {

// Memory, streams and hooks of the stand-in device, as LibTorch asks a device for them.

inline const c10::Device kStandInDevice(c10::DeviceType::HPU, 0);

/// Gives host memory under the device's name.
c10::Allocator& stand_in_allocator();

/// Gives host memory that counts as pinned.
c10::Allocator& pinned_allocator();
bool is_pinned(const void* place);

}  // namespace mra
