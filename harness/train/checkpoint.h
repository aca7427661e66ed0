#pragma once

#include <filesystem>
#include <optional>

#include "harness/model/state_dict.h"
#include "harness/record/journal.h"
#include "harness/spec/json.h"

namespace mra {

/// Everything that the next step depends on: tensors by name, and a JSON state.
struct Checkpoint {
  StateDict tensors;  // on the CPU
  Json state;
};

/// Writes a checkpoint with a digest of its content, atomically. The one it replaces is kept beside
/// it as "….prev.bin". Throws an IoError, before anything is written or replaced, when the disk has
/// too little room.
void save_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint);

/// Returns the newest undamaged checkpoint at `path`, or nothing. A damaged one is renamed to
/// "….damaged", with a "warning" in the journal, and the previous one is read instead.
std::optional<Checkpoint> load_checkpoint(const std::filesystem::path& path,
                                          JournalWriter& journal);

/// Returns where save_checkpoint() keeps the previous checkpoint.
std::filesystem::path previous_checkpoint(const std::filesystem::path& path);

/// Deletes the checkpoint and the previous one. Ignores a file that cannot be deleted.
void remove_checkpoints(const std::filesystem::path& path);

}  // namespace mra
