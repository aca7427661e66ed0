#include <algorithm>

#include <fmt/format.h>

#include "harness/base/suggest.h"
#include "harness/base/tell.h"
#include "harness/cli/arguments.h"
#include "harness/cli/commands/commands.h"
#include "harness/cli/picture_program.h"
#include "harness/run/worker_process.h"
#include "harness/spec/catalog_names.h"

namespace mra {

namespace fs = std::filesystem;

namespace {

struct AugmentArguments {
  std::string method;
  std::vector<fs::path> images;
  fs::path output;
  fs::path weights;
  int64_t seed = 0;
  int draws = 4;
  int size_px = 0;
};

/// "option=value" of --set as the options of a method; the value is JSON, or else a word.
Json options_of(const Context& context) {
  Json options = Json::object();
  for (const std::string& text : context.overrides) {
    const auto [pointer, value] = parse_override(text.starts_with("/") ? text : "/" + text);
    options[Json::json_pointer(pointer)] = value;
  }
  return options;
}

/// The weights of the paper's pretraining, at the largest scale that has been run here.
fs::path pretrained_here(const Context& context) {
  const SpecLibrary library(context.experiment_folders());
  for (const char* scale : {"paper", "mini", "smoke"})
    if (const auto path =
            recorded_weights(context, library.experiment("pretrain/mae_mini_r40", scale)))
      return *path;
  fail(ErrorKind::kUsage, "--weights", "no augmentor has been pretrained in this workspace",
       "give --weights FILE, or run one first: harness run table6 --only 'Mask Low'");
}

int augment_command(const Context& context, AugmentArguments arguments) {
  arguments.method = match_name(arguments.method, augmentation_names(), "method");
  check_pictures(arguments.images, arguments.output);
  const Json options = options_of(context);
  if (arguments.method == "mra" && arguments.weights.empty() && !options.contains("weights"))
    arguments.weights = pretrained_here(context);
  std::vector<std::string> words = {"augment",   arguments.method,
                                    "--output",  arguments.output.string(),
                                    "--options", options.dump(),
                                    "--seed",    std::to_string(arguments.seed),
                                    "--draws",   std::to_string(arguments.draws),
                                    "--size",    std::to_string(arguments.size_px)};
  if (!arguments.weights.empty())
    words.insert(words.end(), {"--weights", arguments.weights.string()});
  words.push_back("--");
  for (const fs::path& image : arguments.images) words.push_back(image.string());
  Json drawn = ask_worker(words);
  drawn["output"] = arguments.output.string();
  drawn["method"] = arguments.method;
  if (context.json) print_json(drawn);
  if (!context.json) tell("{}\n", arguments.output.string());
  return 0;
}

}  // namespace

void add_augment_command(CLI::App& app, Context& context) {
  CLI::App* command = add_command(
      app, "augment", "Apply an augmentation to your pictures and draw the results",
      "  harness augment randaugment cat.jpg -o grid.png\n"
      "  harness augment randaugment cat.jpg -o grid.png --set n=1 --set m=20 --seed 3\n"
      "  harness augment cutmix cat.jpg dog.jpg -o grid.png\n"
      "  harness augment mra cat.jpg -o grid.png --weights augmentor.safetensors");
  const auto arguments = set_work(*command, context, augment_command);
  command->add_option("METHOD", arguments->method, "Its name in specs: autoaugment, cutmix, mra, …")
      ->required();
  command->add_option("IMAGE", arguments->images, "Picture files; mixing methods take two or more")
      ->required();
  command->add_option("-o,--output", arguments->output, "PNG file to write")->required();
  command->add_option(
      "--weights", arguments->weights,
      "Weights of MRA's augmentor; default: those of a pretraining in this workspace");
  command->add_option("--seed", arguments->seed, "Seed of the random draws")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_option("--draws", arguments->draws, "Number of draws for each picture")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  command
      ->add_option("--size", arguments->size_px,
                   "Side in pixels to which pictures are made square first; default: 224, or the "
                   "augmentor's")
      ->check(CLI::Range(1, 4096));
}

}  // namespace mra
