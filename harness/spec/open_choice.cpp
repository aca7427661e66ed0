#include "harness/spec/open_choice.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/suggest.h"

namespace mra {

static ChoiceAlternative read_alternative(SpecReader spec) {
  ChoiceAlternative read{spec.required<std::string>("name"),
                         spec.optional<std::vector<std::string>>("set", {}),
                         spec.optional<std::string>("needs", "")};
  spec.reject_unread_keys();
  check(read.set.empty() != read.needs.empty() || spec.describing(), ErrorKind::kUsage,
        spec.where(), "says not how it is run, or says it twice",
        R"(give "set", values of --set, or "needs", what else it takes)");
  return read;
}

static OpenChoice read_choice(SpecReader spec, const std::string& id) {
  OpenChoice choice;
  choice.id = id;
  choice.where = spec.where();
  choice.question = spec.required<std::string>("question");
  choice.place = spec.required<std::string>("place");
  choice.tables = spec.required<std::vector<std::string>>("tables");
  choice.chosen = spec.required<std::string>("default");
  choice.reason = spec.required<std::string>("reason");
  std::set<std::string> names;
  for (SpecReader& alternative : spec.children("alternatives")) {
    const std::string place = alternative.where("name");
    choice.alternatives.push_back(read_alternative(std::move(alternative)));
    check(names.insert(choice.alternatives.back().name).second, ErrorKind::kUsage, place,
          fmt::format("'{}' stands twice", choice.alternatives.back().name),
          "give each alternative its own name");
  }
  spec.reject_unread_keys();
  return choice;
}

std::vector<OpenChoice> open_choices(const SpecLibrary& library) {
  const std::string name = "open_choices.json";
  std::vector<OpenChoice> choices;
  const Json entries = library.folders().entries_of(name);
  for (const auto& [id, entry] : entries.items()) {
    const std::string file = library.folders().file_of_entry(name, id).string();
    choices.push_back(read_choice(SpecReader(entry, file, "/" + id), id));
    for (const std::string& table : choices.back().tables) {
      const auto& known = library.table_ids();
      check(std::count(known.begin(), known.end(), table) > 0, ErrorKind::kUsage,
            choices.back().where + "/tables", fmt::format("'{}' is unknown", table),
            suggestion(table, known));
    }
  }
  return choices;
}

Json open_choice_schema() {
  return schema_of([](SpecReader spec) { read_choice(std::move(spec), ""); });
}

}  // namespace mra
