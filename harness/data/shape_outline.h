#pragma once

namespace mra {

/// How far (u, v) lies outside the outline of class `shape`, negative inside; exact near the edge,
/// at least of the right sign elsewhere. The outline lies within the circle of radius 1 around 0.
float outline_distance(int shape, float u, float v);

}  // namespace mra
