// The transforms of Winograd's algorithm F(4×4, 3×3) for a line of values, each a vector of
// channels (Lavin and Gray 2016, section 4.3). To be included after vectors.h.
namespace mra {
namespace {

constexpr int kSide = 6, kPoints = kSide * kSide, kOutputs = 4, kTaps = 3;

/// The matrix Bᵀ of the paper.
struct InputLine {
  static constexpr int kFrom = kSide, kTo = kSide;
  WITH_ISA static inline void apply(const Vector* d, Vector* to) {
    const Vector a = d[4] - 4 * d[2], b = d[3] - 4 * d[1];
    const Vector c = d[4] - d[2], e = 2 * (d[3] - d[1]);
    to[0] = 4 * (d[0] - d[2]) + c;
    to[1] = a + b;
    to[2] = a - b;
    to[3] = c + e;
    to[4] = c - e;
    to[5] = 4 * d[1] - 5 * d[3] + d[5];
  }
};

/// The matrix Aᵀ.
struct OutputLine {
  static constexpr int kFrom = kSide, kTo = kOutputs;
  WITH_ISA static inline void apply(const Vector* m, Vector* to) {
    const Vector sum1 = m[1] + m[2], difference1 = m[1] - m[2];
    const Vector sum2 = m[3] + m[4], difference2 = m[3] - m[4];
    to[0] = m[0] + sum1 + sum2;
    to[1] = difference1 + 2 * difference2;
    to[2] = sum1 + 4 * sum2;
    to[3] = difference1 + 8 * difference2 + m[5];
  }
};

/// The transpose of OutputLine.
struct OutputGradientLine {
  static constexpr int kFrom = kOutputs, kTo = kSide;
  WITH_ISA static inline void apply(const Vector* g, Vector* to) {
    const Vector even1 = g[0] + g[2], odd1 = g[1] + g[3];
    const Vector even2 = g[0] + 4 * g[2], odd2 = 2 * g[1] + 8 * g[3];
    to[0] = g[0];
    to[1] = even1 + odd1;
    to[2] = even1 - odd1;
    to[3] = even2 + odd2;
    to[4] = even2 - odd2;
    to[5] = g[3];
  }
};

/// The matrix G.
struct WeightLine {
  static constexpr int kFrom = kTaps, kTo = kSide;
  WITH_ISA static inline void apply(const Vector* w, Vector* to) {
    const Vector even1 = (w[0] + w[2]) * (-1.0f / 6), odd1 = w[1] * (1.0f / 6);
    const Vector even2 = w[0] * (1.0f / 24) + w[2] * (1.0f / 6), odd2 = w[1] * (1.0f / 12);
    to[0] = w[0] * 0.25f;
    to[1] = even1 - odd1;
    to[2] = even1 + odd1;
    to[3] = even2 + odd2;
    to[4] = even2 - odd2;
    to[5] = w[2];
  }
};

/// The transpose of WeightLine.
struct WeightGradientLine {
  static constexpr int kFrom = kSide, kTo = kTaps;
  WITH_ISA static inline void apply(const Vector* u, Vector* to) {
    const Vector sum1 = (u[1] + u[2]) * (1.0f / 6), difference1 = (u[2] - u[1]) * (1.0f / 6);
    const Vector sum2 = u[3] + u[4], difference2 = u[3] - u[4];
    to[0] = u[0] * 0.25f - sum1 + sum2 * (1.0f / 24);
    to[1] = difference1 + difference2 * (1.0f / 12);
    to[2] = sum2 * (1.0f / 6) - sum1 + u[5];
  }
};

}  // namespace
}  // namespace mra
