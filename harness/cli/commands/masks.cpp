#include <fmt/format.h>

#include "harness/base/tell.h"
#include "harness/cli/commands/commands.h"
#include "harness/cli/picture_program.h"
#include "harness/run/worker_process.h"

namespace mra {

namespace fs = std::filesystem;

namespace {

constexpr const char* kAugmentor = "pretrain/mae_mini_r40";       // as in Figure 2
constexpr const char* kClassifier = "recipes/ablation_r50_90ep";  // Table 6's Baseline

struct MasksArguments {
  std::vector<fs::path> images;
  fs::path output, augmentor, classifier;
  std::string scale;  ///< empty: the largest that has been run here
  int64_t seed = 0;
};

/// Fills in the weights that are not given from runs of one scale; false when one is lacking.
bool take_recorded(const Context& context, const SpecLibrary& library, const std::string& scale,
                   MasksArguments& arguments) {
  const auto found = [&](const fs::path& given, const char* experiment) -> std::optional<fs::path> {
    if (!given.empty()) return given;
    return recorded_weights(context, library.experiment(experiment, scale));
  };
  const auto augmentor = found(arguments.augmentor, kAugmentor);
  const auto classifier = found(arguments.classifier, kClassifier);
  if (!augmentor || !classifier) return false;
  arguments.augmentor = *augmentor;
  arguments.classifier = *classifier;
  return true;
}

void find_weights(const Context& context, MasksArguments& arguments) {
  if (!arguments.augmentor.empty() && !arguments.classifier.empty()) return;
  const SpecLibrary library = context.library();
  std::vector<std::string> scales{arguments.scale};
  if (arguments.scale.empty()) scales.assign(library.scales().rbegin(), library.scales().rend());
  for (const std::string& scale : scales)
    if (take_recorded(context, library, scale, arguments)) return;
  const char* lacking = !arguments.augmentor.empty()    ? "--classifier"
                        : !arguments.classifier.empty() ? "--augmentor"
                                                        : "--augmentor, --classifier";
  fail(ErrorKind::kUsage, lacking,
       fmt::format("is not given, and no run in {} has such weights at {} scale",
                   context.workspace.string(), arguments.scale.empty() ? "any" : arguments.scale),
       fmt::format("give the file, or train first: harness run table6 --scale {} "
                   "--only Baseline --only 'Mask Low'",
                   arguments.scale.empty() ? "smoke" : arguments.scale));
}

int masks_command(const Context& context, MasksArguments arguments) {
  check_pictures(arguments.images, arguments.output);
  find_weights(context, arguments);
  std::vector<std::string> words = {"masks",
                                    "--output",
                                    arguments.output.string(),
                                    "--augmentor",
                                    arguments.augmentor.string(),
                                    "--classifier",
                                    arguments.classifier.string(),
                                    "--seed",
                                    std::to_string(arguments.seed),
                                    "--"};
  for (const fs::path& image : arguments.images) words.push_back(image.string());
  Json drawn = ask_worker(words);
  drawn["output"] = arguments.output.string();
  drawn["augmentor"] = arguments.augmentor.string();
  drawn["classifier"] = arguments.classifier.string();
  if (context.json) print_json(drawn);
  if (!context.json) tell("{}\n", arguments.output.string());
  return 0;
}

}  // namespace

void add_masks_command(CLI::App& app, Context& context) {
  CLI::App* command =
      add_command(app, "masks", "Draw what each masking strategy hides in your pictures",
                  "  harness masks cat.jpg dog.jpg -o masks.png\n"
                  "  harness masks cat.jpg -o masks.png --scale mini --seed 3\n"
                  "  harness masks cat.jpg -o masks.png --augmentor mae.safetensors \\\n"
                  "      --classifier resnet.safetensors");
  const auto arguments = set_work(*command, context, masks_command);
  command->add_option("IMAGE", arguments->images, "Picture files")->required();
  command->add_option("-o,--output", arguments->output, "PNG file to write")->required();
  command->add_option("--augmentor", arguments->augmentor,
                      "Weights of a pretraining; default: those of Figure 2's");
  command->add_option("--classifier", arguments->classifier,
                      "Weights of the network whose Grad-CAM is drawn; default: those of Table 6's "
                      "Baseline");
  command->add_option("--scale", arguments->scale,
                      "Scale of the runs to take weights from: smoke, mini or paper; default: the "
                      "largest that has been run");
  command->add_option("--seed", arguments->seed, "Seed of the random masks")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
}

}  // namespace mra
