#include <memory>

#include <fmt/format.h>

#include "harness/cli/bench_train.h"
#include "harness/cli/commands/commands.h"
#include "harness/run/worker_process.h"

namespace mra {

namespace {

/// One line for each thing that can be measured.
int list_benches(const Context& context, const CLI::App& bench) {
  Json names = Json::array();
  TextTable text{{"name", "measures"}, {}};
  for (const CLI::App* one : bench.get_subcommands({})) {
    names.push_back(one->get_name());
    text.rows.push_back({one->get_name(), one->get_description()});
  }
  if (context.json)
    print_json({{"benches", names}});
  else
    print(text.render(context.color_on(1), terminal_width(1)));
  return 0;
}

void add_train_bench(CLI::App& bench, Context& context) {
  CLI::App* command =
      add_command(bench, "train", "Pictures per second of the training steps of a table's runs",
                  "  harness bench train table6\n"
                  "  harness bench train table6 --scale mini --only Baseline --data-dir ~/photos");
  const auto options = std::make_shared<TrainBench>();
  add_ids(*command, options->selection);
  add_only(*command, options->selection);
  add_scale(*command, options->selection);
  command->add_option("--steps", options->steps, "Training steps of each run")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command->add_option("--warmup-steps", options->warmup_steps, "The first of them, not timed")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  command->add_option("--device", options->device, "auto, cpu, cuda or cuda:N")
      ->capture_default_str();
  command->add_option("--loader-threads", options->loader_threads, "Threads that read pictures")
      ->check(CLI::Range(0, 256))
      ->capture_default_str();
  command->add_option("--save", options->save,
                      "safetensors file for the initial weights and all batches of one run");
  command->callback([&context, options] {
    context.command = [&context, options] { return bench_train(context, *options); };
  });
}

int bench_augment(const Context& context, int size_px) {
  const auto times = json_of_program(
      find_worker(), {"augment-times", "--size", std::to_string(size_px)}, /*show_errors=*/true);
  check(times.has_value(), ErrorKind::kFailure, "augment", "could not be measured",
        "the reason stands above");
  if (context.json) {
    print_json(*times);
    return 0;
  }
  TextTable table{{"augmentation", "of", "time"}, {}};
  const auto add = [&](const Json& entry, const std::string& name, const std::string& of) {
    const bool batch = entry.contains("ms");
    table.rows.push_back({name, of,
                          batch ? fmt::format("{:.2f} ms", entry["ms"].get<double>())
                                : fmt::format("{:.0f} us", entry["us"].get<double>())});
  };
  const std::string picture = fmt::format("a picture of {} px", size_px);
  for (const Json& entry : times->at("operations"))
    add(entry, entry["op"].get<std::string>() + " " + entry.value("resample", ""), picture);
  for (const Json& entry : times->at("methods")) add(entry, entry["name"], picture);
  for (const Json& entry : times->at("batch_methods"))
    add(entry, entry["name"], "128 pictures of 64 px");
  print(table.render(false, terminal_width(1)));
  return 0;
}

void add_augment_bench(CLI::App& bench, Context& context) {
  CLI::App* command = add_command(bench, "augment", "Time of augmentations on one core",
                                  "  harness bench augment\n"
                                  "  harness bench augment --size 64 --json");
  const auto size_px = std::make_shared<int>(224);
  command->add_option("--size", *size_px, "Side of the pictures, in pixels")
      ->check(CLI::Range(8, 4096))
      ->capture_default_str();
  command->callback([&context, size_px] {
    context.command = [&context, size_px] { return bench_augment(context, *size_px); };
  });
}

}  // namespace

void add_bench_command(CLI::App& app, Context& context) {
  CLI::App* bench = add_command(app, "bench", "Rates on this machine",
                                "  harness bench               what can be measured\n"
                                "  harness bench train table6\n"
                                "  harness bench augment");
  bench->require_subcommand(0, 1);
  add_train_bench(*bench, context);
  add_augment_bench(*bench, context);
  bench->callback([&context, bench] {
    if (bench->get_subcommands().empty())
      context.command = [&context, bench] { return list_benches(context, *bench); };
  });
}

}  // namespace mra
