#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace mra {

/// One call of harness-pictures.so, the library for rarer formats. It needs libraries many times
/// the size of this program, so it is opened only for the first such picture.
struct PictureCall {
  const char* bytes;  ///< the content of a WebP or TIFF file
  size_t size_bytes;
  const char* format;  ///< name of the format, for messages
  bool may_be_deep;    ///< samples may have 16 bits, which OpenCV would convert unlike Pillow
  uint8_t* rgb;        ///< out: [height_px, width_px, 3]; incomplete after a problem
  int height_px;       ///< size according to the header
  int width_px;
  char problem[200];  ///< out: why decoding failed; empty: it succeeded
};

/// The only function of the library. It throws nothing.
using DecodePicture = void (*)(PictureCall* call);
inline constexpr const char* kDecodePicture = "harness_decode_picture";

/// Opens the first library in `places` that can be opened, and keeps it open. Returns its function.
/// Throws an Error of kind kEnvironment with the reason for each place when none can be opened.
/// `where`: the picture that needs it.
DecodePicture open_picture_module(const std::vector<std::filesystem::path>& places,
                                  const std::string& where);

/// Returns the function of this program's own library, opened by the first call. Thread-safe.
DecodePicture picture_module(const std::string& where);

}  // namespace mra
