#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/weights/weight_file.h"

namespace mra {

namespace {

/// Names under which training programs store a model's weights, the most likely first. Averaged
/// weights are used only when there are no others.
constexpr std::array kEntries = {
    "state_dict", "model",     "model_state_dict", "model_state",    "module",    "net",
    "network",    "weights",   "params",           "state_dict_ema", "model_ema", "ema_state_dict",
    "ema",        "params_ema"};

/// Prefixes that wrappers add to every name: data parallel training, torch.compile(), Lightning.
constexpr std::array kWrappers = {"module.", "_orig_mod.", "model.", "net."};

/// Returns the top entries of the file's dictionary that contain tensors, without optimizer states.
std::vector<std::string> entries_of(const WeightFile& file) {
  std::vector<std::string> entries;
  for (const WeightTensor& tensor : file.tensors()) {
    if (tensor.path.size() < 2) continue;
    const std::string& entry = tensor.path.front();
    if (!entry.starts_with("optim") &&
        std::find(entries.begin(), entries.end(), entry) == entries.end())
      entries.push_back(entry);
  }
  return entries;
}

/// Whether there are tensors below `outer`, all of which have a name that continues with `inner`.
bool all_below(const WeightFile& file, const std::string& outer, const std::string& inner) {
  bool any = false;
  for (const WeightTensor& tensor : file.tensors()) {
    const std::string name = tensor.name();
    if (!name.starts_with(outer)) continue;
    const std::string_view rest = std::string_view(name).substr(outer.size());
    if (!rest.starts_with(inner) || rest.size() == inner.size()) return false;
    any = true;
  }
  return any;
}

/// Returns `prefix` followed by the wrapper prefixes that all names below it have.
std::string with_wrappers(const WeightFile& file, std::string prefix) {
  for (bool longer = true; longer;) {
    longer = false;
    for (const char* wrapper : kWrappers)
      if (all_below(file, prefix, wrapper)) {
        prefix += wrapper;
        longer = true;
      }
  }
  return prefix;
}

void check_entry(const WeightFile& file, const std::string& entry,
                 const std::vector<std::string>& entries) {
  check(!tensors_below(file, entry + ".").empty(), ErrorKind::kUsage, file.path().string(),
        fmt::format("has no tensors below '{}'", shown(entry)),
        entries.empty()
            ? "take all of its tensors, without naming an entry"
            : fmt::format("name one of: {}", shown(fmt::format("{}", fmt::join(entries, ", ")))));
}

}  // namespace

StateDictPlace find_state_dict(const WeightFile& file, const std::string& entry) {
  StateDictPlace place;
  place.others = entries_of(file);
  std::string chosen = entry;
  if (!entry.empty())
    check_entry(file, entry, place.others);
  else
    for (const char* known : kEntries)
      if (chosen.empty() &&
          std::find(place.others.begin(), place.others.end(), known) != place.others.end())
        chosen = known;
  std::erase(place.others, chosen);
  place.prefix = with_wrappers(file, chosen.empty() ? "" : chosen + ".");
  return place;
}

std::map<std::string, const WeightTensor*> tensors_below(const WeightFile& file,
                                                         const std::string& prefix) {
  std::map<std::string, const WeightTensor*> tensors;
  for (const WeightTensor& tensor : file.tensors()) {
    const std::string name = tensor.path.empty() ? "tensor" : tensor.name();
    if (name.starts_with(prefix)) tensors[name.substr(prefix.size())] = &tensor;
  }
  return tensors;
}

std::map<std::string, const WeightTensor*> state_dict_of(const WeightFile& file) {
  return tensors_below(file, find_state_dict(file).prefix);
}

KnownTensors known_tensors(const WeightFile& file, const std::string& prefix,
                           bool (*knows)(const std::string& dtype)) {
  KnownTensors known;
  for (const auto& [name, tensor] : tensors_below(file, prefix))
    if (knows(tensor->dtype))
      known.tensors[name] = tensor;
    else
      known.left_out.push_back(fmt::format("{} ({})", shown(name), tensor->dtype));
  for (const SkippedTensor& tensor : file.skipped())
    if (const std::string name = tensor.name(); name.starts_with(prefix))
      known.left_out.push_back(
          fmt::format("{} ({})", shown(name.substr(prefix.size())), shown(tensor.kind)));
  return known;
}

std::string few(const std::vector<std::string>& names) {
  constexpr size_t kShown = 3;
  const std::vector<std::string> some(names.begin(),
                                      names.begin() + long(std::min(kShown, names.size())));
  return fmt::format("{} ({}{})", names.size(), fmt::join(some, ", "),
                     names.size() > kShown ? ", …" : "");
}

}  // namespace mra
