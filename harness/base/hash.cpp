#include "harness/base/hash.h"

#include <fstream>
#include <memory>
#include <vector>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "harness/base/error.h"

namespace mra {

namespace {

class Digest {
 public:
  explicit Digest(const EVP_MD* kind) { EVP_DigestInit_ex(context_.get(), kind, nullptr); }
  void add(const char* bytes, size_t size) { EVP_DigestUpdate(context_.get(), bytes, size); }
  std::string hex() {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_DigestFinal_ex(context_.get(), digest, &size);
    std::string text;
    for (unsigned i = 0; i < size; ++i) text += fmt::format("{:02x}", digest[i]);
    return text;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_{EVP_MD_CTX_new(),
                                                                   &EVP_MD_CTX_free};
};

/// Adds a whole file to `digest`, which may already contain other bytes. Returns the hex digits.
std::string of_file(Digest digest, const std::filesystem::path& path) {
  check(!std::filesystem::is_other(path), ErrorKind::kIntegrity, path.string(),
        "is a pipe or device, not a file", "name a regular file");
  std::ifstream file(path, std::ios::binary);
  check(file.good(), ErrorKind::kIntegrity, path.string(), "cannot be read",
        "check that the file exists and may be read");
  std::vector<char> chunk(1 << 20);
  while (file.read(chunk.data(), std::streamsize(chunk.size())) || file.gcount() > 0)
    digest.add(chunk.data(), size_t(file.gcount()));
  check(file.eof(), ErrorKind::kIntegrity, path.string(), "reading stopped before its end",
        "check the disk and the file's permissions");
  return digest.hex();
}

}  // namespace

std::string sha256(std::string_view text) {
  Digest digest(EVP_sha256());
  digest.add(text.data(), text.size());
  return digest.hex();
}

std::string sha256_file(const std::filesystem::path& path) {
  return of_file(Digest(EVP_sha256()), path);
}

std::string md5_file(const std::filesystem::path& path) {
  return of_file(Digest(EVP_md5()), path);
}

std::string git_blob_name(const std::filesystem::path& path) {
  std::error_code ignored;  // of_file() reports it
  Digest digest(EVP_sha1());
  const std::string header = fmt::format("blob {}", std::filesystem::file_size(path, ignored));
  digest.add(header.c_str(), header.size() + 1);  // including its final zero byte
  return of_file(std::move(digest), path);
}

std::string base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // OpenSSL appends a zero
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), int(bytes.size()));
  text.resize(size_t(length));
  return text;
}

}  // namespace mra
