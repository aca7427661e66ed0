#pragma once

#include "harness/weights/byte_cursor.h"
#include "harness/weights/pickle_tree.h"

namespace mra {

/// Reads the pickle at the cursor, protocol 3 or older, and leaves the cursor behind its end.
/// Runs nothing: a name that is not on the list of pickle_globals.h, an opcode that torch.save does
/// not write, or more values than any weight file has, is an Error that names the file.
PickleTree read_pickle(ByteCursor& bytes);

/// The Error of a pickle of a newer protocol.
[[noreturn]] void refuse_protocol(int protocol, const std::string& file);

}  // namespace mra
