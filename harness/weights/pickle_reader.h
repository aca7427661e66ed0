#pragma once

#include "harness/weights/byte_cursor.h"
#include "harness/weights/pickle_tree.h"

namespace mra {

/// Reads the pickle at the cursor, protocol 3 or older, and moves the cursor behind it. Runs no
/// code. Throws an Error that names the file for a name that is not in pickle_globals.h, for an
/// opcode that torch.save does not write, and for more values than any weight file has.
PickleTree read_pickle(ByteCursor& bytes);

/// Throws the Error for a pickle of a newer protocol.
[[noreturn]] void refuse_protocol(int protocol, const std::string& file);

}  // namespace mra
