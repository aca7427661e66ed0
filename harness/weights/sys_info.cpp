#include "harness/weights/sys_info.h"

#include "harness/weights/byte_cursor.h"

namespace mra {

void check_sys_info(const PickleTree& info, const std::string& file) {
  const PickleValue* little = info.find(info.top(), "little_endian");
  if (little == nullptr || little->kind != PickleValue::Kind::kBool)
    refuse_weights(file, "does not say whether it is little-endian");
  if (little->number == 0)
    refuse_weights(file, "was written by a big-endian machine",
                   "save it again on a little-endian machine");
}

}  // namespace mra
