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

/// Writes a checkpoint with a digest of its content, atomically. The one that stood there before is
/// kept beside it as "….prev.bin". Too little room is an IoError before anything is written; the
/// checkpoint that stood there stays.
void save_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint);

/// The newest whole checkpoint at `path`, or nothing. A damaged one gets the name "….damaged" and a
/// "warning" in the journal; the one before it is taken instead.
std::optional<Checkpoint> load_checkpoint(const std::filesystem::path& path,
                                          JournalWriter& journal);

/// Where save_checkpoint() keeps the checkpoint before the newest.
std::filesystem::path previous_checkpoint(const std::filesystem::path& path);

/// Deletes both, when the run is finished; a file that cannot be deleted stays.
void remove_checkpoints(const std::filesystem::path& path);

}  // namespace mra
