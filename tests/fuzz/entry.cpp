// What libFuzzer calls. One program holds all targets; FUZZ_TARGET in the environment names one.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "tests/fuzz/target.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t most);

static const mra::FuzzTarget& chosen() {
  static const mra::FuzzTarget* found = [] {
    const char* name = std::getenv("FUZZ_TARGET");
    for (const mra::FuzzTarget& target : mra::fuzz_targets())
      if (name && target.name == name) return &target;
    std::fprintf(stderr, "FUZZ_TARGET must name one of:");
    for (const mra::FuzzTarget& target : mra::fuzz_targets())
      std::fprintf(stderr, " %s", target.name.c_str());
    std::fprintf(stderr, "\n");
    std::exit(2);
  }();
  return *found;
}

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  chosen();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  chosen().run({reinterpret_cast<const char*>(data), size});
  return 0;
}

/// Every second mutation is repaired: what a checksum refuses must be refused, too.
extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t most, unsigned seed) {
  size = LLVMFuzzerMutate(data, size, most);
  if (!chosen().repair || seed % 2 == 0) return size;
  const std::string repaired = chosen().repair({reinterpret_cast<const char*>(data), size});
  if (repaired.size() > most) return size;
  std::memcpy(data, repaired.data(), repaired.size());
  return repaired.size();
}
