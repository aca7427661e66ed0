#pragma once

#include <filesystem>
#include <optional>

#include "harness/model/state_dict.h"
#include "harness/record/journal.h"
#include "harness/spec/json.h"

namespace mra {

/// Everything a step depends on: tensors by name and a JSON state.
struct Checkpoint {
  StateDict tensors;  // on the CPU
  Json state;
};

/// Writes a checkpoint with a digest of its content, atomically. The checkpoint it replaces is kept
/// beside it as "….prev.bin". A disk with too little room is an IoError before anything is written
/// or replaced.
void save_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint);

/// The newest whole checkpoint at `path`, or nothing. A damaged one is renamed to "….damaged", with
/// a "warning" in the journal, and the previous one is read instead.
std::optional<Checkpoint> load_checkpoint(const std::filesystem::path& path,
                                          JournalWriter& journal);

/// Where save_checkpoint() keeps the checkpoint before the newest.
std::filesystem::path previous_checkpoint(const std::filesystem::path& path);

/// Deletes the checkpoint and the previous one. A file that cannot be deleted stays: no error.
void remove_checkpoints(const std::filesystem::path& path);

}  // namespace mra
