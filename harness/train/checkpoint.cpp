#include "harness/train/checkpoint.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/disk.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/record/run_of.h"
#include "harness/record/set_aside.h"
#include "harness/weights/safetensors.h"

namespace mra {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFormat = "harness-checkpoint-1";

/// Returns the SHA-256 over names, types, shapes and bytes of all tensors and over the state.
std::string digest(const StateDict& tensors, const std::string& state) {
  std::string text = state;
  for (const auto& [name, tensor] : tensors) {
    const std::string_view bytes(static_cast<const char*>(tensor.data_ptr()), tensor.nbytes());
    text += fmt::format("\n{} {} [{}] {}", name, int(tensor.scalar_type()),
                        fmt::join(tensor.sizes(), ","), sha256(bytes));
  }
  return sha256(text);
}

/// Returns the run in whose directory a checkpoint lies; empty for another folder.
std::string run_name(const fs::path& path) {
  const auto id = run_of(path.parent_path());
  return id ? text(*id) : "";
}

/// Refuses the checkpoint of another run, which could fit but would give a wrong result.
void check_run(const fs::path& path, const std::map<std::string, std::string>& metadata) {
  const auto run = metadata.find("run");  // absent in old checkpoints
  const std::string here = run_name(path);
  check(run == metadata.end() || here.empty() || run->second.empty() || run->second == here,
        ErrorKind::kIntegrity, path.string(),
        fmt::format("is of the run {}", run == metadata.end() ? "" : run->second),
        "move it to the folder of that run");
}

Checkpoint read_checkpoint(const fs::path& path) {
  const auto metadata = SafetensorsFile(path).metadata();
  const auto field = [&](const std::string& key) {
    const auto found = metadata.find(key);
    check(found != metadata.end(), ErrorKind::kIntegrity, path.string(),
          fmt::format("lacks '{}': not a checkpoint", key), "repeat the run");
    return found->second;
  };
  check(field("format") == kFormat, ErrorKind::kIntegrity, path.string(),
        "is of another version of the program", "repeat the run");
  check_run(path, metadata);
  Checkpoint checkpoint{read_weights(path), {}};
  check(field("digest") == digest(checkpoint.tensors, field("state")), ErrorKind::kIntegrity,
        path.string(), "its content does not match its digest", "repeat the run");
  checkpoint.state = Json::parse(field("state"));
  return checkpoint;
}

/// Returns an upper bound of the file size: the tensors, and a header with entries and state.
int64_t checkpoint_bytes(const StateDict& tensors, const std::string& state) {
  constexpr int64_t kEntry = 256, kRest = int64_t{1} << 16;
  int64_t bytes = kRest + 2 * int64_t(state.size());  // JSON escapes make it longer
  for (const auto& [name, tensor] : tensors)
    bytes += int64_t(tensor.nbytes()) + int64_t(name.size()) + kEntry;
  return bytes;
}

int64_t size_of(const fs::path& path) {
  std::error_code absent;
  const auto bytes = fs::file_size(path, absent);
  return absent ? 0 : int64_t(bytes);
}

/// Checks that the disk has room for a new checkpoint. The newest one is kept until the new one is
/// complete. The previous one is deleted if there is not enough room otherwise.
void make_room(const fs::path& path, int64_t needed_bytes) {
  const fs::path folder = path.parent_path();
  const fs::path previous = previous_checkpoint(path);
  const int64_t given_up_bytes = fs::exists(path) ? size_of(previous) : 0;
  const int64_t left_bytes = free_bytes(folder).value_or(needed_bytes);
  if (left_bytes < needed_bytes && left_bytes + given_up_bytes >= needed_bytes)
    fs::remove(previous);
  check_room(folder, needed_bytes, "a checkpoint");
}

/// Returns the checkpoint at `path`; nothing if absent or damaged. Sets a damaged one aside.
std::optional<Checkpoint> try_read(const fs::path& path, JournalWriter& journal) {
  if (!fs::exists(path)) return std::nullopt;
  try {
    return read_checkpoint(path);
  } catch (const Error& error) {
    if (error.kind != ErrorKind::kIntegrity) throw;
    const fs::path aside = set_aside(path);
    journal.append("warning", {{"text",
                                "damaged checkpoint, the one before it is used if there is "
                                "one, else the run starts from the beginning"},
                               {"file", path.filename().string()},
                               {"reason", error.what_happened},
                               {"kept_as", aside.filename().string()}});
    return std::nullopt;
  }
}

}  // namespace

fs::path previous_checkpoint(const fs::path& path) {
  return fs::path(path).replace_extension(".prev" + path.extension().string());
}

void save_checkpoint(const fs::path& path, const Checkpoint& checkpoint) {
  StateDict tensors;
  for (const auto& [name, tensor] : checkpoint.tensors)
    tensors[name] = tensor.detach().cpu().contiguous();
  const std::string state = checkpoint.state.dump();
  make_room(path, checkpoint_bytes(tensors, state));
  // The file is replaced in two steps. After a crash between them only the previous checkpoint
  // exists; training from it gives the same result.
  write_atomically(path, [&](const fs::path& temporary) {
    write_weights(temporary, tensors,
                  {{"format", kFormat},
                   {"run", run_name(path)},
                   {"state", state},
                   {"digest", digest(tensors, state)}});
    if (fs::exists(path)) fs::rename(path, previous_checkpoint(path));
  });
}

std::optional<Checkpoint> load_checkpoint(const fs::path& path, JournalWriter& journal) {
  if (auto newest = try_read(path, journal)) return newest;
  return try_read(previous_checkpoint(path), journal);
}

void remove_checkpoints(const fs::path& path) {
  std::error_code ignored;
  fs::remove(path, ignored);
  fs::remove(previous_checkpoint(path), ignored);
}

}  // namespace mra
