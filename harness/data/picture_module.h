#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace mra {

/// One call of harness-pictures.so, the library that reads the rarer formats: what that needs is
/// many times the size of this program, so it is opened when the first such picture comes.
struct PictureCall {
  const char* bytes;  ///< a whole file of WebP or TIFF
  size_t size_bytes;
  const char* format;  ///< the name of the format, for messages
  bool may_be_deep;    ///< samples may have 16 bits, which are not to be read as OpenCV does
  uint8_t* rgb;        ///< [height_px, width_px, 3]; filled, or left in part
  int height_px;       ///< the picture's, as its header states them
  int width_px;
  char problem[200];  ///< out: why there is no picture; empty when there is
};

/// The one function of the library, by this name. It throws nothing.
using DecodePicture = void (*)(PictureCall* call);
inline constexpr const char* kDecodePicture = "harness_decode_picture";

/// The function of the first library in `places` that can be opened, which stays open. An Error of
/// kind kEnvironment that tells the reason of each place when there is none; `where` is what wanted
/// it.
DecodePicture open_picture_module(const std::vector<std::filesystem::path>& places,
                                  const std::string& where);

/// Of the library that belongs to this program, opened at the first call; any thread may call.
DecodePicture picture_module(const std::string& where);

}  // namespace mra
