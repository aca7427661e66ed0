#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/hash.h"
#include "harness/base/text.h"
#include "harness/cli/commands/commands.h"
#include "harness/weights/convert.h"
#include "harness/weights/weight_file.h"

namespace mra {

namespace {

constexpr const char* kContainers = "zip, legacy or tar of torch.save, or safetensors";

std::string sha256_of(const WeightBytes& bytes) {
  return sha256({reinterpret_cast<const char*>(bytes.bytes.data()), bytes.bytes.size()});
}

/// Reads every value: their hashes are what scripts compare.
void print_inspected_json(const WeightFile& file) {
  Json tensors = Json::array();
  for (const WeightTensor& tensor : file.tensors())
    tensors.push_back({{"name", tensor.name()},
                       {"dtype", tensor.dtype},
                       {"shape", tensor.shape},
                       {"sha256", sha256_of(file.bytes(tensor))}});
  Json skipped = Json::array();
  for (const SkippedTensor& tensor : file.skipped())
    skipped.push_back({{"name", tensor.name()}, {"kind", tensor.kind}});
  const StateDictPlace place = find_state_dict(file);
  print_json({{"container", file.container()},
              {"state_dict", place.prefix},
              {"other_entries", place.others},
              {"metadata", file.metadata()},
              {"tensors", tensors},
              {"skipped", skipped}});
}

/// Which entries could be taken instead, and how.
std::string other_entries(const StateDictPlace& place) {
  if (place.others.empty()) return "";
  return fmt::format(
      "There are tensors below {}, too: harness weights convert FILE OUT --entry {}\n",
      shown(fmt::format("{}", fmt::join(place.others, ", "))), shown(place.others.front()));
}

/// "97 tensors, 1.0 MiB".
std::string amount(size_t tensors, size_t bytes) {
  return fmt::format("{} tensor{}, {}", tensors, tensors == 1 ? "" : "s",
                     short_size(int64_t(bytes)));
}

int inspect(const Context& context, const std::string& path) {
  const WeightFile file(path);
  if (context.json) {
    print_inspected_json(file);
    return 0;
  }
  size_t bytes = 0;
  TextTable table{{"tensor", "dtype", "shape"}, {}, /*shrink=*/0};
  for (const WeightTensor& tensor : file.tensors()) {
    bytes += tensor.size_bytes();
    table.rows.push_back({tensor.path.empty() ? "(the file itself)" : tensor.name(), tensor.dtype,
                          fmt::format("[{}]", fmt::join(tensor.shape, ", "))});
  }
  std::string text = fmt::format("{}: {}, {}\n", shown(path), file.container(),
                                 amount(file.tensors().size(), bytes));
  const StateDictPlace place = find_state_dict(file);
  if (!place.prefix.empty())
    text += fmt::format("A model takes the tensors below '{}', without this prefix.\n",
                        shown(place.prefix));
  text += other_entries(place);
  for (const SkippedTensor& tensor : file.skipped())
    text += fmt::format("Tensor '{}' is not read: {}.\n", shown(tensor.name()), shown(tensor.kind));
  if (!table.rows.empty()) text += table.render(context.color_on(1), terminal_width(1));
  print(text);
  return 0;
}

struct ConvertArguments {
  std::string from, to, entry;
};

int convert(const Context& context, const ConvertArguments& asked) {
  const auto& [from, to, entry] = asked;
  const Converted converted = convert_weights(from, to, entry);
  const std::string& prefix = converted.place.prefix;
  if (context.json)
    print_json({{"output", to},
                {"container", converted.container},
                {"state_dict", prefix},
                {"other_entries", converted.place.others},
                {"left_out", converted.left_out},
                {"tensors", converted.tensors},
                {"bytes", converted.bytes}});
  else
    print(fmt::format(
        "{}: {}, from the {} file {}{}\n{}{}", shown(to),
        amount(converted.tensors, converted.bytes), converted.container, shown(from),
        prefix.empty() ? "" : fmt::format(", below '{}' and without this prefix", shown(prefix)),
        other_entries(converted.place),
        converted.left_out.empty() ? ""
                                   : fmt::format("Left out, as safetensors cannot hold them: {}\n",
                                                 few(converted.left_out))));
  return 0;
}

}  // namespace

static void add_inspect(CLI::App& weights, Context& context) {
  CLI::App* command =
      add_command(weights, "inspect", "Names, types and shapes; nothing in the file is executed",
                  "  harness weights inspect resnet20.th\n"
                  "  harness weights inspect mae.pth --json   with the SHA-256 of each tensor");
  command->add_option("FILE", *set_work(*command, context, inspect), kContainers)->required();
}

static void add_convert(CLI::App& weights, Context& context) {
  CLI::App* command =
      add_command(weights, "convert", "Write a model's weights as safetensors",
                  "  harness weights convert resnet20.th resnet20.safetensors\n"
                  "  harness weights convert timm.pth ema.safetensors --entry state_dict_ema");
  const auto asked = set_work(*command, context, convert);
  command->add_option("FILE", asked->from, kContainers)->required();
  command->add_option("OUT", asked->to, "File to write, NAME.safetensors")->required();
  command->add_option("--entry", asked->entry,
                      "Take the tensors below this name; default: where a model's usually are");
}

void add_weights_command(CLI::App& app, Context& context) {
  CLI::App* command = add_command(app, "weights", "Inspect and convert files of weights",
                                  "  harness weights inspect resnet50-19c8e357.pth\n"
                                  "  harness weights convert mae.pth mae.safetensors");
  for (const auto add : {add_inspect, add_convert}) add(*command, context);
}

}  // namespace mra
