#include "harness/base/wait_text.h"

#include <fmt/format.h>

namespace mra {

std::string wait_text(double data_wait_frac) {
  constexpr double kNoticed = 0.05;
  if (data_wait_frac <= kNoticed) return "";
  return fmt::format(", {:.0f} % of it waiting for pictures", 100 * data_wait_frac);
}

}  // namespace mra
