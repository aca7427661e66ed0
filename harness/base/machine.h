#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace mra {

/// The resources that this process may use.
struct Machine {
  int threads = 1;           ///< processors it may run on, limited by the container
  int64_t memory_bytes = 0;  ///< of the machine or of the container, whichever is less
  std::optional<int64_t> available_bytes;  ///< memory that is free now
};
Machine this_machine();

/// The free bytes where `folder` is or would be created, and whether it is writable.
struct FolderState {
  int64_t free_bytes = 0;
  bool writable = false;
};
FolderState folder_state(std::filesystem::path folder);

}  // namespace mra
