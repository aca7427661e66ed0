#include <cstdlib>

#include <fmt/format.h>
#include <spdlog/version.h>

#include "harness/base/build_info.h"
#include "harness/base/hash.h"
#include "harness/cli/commands/commands.h"
#include "harness/data/library_versions.h"
#include "harness/run/worker_process.h"

namespace mra {

/// Of the libraries of this program alone.
static Json own_libraries() {
  Json libraries = data_libraries();
  libraries.update(Json(store_libraries()));
  libraries["cli11"] = CLI11_VERSION;
  libraries["spdlog"] =
      fmt::format("{}.{}.{}", SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR, SPDLOG_VER_PATCH);
  return libraries;
}

void tell_workers(const std::vector<std::string>& arguments) {
  const Json told = {{"command_line", arguments}, {"libraries", own_libraries()}};
  ::setenv("HARNESS_STARTED_BY", told.dump(-1, ' ', false, Json::error_handler_t::replace).c_str(),
           /*replace=*/1);
}

int print_version(const Context& context) {
  const BuildInfo build = build_info();
  if (!context.json) {
    print(fmt::format("harness {}\n", build.version));
    return 0;
  }
  Json libraries = own_libraries();
  libraries["libtorch"] = nullptr;
  if (const auto worker = worker_report())
    libraries.update(worker->value("libraries", Json::object()));
  print_json({{"version", build.version},
              {"commit", build.commit},
              {"dirty", build.dirty},
              {"patch_sha256", build.patch.empty() ? Json() : Json(sha256(build.patch))},
              {"compiler", build.compiler},
              {"flags", build.flags},
              {"build_type", build.build_type},
              {"libraries", libraries}});
  return 0;
}

}  // namespace mra
