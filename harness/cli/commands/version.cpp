#include <fmt/format.h>

#include "harness/base/build_info.h"
#include "harness/base/hash.h"
#include "harness/cli/commands/commands.h"
#include "harness/cli/worker_report.h"

namespace mra {

int print_version(const Context& context) {
  const BuildInfo build = build_info();
  if (!context.json) {
    print(fmt::format("harness {}\n", build.version));
    return 0;
  }
  print_json({{"version", build.version},
              {"commit", build.commit},
              {"dirty", build.dirty},
              {"patch_sha256", build.patch.empty() ? Json() : Json(sha256(build.patch))},
              {"compiler", build.compiler},
              {"flags", build.flags},
              {"build_type", build.build_type},
              {"libraries", libraries_json()}});
  return 0;
}

}  // namespace mra
