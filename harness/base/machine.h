#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace mra {

/// What this process may use of the machine.
struct Machine {
  int threads = 1;           ///< processors it may run on, a container's limit included
  int64_t memory_bytes = 0;  ///< of the machine or of the container, the smaller
  std::optional<int64_t> available_bytes;  ///< of memory that is free to be taken
};
Machine this_machine();

/// Free bytes where `folder` lies or would be made, and whether it can be written.
struct FolderState {
  int64_t free_bytes = 0;
  bool writable = false;
};
FolderState folder_state(std::filesystem::path folder);

}  // namespace mra
