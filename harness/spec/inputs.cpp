#include "harness/spec/inputs.h"

#include <algorithm>

namespace mra {

std::string input_name(const Json& input) {
  if (input.contains("dataset")) return "data set " + input["dataset"].value("name", "");
  if (input.contains("weights")) return input.value("weights", "");
  const std::string policy = input.value("policy", "");
  return policy.ends_with(".json") ? policy : "policies/" + policy + ".json";
}

void add_input(Json& inputs, const Json& input) {
  if (std::find(inputs.begin(), inputs.end(), input) == inputs.end()) inputs.push_back(input);
}

Json inputs_of(const Json& environment) {
  const auto found = environment.find("inputs");
  return found != environment.end() && found->is_array() ? *found : Json::array();
}

std::string Inputs::difference(const Json& inputs) const {
  std::string names;
  for (const Json& input : inputs) {
    if (!input.is_object()) continue;
    const auto now = sha256(input);
    if (now && input.value("sha256", Json()) != *now)
      names += (names.empty() ? "" : ", ") + input_name(input);
  }
  return names.empty() ? "" : "measured with other contents of " + names;
}

}  // namespace mra
