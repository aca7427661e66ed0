#include <fmt/format.h>

#include "harness/base/file.h"
#include "harness/cli/commands/commands.h"
#include "harness/data/data_state.h"
#include "harness/data/few_labels.h"

namespace mra {

namespace {

struct LabelsRequest {
  std::string dataset;
  int64_t count = 0;
  uint32_t seed = 0;
  std::filesystem::path output;
};

int write_labels(const Context& context, const LabelsRequest& request) {
  const Json dataset = known_dataset(context.experiment_folders(), request.dataset);
  const auto pictures =
      make_dataset(SpecReader(dataset, "datasets.json"), Split::kTrain, context.data_folders());
  const Choice choice = choose_labels(*pictures, request.count, request.seed, "--count");
  write_file_atomically(request.output, label_list(choice, labels_of(*pictures)).dump(1) + "\n");
  if (context.json)
    print_json({{"file", request.output.string()}, {"labels", choice.indices.size()}});
  else
    print(fmt::format("{}: {} of {} pictures\n", request.output.string(), choice.indices.size(),
                      pictures->size()));
  return 0;
}

}  // namespace

void add_data_labels_command(CLI::App& data, Context& context) {
  CLI::App* command = add_command(
      data, "labels", "Write down which pictures a few labels are given to, as TorchSSL chooses",
      "  harness data labels shapes --count 40 --seed 1 --output labels.json");
  const auto request = std::make_shared<LabelsRequest>();
  command->add_option("NAME", request->dataset, "A data set of harness data list")->required();
  command->add_option("--count", request->count, "Labels of all classes together")
      ->check(CLI::PositiveNumber)
      ->required();
  command->add_option("--seed", request->seed, "The run whose choice it is")->capture_default_str();
  command->add_option("--output", request->output, "The file to write")->required();
  command->callback([&context, request] {
    context.command = [&context, request] { return write_labels(context, *request); };
  });
}

}  // namespace mra
