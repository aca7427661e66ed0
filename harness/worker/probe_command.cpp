#include "harness/worker/probe_command.h"

#include <fmt/format.h>

#include "harness/train/determinism.h"
#include "harness/train/device.h"
#include "harness/worker/run_request.h"

namespace mra {

int probe_run(const ExecuteOptions& options, ProbeOptions steps,
              const std::filesystem::path& save) {
  const RunRequest request = read_request(RunDirectory(options.directory));
  const torch::Device device = select_device(options.device);
  set_threads(options.threads);
  choose_kernels(options.determinism, request.spec.recipe.precision);
  Json inputs = Json::array();  // filled, but not recorded
  const auto task = make_task(options, request, device, inputs);
  steps.keep_inputs = !save.empty();
  const ProbeResult result = probe(*task, request.spec.recipe, device, steps);
  if (!save.empty()) write_weights(save, result.kept);
  const Json report = {{"images_per_s", result.images_per_s},
                       {"data_wait_frac", result.data_wait_frac},
                       {"losses", result.losses},
                       {"device", describe_device(device)},
                       {"threads", at::get_num_threads()},
                       {"loader_threads", options.loader_threads}};
  fmt::print("{}\n", report.dump());
  return 0;
}

}  // namespace mra
