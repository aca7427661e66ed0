#pragma once

#include <string>

#include "harness/data/named_op.h"

namespace mra {

/// The random draws for one operation of a policy.
struct OpDraw {
  bool applied = true;
  int sign = 1;         ///< 1 or −1; used by operations with a direction
  double x = 0, y = 0;  ///< centre of a cutout, in pixels
};

/// The size of a picture, on which the value of a level may depend.
struct PictureSize {
  int width_px = 0, height_px = 0;
};

// Each function turns an operation's name and level into the operation with its value, as one
// published implementation does. `magnitude`: 0 … 10, or more where that implementation allows it.

/// AutoAugment as in its paper (timm's "original" tables).
NamedOp paper_op(const std::string& name, double magnitude, const OpDraw& draw,
                 const Sampling& sampling);
/// RandAugment as in its authors' code, but with Pillow's operations.
NamedOp tpu_op(const std::string& name, double magnitude, const OpDraw& draw,
               const Sampling& sampling);
/// timm's RandAugment; `increasing`: severity grows with the magnitude for every operation.
NamedOp timm_op(const std::string& name, double magnitude, bool increasing, const OpDraw& draw,
                const Sampling& sampling);
/// ildoonet's RandAugment, with magnitudes 0 … 30.
NamedOp ildoonet_op(const std::string& name, double magnitude, const OpDraw& draw,
                    const Sampling& sampling);
/// torchvision's tables of `bins` levels; `bin`: the index of the level.
NamedOp torchvision_op(const std::string& name, int bin, int bins, const OpDraw& draw,
                       const Sampling& sampling, const PictureSize& size);
/// Fast AutoAugment and DADA; `level`: 0 … 1.
NamedOp fast_aa_op(const std::string& name, double level, const OpDraw& draw);

}  // namespace mra
