// The kernels of attention for one instruction set. The file that includes this one defines what
// small_matrix.h asks for.
// Shapes: Tq queries, Tk keys, d channels of a head; Tq' and d' are rounded up to whole vectors.
// What lies beyond Tq and d is computed and never used. Maps of attention have a column for each
// query, so that a vector holds several queries, and softmax needs no sums across its lanes.
#include <cmath>

#include "harness/model/attention_head.h"
#include "harness/model/small_matrix.h"

namespace mra {
namespace {

constexpr int64_t rounded_up(int64_t count) {
  return (count + kLanes - 1) / kLanes * kLanes;
}

/// e to the power of each value, which is at most 0; relative error below 2e-7.
WITH_ISA inline Vector exp_of(Vector x) {
  constexpr float kLeast = -87;       // e^x is still a normal number
  constexpr float kWhole = 12582912;  // 1.5·2^23: adding it rounds to a whole number
  constexpr float kLn2High = 0.693359375f, kLn2Low = -2.12194440e-4f;  // ln 2 in two parts
  x = x < kLeast ? Vector{} + kLeast : x;
  const Vector shifted = x * 1.44269504f + kWhole;
  const Vector n = shifted - kWhole;
  const Vector r = (x - n * kLn2High) - n * kLn2Low;  // x = n·ln 2 + r
  Vector power = r * (1.0f / 5040) + 1.0f / 720;      // Taylor's series
  for (const float factor : {1.0f / 120, 1.0f / 24, 1.0f / 6, 0.5f, 1.0f, 1.0f})
    power = power * r + factor;
  const Bits exponent = (__builtin_bit_cast(Bits, shifted) + 127) << 23;  // of 2^n
  return power * __builtin_bit_cast(Vector, exponent);
}

/// Replaces each column by e to the power of its values less the largest: [Tk,Tq']. `factors` [Tq']
/// are what makes the sums of the columns 1.
WITH_ISA inline void exponentials(float* map, int64_t keys, int64_t padded, float* factors) {
  for (int64_t i = 0; i < padded; i += kLanes) {
    Vector most = load(map + i);
    for (int64_t j = 1; j < keys; ++j) {
      const Vector next = load(map + j * padded + i);
      most = next > most ? next : most;
    }
    Vector sum = {};
    for (int64_t j = 0; j < keys; ++j) {
      const Vector power = exp_of(load(map + j * padded + i) - most);
      store(map + j * padded + i, power);
      sum += power;
    }
    store(factors + i, 1 / sum);
  }
}

/// Rows of a head [T,d], where each row has whole vectors: the rows themselves, or a copy.
WITH_ISA inline HeadRows<const float> whole_vectors(HeadRows<const float> from, int64_t rows,
                                                    int64_t width, float*& scratch) {
  const int64_t padded = rounded_up(width);
  if (padded == width) return from;
  float* const to = scratch;
  for (int64_t t = 0; t < rows; ++t) {
    std::copy_n(from.row(t), width, to + t * padded);
    std::fill_n(to + t * padded + width, padded - width, 0.0f);
  }
  scratch += rows * padded;
  return {to, padded};
}

/// rows [T,d] -> factor·rowsᵀ [d,T'].
WITH_ISA inline const float* transposed(HeadRows<const float> from, int64_t rows, int64_t width,
                                        float factor, float*& scratch) {
  const int64_t padded = rounded_up(rows);
  float* const to = scratch;
  for (int64_t t = 0; t < rows; ++t)
    for (int64_t c = 0; c < width; ++c) to[c * padded + t] = factor * from.row(t)[c];
  for (int64_t c = 0; c < width; ++c) std::fill_n(to + c * padded + rows, padded - rows, 0.0f);
  scratch += width * padded;
  return to;
}

int64_t scratch_floats(int64_t queries, int64_t keys, int64_t width) {
  const int64_t longest = std::max(queries, keys);
  // q and the output's gradient transposed; two maps; a row for each query; copies of k or v, q and
  // the output's gradient; a result.
  return (2 * width + 2 * keys + 2) * rounded_up(queries) + 4 * longest * rounded_up(width);
}

float scale_of(const AttentionHead& head) {
  return 1 / std::sqrt(float(head.width));
}

/// A map of attention before its columns are divided by their sums.
struct Map {
  float* values;         // [Tk,Tq']
  const float* factors;  // [Tq']
};

WITH_ISA inline Map map_of(const AttentionHead& head, float*& scratch) {
  const int64_t padded = rounded_up(head.queries);
  const float* q = transposed(head.q, head.queries, head.width, scale_of(head), scratch);
  float* const values = scratch;
  float* const factors = values + head.keys * padded;
  scratch = factors + padded;
  multiply({head.k.data, head.k.stride, 1}, {q, padded}, head.keys, head.width, padded,
           {values, padded});
  exponentials(values, head.keys, padded, factors);
  return {values, factors};
}

WITH_ISA void forward(const AttentionHead& head, HeadRows<float> out, float* scratch) {
  const int64_t queries = rounded_up(head.queries), width = rounded_up(head.width);
  const Map map = map_of(head, scratch);
  const auto v = whole_vectors(head.v, head.keys, head.width, scratch);
  multiply({map.values, 1, queries}, {v.data, v.stride}, head.queries, head.keys, width,
           {scratch, width});
  for (int64_t i = 0; i < head.queries; ++i)
    for (int64_t c = 0; c < head.width; ++c)
      out.row(i)[c] = scratch[i * width + c] * map.factors[i];
}

/// Divides the columns of the map by their sums, and turns the map's gradient into that of the
/// scaled products.
WITH_ISA inline void softmax_backward(Map map, float* gradient, int64_t keys, int64_t padded) {
  for (int64_t i = 0; i < padded; i += kLanes) {
    const Vector factor = load(map.factors + i);
    Vector mean = {};
    for (int64_t j = 0; j < keys; ++j) {
      const Vector share = load(map.values + j * padded + i) * factor;
      store(map.values + j * padded + i, share);
      mean += share * load(gradient + j * padded + i);
    }
    for (int64_t j = 0; j < keys; ++j) {
      const Vector change = load(gradient + j * padded + i) - mean;
      store(gradient + j * padded + i, load(map.values + j * padded + i) * change);
    }
  }
}

WITH_ISA inline void copy_rows(const float* from, int64_t rows, int64_t width, float factor,
                               HeadRows<float> to) {
  for (int64_t t = 0; t < rows; ++t)
    for (int64_t c = 0; c < width; ++c) to.row(t)[c] = factor * from[t * rounded_up(width) + c];
}

WITH_ISA void backward(const AttentionHead& head, HeadRows<const float> d_out, HeadRows<float> d_q,
                       HeadRows<float> d_k, HeadRows<float> d_v, float* scratch) {
  const int64_t queries = rounded_up(head.queries), width = rounded_up(head.width);
  const Map map = map_of(head, scratch);
  const float* d_out_columns = transposed(d_out, head.queries, head.width, 1, scratch);
  const auto d_out_rows = whole_vectors(d_out, head.queries, head.width, scratch);
  const auto q = whole_vectors(head.q, head.queries, head.width, scratch);
  const auto k = whole_vectors(head.k, head.keys, head.width, scratch);
  float* const d_map = scratch;
  float* const result = scratch + head.keys * queries;

  multiply({head.v.data, head.v.stride, 1}, {d_out_columns, queries}, head.keys, head.width,
           queries, {d_map, queries});
  softmax_backward(map, d_map, head.keys, queries);
  multiply({map.values, queries, 1}, {d_out_rows.data, d_out_rows.stride}, head.keys, head.queries,
           width, {result, width});
  copy_rows(result, head.keys, head.width, 1, d_v);
  multiply({d_map, 1, queries}, {k.data, k.stride}, head.queries, head.keys, width,
           {result, width});
  copy_rows(result, head.queries, head.width, scale_of(head), d_q);
  multiply({d_map, queries, 1}, {q.data, q.stride}, head.keys, head.queries, width,
           {result, width});
  copy_rows(result, head.keys, head.width, scale_of(head), d_k);
}

}  // namespace
}  // namespace mra
