#pragma once

#include <string>
#include <vector>

#include "harness/data/image_ops.h"
#include "harness/spec/json.h"

namespace mra {

/// An operation of a policy with everything drawn: applying it is no chance any more.
struct NamedOp {
  std::string name;   ///< ShearX, TranslateXRel, Rotate, AutoContrast, Solarize, Cutout, …
  double value = 0;   ///< signed; what it means follows from the name
  Sampling sampling;  ///< of geometric operations
  double at_x = 0, at_y = 0;  ///< Cutout, CutoutAbs: the drawn centre; CutoutSquare: column and row
};

/// Changes the picture. An Error of kind kUsage for a name that is not known.
void apply(const NamedOp& op, Image& image, Image& scratch);

/// "resample" (nearest, bilinear, bicubic) and "fill" [r, g, b] of an operation in JSON; either may
/// be absent or null.
Sampling read_sampling(const Json& options);
/// {"op", "value", "resample", "fill", "x0", "y0"}, for squares {"center_row", "center_col"}: what
/// the operation does not need may be absent.
NamedOp read_named_op(const Json& options);

/// All known names.
std::vector<std::string> named_ops();

}  // namespace mra
