#include "tests/fuzz/target.h"

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace mra {

const std::vector<FuzzTarget>& fuzz_targets() {
  static const std::vector<FuzzTarget> kTargets = {
      {"arguments", fuzz_arguments},
      {"capsule", fuzz_capsule, repair_tar},
      {"dataset", fuzz_dataset},
      {"evidence", fuzz_evidence},
      {"journal", fuzz_journal, repair_journal},
      {"judgement", fuzz_judgement},
      {"lists", fuzz_lists},
      {"mat", fuzz_mat},
      {"picture_jpeg", fuzz_picture},
      {"picture_other", fuzz_picture},
      {"policy", fuzz_policy},
      {"progress", fuzz_progress},
      {"record", fuzz_record, repair_record},
      {"spec", fuzz_spec},
      {"table", fuzz_table},
      {"trace", fuzz_trace, repair_journal},
      {"weights_legacy", fuzz_weights_legacy},
      {"weights_safetensors", fuzz_weights_safetensors},
      {"weights_tar", fuzz_weights_tar, repair_tar},
      {"weights_zip", fuzz_weights_zip, repair_zip},
  };
  return kTargets;
}

std::vector<std::string_view> parts(std::string_view bytes) {
  std::vector<std::string_view> found;
  for (size_t end; (end = bytes.find("%%\n")) != std::string_view::npos;) {
    found.push_back(bytes.substr(0, end));
    bytes.remove_prefix(end + 3);
  }
  found.push_back(bytes);
  return found;
}

void must(bool holds, const std::string& what) {
  if (!holds) throw std::logic_error(what);
}

/// With FUZZ_VERBOSE in the environment every refusal is told: what a seed is good for.
static void must_be_whole(const Error& error) {
  if (std::getenv("FUZZ_VERBOSE")) std::fprintf(stderr, "refused: %s\n", error.what());
  must(!error.what_happened.empty() && !error.cure.empty(),
       std::string("an error without what happened or cure: ") + error.what());
}

bool reads_or_refuses(ErrorKind kind, const std::function<void()>& read) {
  try {
    read();
    return true;
  } catch (const Error& error) {
    must_be_whole(error);
    must(error.kind == kind, std::string("an error of another kind: ") + error.what());
    return false;
  }
}

bool reads_or_refuses(const std::function<void()>& read) {
  try {
    read();
    return true;
  } catch (const Error& error) {
    must_be_whole(error);
    return false;
  }
}

}  // namespace mra
