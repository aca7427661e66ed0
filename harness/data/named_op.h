#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/data/image_ops.h"
#include "harness/spec/json.h"

namespace mra {

/// An operation of a policy, with all random values already drawn. Applying it is deterministic.
struct NamedOp {
  std::string name;   ///< ShearX, TranslateXRel, Rotate, AutoContrast, Solarize, Cutout, …
  double value = 0;   ///< signed; its meaning depends on the name
  Sampling sampling;  ///< for geometric operations
  double at_x = 0, at_y = 0;  ///< Cutout, CutoutAbs: the drawn centre; CutoutSquare: column and row
};

/// Applies the operation to `image`. Throws an Error of kind kUsage for an unknown name.
void apply(const NamedOp& op, Image& image, Image& scratch);

/// While it lives, the operations that its thread applies are noted: "Rotate 12.5", "Equalize".
class HeardOps {
 public:
  HeardOps();
  ~HeardOps();
  HeardOps(const HeardOps&) = delete;
  HeardOps& operator=(const HeardOps&) = delete;
  const std::vector<std::string>& heard() const { return heard_; }

 private:
  friend void note_op(const std::string& name, std::optional<double> value);
  std::vector<std::string> heard_;
};
/// Notes an operation of a method that applies no NamedOp.
void note_op(const std::string& name, std::optional<double> value);

/// Reads "resample" (nearest, bilinear, bicubic) and "fill" [r, g, b] of an operation in JSON. Both
/// may be absent or null.
Sampling read_sampling(const Json& options);
/// Reads {"op", "value", "resample", "fill", "x0", "y0"}, for squares {"center_row", "center_col"}.
/// What the operation does not need may be absent.
NamedOp read_named_op(const Json& options);

/// Returns all known names.
std::vector<std::string> named_ops();

}  // namespace mra
