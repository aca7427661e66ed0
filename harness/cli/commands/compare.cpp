#include <fmt/format.h>

#include "harness/cli/commands/commands.h"
#include "harness/data/dataset.h"
#include "harness/store/run_facts.h"
#include "reports/flips.h"

namespace mra {

namespace {

std::string value_text(const Json& entry, const char* side) {
  return entry.contains(side) ? plain_text(entry[side]) : "(absent)";
}

/// A number as a table shows it: "61.5", "-" when there is none.
std::string number_text(const Json& value, const char* format) {
  return value.is_number() ? fmt::format(fmt::runtime(format), value.get<double>()) : "-";
}

std::string differences_text(const std::string& title, const Json& entries, size_t width) {
  if (entries.empty()) return fmt::format("\n{}: the same\n", title);
  TextTable table{{title, "left", "right"}, {}};
  for (const Json& entry : entries)
    table.rows.push_back({"  " + plain_text(entry["pointer"]), value_text(entry, "left"),
                          value_text(entry, "right")});
  return "\n" + table.render(false, width);
}

std::string numbers_text(const std::string& title, const Json& entries, size_t width) {
  TextTable table{{title, "left", "right", "difference"}, {}};
  for (const Json& entry : entries)
    table.rows.push_back({"  " + plain_text(entry["name"]), number_text(entry["left"], "{:.6g}"),
                          number_text(entry["right"], "{:.6g}"),
                          number_text(entry["difference"], "{:+.6g}")});
  return "\n" + table.render(false, width);
}

std::string comparison_text(const Json& compared, size_t width) {
  TextTable head{{"", "run", "state", "started", "experiment"}, {}};
  for (size_t i = 0; i < 2; ++i) {
    const Json& run = compared["runs"][i];
    head.rows.push_back({i == 0 ? "left" : "right",
                         fmt::format("{}-s{}", plain_text(run["key"]), run["seed"].dump()),
                         plain_text(run["state"]), run.value("started_utc", "-"),
                         run.value("experiment", "-")});
  }
  std::string text = head.render(false, width);
  text += differences_text("spec", compared["spec"], width);
  text += differences_text("environment", compared["environment"], width);
  if (!compared["metrics"].empty()) text += numbers_text("metrics", compared["metrics"], width);
  return text + numbers_text("cost", compared["cost"], width);
}

struct TwoRuns {
  std::string left, right;
};

/// What a run keeps of the pictures that it got right; nothing when it has no such evidence.
std::optional<Evidence> evidence_of(const ResultStore& store, const RunId& id) {
  const std::string bytes = store.evidence(id);
  if (bytes.empty()) return std::nullopt;
  return evidence_from_bytes(bytes, fmt::format("evidence of {}", text(id)));
}

/// Names the validation pictures of a run's data set, by number alone where it is not here.
std::function<std::string(int64_t)> picture_names(const Context& context, const Json& run) {
  std::shared_ptr<const Dataset> pictures;
  try {
    pictures = make_dataset(SpecReader(run.at("spec").at("dataset"), "spec.json", "/dataset"),
                            Split::kVal, context.data_folders());
  } catch (const std::exception&) {  // it is not here
  }
  return [pictures](int64_t index) {
    return pictures && index < pictures->size() ? pictures->describe(index)
                                                : fmt::format("picture {}", index);
  };
}

/// Adds "flips" to a comparison, or "flips_reason": why there are none.
void add_flips(Json& compared, const std::optional<Evidence>& left,
               const std::optional<Evidence>& right,
               const std::function<std::string(int64_t)>& name_of) {
  compared["flips"] = Json::array();
  if (!left || !right)
    compared["flips_reason"] = "not both runs keep which pictures they got right";
  else if (const std::string other = other_pictures(*left, *right); !other.empty())
    compared["flips_reason"] = fmt::format("the left one is {}", other);
  else
    compared["flips"] = flips(*left, *right, name_of);
}

int compare_command(const Context& context, const TwoRuns& runs) {
  const auto store = context.results();
  const RunId left = find_run(context.workspace, store, runs.left);
  const RunId right = find_run(context.workspace, store, runs.right);
  const Json first = run_facts(context.workspace, store, left);
  Json compared = comparison(first, run_facts(context.workspace, store, right));
  add_flips(compared, evidence_of(store, left), evidence_of(store, right),
            picture_names(context, first));
  const std::string flipped =
      compared.contains("flips_reason")
          ? fmt::format("\npictures: {}\n", plain_text(compared["flips_reason"]))
          : flips_text(compared["flips"]);
  context.answer(compared, comparison_text(compared, terminal_width(1)) + flipped);
  return 0;
}

}  // namespace

void add_compare_command(CLI::App& app, Context& context) {
  CLI::App* command = add_command(
      app, "compare", "What differs between two runs: spec, environment, metrics, cost, pictures",
      "  harness compare 3f2a 91c0           the beginnings of two keys\n"
      "  harness compare 3f2a91c04d5e6f70-s0 3f2a91c04d5e6f70-s1 --json");
  const auto runs = set_work(*command, context, compare_command);
  add_run_name(*command, runs->left);
  command->add_option("OTHER", runs->right, "The beginning of the other run's KEY-sSEED")
      ->required();
}

}  // namespace mra
