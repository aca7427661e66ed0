#include "harness/worker/run_request.h"

#include <fmt/format.h>

#include "baselines/catalog.h"
#include "harness/base/error.h"
#include "harness/base/hash.h"
#include "harness/data/given_weights.h"
#include "harness/spec/inherit.h"
#include "harness/spec/inputs.h"
#include "harness/spec/weights_source.h"

namespace mra {

RunRequest read_request(const RunDirectory& directory) {
  const std::string file = directory.spec_file().string();
  SpecReader reader(read_json_file(file), file);
  RunRequest request;
  request.id = {reader.required<std::string>("key"), reader.required<int64_t>("seed")};
  request.spec = read_experiment(reader.required<Json>("spec"),
                                 reader.required<std::string>("experiment"), file);
  request.inputs = reader.optional<std::vector<Json>>("inputs", {});
  reader.reject_unread_keys();
  check(request.spec.key == request.id.key, ErrorKind::kIntegrity, file,
        fmt::format("its spec has the key {}, not {}", request.spec.key, request.id.key),
        "remove the run directory and repeat the command");
  return request;
}

TaskContext task_context(const ExecuteOptions& options, const RunRequest& request,
                         const Catalog& catalog, torch::Device device, Json& inputs) {
  TaskContext context{.spec = request.spec,
                      .catalog = catalog,
                      .seed = request.id.seed,
                      .data_dirs = options.data_dirs,
                      .loader_threads = options.loader_threads,
                      .method = {}};
  context.method.device = device;
  context.method.precision = request.spec.recipe.precision;
  context.method.reads = [&inputs](Json input, const std::filesystem::path& path) {
    input["sha256"] = sha256_file(path);
    add_input(inputs, input);
  };
  context.method.weights_of =
      [&, reads = context.method.reads](const std::string& value) -> std::filesystem::path {
    const auto source = weights_source(value);
    if (!source || source->kind == WeightsSource::Kind::kFile) {
      const std::filesystem::path path =
          source ? find_given_weights(source->name, request.spec.file, options.data_dirs)
                 : std::filesystem::path(value);
      reads({{"weights", value}}, path);
      return path;
    }
    const auto found = options.inputs.find(source->name);
    check(found != options.inputs.end(), ErrorKind::kFailure, options.directory.string(),
          fmt::format("the weights of {} are not given", value),
          "start runs through `harness run`, which passes them");
    return found->second;
  };
  return context;
}

const Catalog& full_catalog() {
  static const Catalog kCatalog = [] {
    Catalog catalog;
    register_tasks(catalog);
    register_methods(catalog);
    return catalog;
  }();
  return kCatalog;
}

std::unique_ptr<Task> make_task(const ExecuteOptions& options, const RunRequest& request,
                                torch::Device device, Json& inputs) {
  return make_task(task_context(options, request, full_catalog(), device, inputs));
}

}  // namespace mra
