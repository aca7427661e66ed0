#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/hash.h"
#include "harness/cli/commands/commands.h"
#include "harness/weights/convert.h"
#include "harness/weights/weight_file.h"

namespace mra {

namespace {

namespace fs = std::filesystem;

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
  print_json({{"container", file.container()},
              {"state_dict", state_dict_prefix(file)},
              {"metadata", file.metadata()},
              {"tensors", tensors}});
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
  std::string text =
      fmt::format("{}: {}, {}\n", path, file.container(), amount(file.tensors().size(), bytes));
  if (const std::string prefix = state_dict_prefix(file); !prefix.empty())
    text += fmt::format("A model takes the tensors below '{}', without it.\n", prefix);
  if (!table.rows.empty()) text += table.render(context.color_on(1), terminal_width(1));
  print(text);
  return 0;
}

int convert(const Context& context, const std::string& from, const std::string& to) {
  const Converted converted = convert_weights(from, to);
  if (context.json)
    print_json({{"output", to},
                {"container", converted.container},
                {"state_dict", converted.prefix},
                {"tensors", converted.tensors},
                {"bytes", converted.bytes}});
  else
    print(fmt::format("{}: {}, from the {} file {}{}\n", to,
                      amount(converted.tensors, converted.bytes), converted.container, from,
                      converted.prefix.empty()
                          ? ""
                          : fmt::format(", below '{}' and without it", converted.prefix)));
  return 0;
}

}  // namespace

void add_weights_command(CLI::App& app, Context& context) {
  CLI::App* command = add_command(app, "weights", "Look into files of weights, convert them",
                                  "  harness weights inspect resnet50-19c8e357.pth\n"
                                  "  harness weights convert mae.pth mae.safetensors");
  const auto file = std::make_shared<std::string>();
  CLI::App* inspecting =
      add_command(*command, "inspect", "Names, types and shapes; nothing in the file is executed",
                  "  harness weights inspect resnet20.th\n"
                  "  harness weights inspect mae.pth --json   with the SHA-256 of each tensor");
  inspecting->add_option("FILE", *file, "zip, legacy or tar of torch.save, or safetensors")
      ->required();
  inspecting->callback(
      [&context, file] { context.command = [&context, file] { return inspect(context, *file); }; });
  const auto out = std::make_shared<std::string>();
  CLI::App* converting = add_command(*command, "convert", "Write a model's weights as safetensors",
                                     "  harness weights convert resnet20.th resnet20.safetensors");
  converting->add_option("FILE", *file, "zip, legacy or tar of torch.save, or safetensors")
      ->required();
  converting->add_option("OUT", *out, "A new file, NAME.safetensors")->required();
  converting->callback([&context, file, out] {
    context.command = [&context, file, out] { return convert(context, *file, *out); };
  });
}

}  // namespace mra
