#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/error.h"

namespace mra {

/// One reader that is fed with whatever anybody may put into its file. It may return or throw an
/// Error that is complete; everything else is a defect.
struct FuzzTarget {
  std::string name;  ///< also the folder of its inputs, below tests/fuzz/corpus
  void (*run)(std::string_view bytes);
  /// Makes checksums and the like hold again after a mutation, so that a fuzzer gets behind them;
  /// null: there are none.
  std::string (*repair)(std::string_view bytes) = nullptr;
};

/// All targets, in the order of their names.
const std::vector<FuzzTarget>& fuzz_targets();

/// Does `read`, which may end with an Error of that kind that has all its parts. Whether it read
/// all.
bool reads_or_refuses(ErrorKind kind, const std::function<void()>& read);
/// The same for readers of several kinds of Error.
bool reads_or_refuses(const std::function<void()>& read);

/// What must hold whatever the input is; a defect otherwise.
void must(bool holds, const std::string& what);

/// The parts of an input that stands for several files: "%%\n" lies between them.
std::vector<std::string_view> parts(std::string_view bytes);

// The targets: what each is fed with stands at its definition.
void fuzz_spec(std::string_view bytes);
void fuzz_table(std::string_view bytes);
void fuzz_dataset(std::string_view bytes);
void fuzz_lists(std::string_view bytes);
void fuzz_mat(std::string_view bytes);
void fuzz_policy(std::string_view bytes);
void fuzz_journal(std::string_view bytes);
std::string repair_journal(std::string_view bytes);
void fuzz_record(std::string_view bytes);
std::string repair_record(std::string_view bytes);
void fuzz_trace(std::string_view bytes);
void fuzz_judgement(std::string_view bytes);
void fuzz_evidence(std::string_view bytes);
void fuzz_capsule(std::string_view bytes);
void fuzz_weights_zip(std::string_view bytes);
std::string repair_zip(std::string_view bytes);
void fuzz_weights_legacy(std::string_view bytes);
void fuzz_weights_tar(std::string_view bytes);
std::string repair_tar(std::string_view bytes);
void fuzz_weights_safetensors(std::string_view bytes);
void fuzz_picture(std::string_view bytes);
void fuzz_progress(std::string_view bytes);
void fuzz_arguments(std::string_view bytes);

}  // namespace mra
