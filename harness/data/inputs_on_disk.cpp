#include "harness/data/inputs_on_disk.h"

#include <chrono>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/base/tell.h"
#include "harness/data/given_weights.h"
#include "harness/data/manifest.h"
#include "harness/spec/shallow_json.h"
#include "harness/spec/weights_source.h"

namespace mra {

namespace fs = std::filesystem;

InputsOnDisk::InputsOnDisk(ExperimentFolders experiments, std::vector<fs::path> data_dirs,
                           fs::path kept)
    : experiments_(std::move(experiments)),
      data_dirs_(std::move(data_dirs)),
      kept_file_(std::move(kept)) {
  std::error_code ignored;
  if (fs::is_regular_file(kept_file_, ignored)) kept_ = parse_shallow(read_file(kept_file_));
  if (!kept_.is_object()) kept_ = Json::object();
}

/// Returns the path for "file:NAME" or for a path.
static fs::path weights_file(const std::string& value, const std::vector<fs::path>& data_dirs) {
  const auto source = weights_source(value);
  return source ? find_given_weights(source->name, "", data_dirs) : fs::path(value);
}

/// Returns the file of an input that is a single file; nothing when it is absent.
std::optional<fs::path> InputsOnDisk::path_of(const Json& input) const {
  std::optional<fs::path> path;
  if (input.contains("policy"))
    path = find_policy_file(experiments_, input["policy"].get<std::string>());
  else if (input.contains("weights"))
    path = weights_file(input["weights"].get<std::string>(), data_dirs_);
  std::error_code ignored;
  if (path && !fs::is_regular_file(*path, ignored)) return std::nullopt;
  return path;
}

/// A file changed within this time could change again without getting another time stamp.
static bool is_settled(const FileStamp& stamp) {
  constexpr auto kTick = std::chrono::seconds(1);
  const auto changed = std::chrono::nanoseconds(stamp.changed_ns);
  return std::chrono::system_clock::now().time_since_epoch() - changed > kTick;
}

/// `input` has no digest here. Returns an empty text when there is nothing to read.
std::string InputsOnDisk::look_up(const Json& input) const {
  const bool pictures = input.contains("dataset");
  const auto path = path_of(input);
  if (!pictures && !path) return "";
  const FileStamp stamp = pictures ? data_stamp(input["dataset"], data_dirs_) : file_stamp(*path);
  if (stamp.bytes == 0) return "";
  Json& kept = kept_[input.dump()];
  if (kept.is_object() && kept.value("stamp", "") == stamp.text) return kept.value("sha256", "");
  constexpr int64_t kGiB = int64_t{1} << 30;
  if (stamp.bytes > kGiB)
    tell("{}: reading its {} GiB once, so that later changes can be detected\n", input_name(input),
         stamp.bytes / kGiB);
  const std::string sha256 =
      pictures ? data_manifest(input["dataset"], data_dirs_).sha256 : sha256_file(*path);
  kept = {{"stamp", stamp.text}, {"sha256", sha256}};
  if (!is_settled(stamp)) kept_.erase(input.dump());
  keep();
  return sha256;
}

/// A failed write is ignored: the digests are then computed again next time.
void InputsOnDisk::keep() const {
  std::error_code ignored;
  if (!fs::is_directory(kept_file_.parent_path(), ignored)) return;
  try {
    write_file_atomically(kept_file_, kept_.dump(1) + "\n");
  } catch (const Error&) {
  }
}

std::optional<std::string> InputsOnDisk::sha256(const Json& input) const {
  Json plain = input;
  plain.erase("sha256");
  const auto [found, is_new] = looked_up_.try_emplace(plain.dump());
  if (is_new) try {
      std::string sha256 = look_up(plain);
      if (!sha256.empty()) found->second = std::move(sha256);
    } catch (const std::exception&) {  // absent or unreadable: reported by whoever needs it
    }
  return found->second;
}

void InputsOnDisk::forget_dataset(const std::string& name) {
  looked_up_.clear();
  for (auto entry = kept_.begin(); entry != kept_.end();) {
    const Json input = parse_shallow(entry.key());
    const bool named = input.is_object() && input.contains("dataset") &&
                       input["dataset"].is_object() && input["dataset"].value("name", "") == name;
    entry = named ? kept_.erase(entry) : std::next(entry);
  }
}

}  // namespace mra
