#include "harness/cli/worker_report.h"

#include "harness/base/error.h"
#include "harness/cli/machine.h"
#include "harness/run/worker_process.h"

namespace mra {

std::optional<Json> worker_report() {
  try {
    return json_of_program(find_worker(), {"doctor"});
  } catch (const Error&) {
    return std::nullopt;
  }
}

Json libraries_json() {
  const auto worker = worker_report();
  return worker ? worker->value("libraries", Json::object()) : Json{{"libtorch", nullptr}};
}

}  // namespace mra
