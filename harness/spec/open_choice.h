#pragma once

#include <string>
#include <vector>

#include "harness/spec/library.h"

namespace mra {

/// Another answer to a question that the paper leaves open.
struct ChoiceAlternative {
  std::string name;              ///< "mean_softmax": unique in its choice
  std::vector<std::string> set;  ///< "/json/pointer=value" each, as --set takes them
  std::string needs;             ///< what it takes where values alone do not do: "a pretraining"
};

/// Something that the paper does not say and that runs need: what is done here, why, and what else
/// could be.
struct OpenChoice {
  std::string id;  ///< "mra-score"
  std::string question;
  std::string place;                ///< of the paper: "section 3.2, equation (1)"
  std::vector<std::string> tables;  ///< whose figures it can change
  std::string chosen, reason;       ///< what is done, for people, and why
  std::vector<ChoiceAlternative> alternatives;
  std::string where;  ///< file and pointer, for messages

  /// "mra-score/mean_softmax": names an alternative among all.
  std::string label(const ChoiceAlternative& alternative) const {
    return id + "/" + alternative.name;
  }
};

/// The choices of all open_choices.json, by id. An Error when one names an unknown table.
std::vector<OpenChoice> open_choices(const SpecLibrary& library);

/// JSON Schema of one entry of open_choices.json.
Json open_choice_schema();

}  // namespace mra
