#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/suggest.h"

namespace mra {

template <typename Signature>
class Registry;

/// Factories by the name that a spec uses. `what` is the kind of thing, for messages.
template <typename Product, typename... Args>
class Registry<Product(Args...)> {
 public:
  using Factory = std::function<Product(Args...)>;

  explicit Registry(std::string what) : what_(std::move(what)) {}

  void add(const std::string& name, Factory factory) { factories_[name] = std::move(factory); }

  /// Makes the product with that name. Throws an Error with the nearest names if there is none.
  Product make(const std::string& name, Args... args) const {
    const auto found = factories_.find(name);
    if (found == factories_.end())
      fail(ErrorKind::kUsage, "", fmt::format("unknown {} '{}'", what_, name),
           suggestion(name, names()));
    return found->second(std::forward<Args>(args)...);
  }

  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& [name, factory] : factories_) names.push_back(name);
    return names;
  }

 private:
  std::string what_;
  std::map<std::string, Factory> factories_;
};

}  // namespace mra
