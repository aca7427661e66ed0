#pragma once

#include <string>

#include "harness/data/named_op.h"

namespace mra {

/// What chance decides about one operation of a policy.
struct OpDraw {
  bool applied = true;
  int sign = 1;         ///< 1 or −1; of the operations that have one
  double x = 0, y = 0;  ///< centre of a cutout, in pixels
};

/// The side lengths a level may depend on.
struct PictureSize {
  int width_px = 0, height_px = 0;
};

// From an operation's name and level to the operation with its value, as each published code
// understands levels. `magnitude`: 0 … 10, more where the code allows it.

/// AutoAugment as its paper has it (timm's "original" tables).
NamedOp paper_op(const std::string& name, double magnitude, const OpDraw& draw,
                 const Sampling& sampling);
/// RandAugment as its authors' code has it; Pillow's operations.
NamedOp tpu_op(const std::string& name, double magnitude, const OpDraw& draw,
               const Sampling& sampling);
/// timm's RandAugment; `increasing`: severity grows with the magnitude for every operation.
NamedOp timm_op(const std::string& name, double magnitude, bool increasing, const OpDraw& draw,
                const Sampling& sampling);
/// The third-party RandAugment with magnitudes of 0 … 30.
NamedOp ildoonet_op(const std::string& name, double magnitude, const OpDraw& draw,
                    const Sampling& sampling);
/// torchvision's tables of `bins` levels, of which `bin` is one.
NamedOp torchvision_op(const std::string& name, int bin, int bins, const OpDraw& draw,
                       const Sampling& sampling, const PictureSize& size);
/// Fast AutoAugment and DADA; `level`: 0 … 1.
NamedOp fast_aa_op(const std::string& name, double level, const OpDraw& draw);

}  // namespace mra
