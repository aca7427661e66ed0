#pragma once

namespace mra {

/// Returns the distance of (u, v) from the outline of class `shape`, negative inside. It is exact
/// near the outline; elsewhere only its sign is right. The outline is inside the unit circle.
float outline_distance(int shape, float u, float v);

}  // namespace mra
