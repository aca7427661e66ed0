#pragma once

#include <cstdint>
#include <map>
#include <string>

#include <torch/torch.h>

namespace mra {

// A device that is not the CPU, for machines without a GPU. To LibTorch it is one: it refuses to
// mix its tensors with those of the CPU. Its memory is the host's, and its operators are the CPU's
// on the same bytes, so results are the CPU's. It stands under the key HPU, which nothing in
// LibTorch's wheel uses.

/// The one device of this kind.
torch::Device stand_in_device();

/// What crossed between host and device.
struct Traffic {
  int64_t uploads = 0;           ///< copies of host tensors to the device
  int64_t uploads_beside = 0;    ///< those on the stream beside the computing one
  int64_t pageable_uploads = 0;  ///< those of memory that is not pinned: a GPU would wait
  int64_t upload_bytes = 0;
  int64_t reads =
      0;  ///< copies to the host, and values asked for: a GPU would finish its work first
  std::map<std::string, int64_t> read_by;  ///< reads by operator
};

/// Since the start of the program.
const Traffic& traffic();
Traffic operator-(const Traffic& after, const Traffic& before);

}  // namespace mra
