#include "tests/device/stand_in_device.h"

#include <mutex>
#include <set>

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/EmptyTensor.h>
#include <ATen/detail/HPUHooksInterface.h>
#include <ATen/native/Resize.h>
#include <ATen/ops/_reshape_alias_native.h>
#include <ATen/ops/as_strided_native.h>
#include <ATen/ops/unfold_native.h>
#include <ATen/ops/view_native.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/library.h>

namespace mra {

namespace {

constexpr auto kKind = c10::DeviceType::HPU;
const c10::Device kDevice(kKind, 0);

Traffic seen;
std::mutex seen_lock;

void note_read(const std::string& what) {
  const std::lock_guard lock(seen_lock);
  ++seen.reads;
  ++seen.read_by[what];
}

/// Host memory under the device's name.
class StandInAllocator : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t bytes) override {
    auto* memory = new c10::DataPtr(c10::GetCPUAllocator()->allocate(bytes));
    return {memory->get(), memory, &release, kDevice};
  }
  c10::DeleterFnPtr raw_deleter() const override { return nullptr; }
  void copy_data(void* to, const void* from, size_t bytes) const override {
    std::memcpy(to, from, bytes);
  }

 private:
  static void release(void* memory) { delete static_cast<c10::DataPtr*>(memory); }
};
StandInAllocator allocator;
REGISTER_ALLOCATOR(kKind, &allocator)

/// Host memory that is known as pinned.
class PinnedAllocator : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t bytes) override {
    auto* memory = new c10::DataPtr(c10::GetCPUAllocator()->allocate(bytes));
    void* const start = memory->get();
    const std::lock_guard lock(lock_);
    pinned_[start] = bytes;
    return {start, memory, &release, c10::kCPU};
  }
  c10::DeleterFnPtr raw_deleter() const override { return nullptr; }
  void copy_data(void* to, const void* from, size_t bytes) const override {
    std::memcpy(to, from, bytes);
  }
  bool holds(const void* place) {
    const std::lock_guard lock(lock_);
    auto after = pinned_.upper_bound(const_cast<void*>(place));
    if (after == pinned_.begin()) return false;
    --after;
    return static_cast<const char*>(place) < static_cast<const char*>(after->first) + after->second;
  }

 private:
  static void release(void* pointer);
  std::mutex lock_;
  std::map<void*, size_t> pinned_;
};
PinnedAllocator pinned;

void PinnedAllocator::release(void* pointer) {
  auto* memory = static_cast<c10::DataPtr*>(pointer);
  {
    const std::lock_guard lock(pinned.lock_);
    pinned.pinned_.erase(memory->get());
  }
  delete memory;
}

/// Index 0 throughout: the autograd engine counts its queues by it. There is one stream, in order.
struct StandInGuard : c10::impl::DeviceGuardImplInterface {
  c10::DeviceType type() const override { return kKind; }
  c10::Device exchangeDevice(c10::Device) const override { return kDevice; }
  c10::Device getDevice() const override { return kDevice; }
  void setDevice(c10::Device) const override {}
  void uncheckedSetDevice(c10::Device) const noexcept override {}
  c10::Stream getStream(c10::Device) const override {
    return c10::Stream(c10::Stream::DEFAULT, kDevice);
  }
  c10::Stream getDefaultStream(c10::Device) const override {
    return c10::Stream(c10::Stream::DEFAULT, kDevice);
  }
  c10::Stream exchangeStream(c10::Stream) const override {
    return c10::Stream(c10::Stream::DEFAULT, kDevice);
  }
  c10::DeviceIndex deviceCount() const noexcept override { return 1; }
  void record(void**, const c10::Stream&, const c10::DeviceIndex,
              const c10::EventFlag) const override {}
  void block(void*, const c10::Stream&) const override {}
  bool queryEvent(void*) const override { return true; }
  bool queryStream(const c10::Stream&) const override { return true; }
  void synchronizeStream(const c10::Stream&) const override {}
  void synchronizeEvent(void*) const override {}
  void synchronizeDevice(const c10::DeviceIndex) const override {}
};
C10_REGISTER_GUARD_IMPL(HPU, StandInGuard)

// --- the CPU's operators on the same bytes

/// A tensor on the memory of `tensor` that belongs to `device`.
at::Tensor under(const at::Tensor& tensor, c10::Device device, c10::DispatchKey key,
                 c10::Allocator* grows_by) {
  auto* kept = new c10::Storage(tensor.storage());
  const size_t bytes = kept->nbytes();
  c10::DataPtr memory(
      kept->mutable_data(), kept, [](void* storage) { delete static_cast<c10::Storage*>(storage); },
      device);
  c10::Storage storage(c10::Storage::use_byte_size_t(), bytes, std::move(memory), grows_by,
                       /*resizable=*/true);
  auto result = at::detail::make_tensor<c10::TensorImpl>(std::move(storage),
                                                         c10::DispatchKeySet(key), tensor.dtype());
  auto* impl = result.unsafeGetTensorImpl();
  impl->set_storage_offset(tensor.storage_offset());
  impl->set_sizes_and_strides(tensor.sizes(), tensor.strides());
  return result;
}

at::Tensor on_host(const at::Tensor& tensor) {
  if (!tensor.defined() || tensor.device().type() != kKind) return tensor;
  return under(tensor, c10::kCPU, c10::DispatchKey::CPU, c10::GetCPUAllocator());
}

at::Tensor on_device(const at::Tensor& tensor) {
  if (!tensor.defined() || !tensor.device().is_cpu()) return tensor;
  return under(tensor, kDevice, c10::DispatchKey::HPU, &allocator);
}

/// Gives `tensor` the memory and the shape of `other`.
void become(const at::Tensor& tensor, const at::Tensor& other) {
  auto* impl = tensor.unsafeGetTensorImpl();
  impl->set_storage_keep_dtype(other.storage());
  impl->set_storage_offset(other.storage_offset());
  impl->set_sizes_and_strides(other.sizes(), other.strides());
}

/// Operators that take indices of the host, and fetch them.
bool takes_host_indices(const std::string& name) {
  static const std::set<std::string> kNames = {"aten::index", "aten::index_put_",
                                               "aten::_index_put_impl_"};
  return kNames.contains(name);
}

void note_upload(const at::Tensor& tensor) {
  const std::lock_guard lock(seen_lock);
  ++seen.uploads;
  seen.upload_bytes += int64_t(tensor.nbytes());
  if (!pinned.holds(tensor.const_data_ptr())) ++seen.pageable_uploads;
}

/// Calls an operator on the host's tensors, and gives back tensors of the device: those that were
/// passed where the operator returns its argument.
class HostCall {
 public:
  HostCall(torch::jit::Stack& stack, const c10::FunctionSchema& schema)
      : name_(schema.name()), stack_(stack) {
    const size_t arguments = schema.arguments().size();
    for (size_t i = stack.size() - arguments; i < stack.size(); ++i) stack[i] = taken(stack[i]);
  }
  void give_back(size_t results) {
    for (const auto& [host, original] : passed_)  // some operators resize what they write to
      if (host.storage().data() != original.storage().data() || host.sizes() != original.sizes())
        become(original, on_device(host));
    for (size_t i = stack_.size() - results; i < stack_.size(); ++i) stack_[i] = given(stack_[i]);
  }

 private:
  at::Tensor take(const at::Tensor& tensor) {
    const at::Tensor host = on_host(tensor);
    if (!host.is_same(tensor)) {
      passed_.emplace_back(host, tensor);
    } else if (tensor.defined() && tensor.dim() > 0) {  // numbers may come from anywhere
      TORCH_CHECK(takes_host_indices(name_), name_, " is given tensors of two devices");
      note_upload(tensor);
    }
    return host;
  }
  at::Tensor give(const at::Tensor& tensor) {
    for (const auto& [host, original] : passed_)
      if (host.is_same(tensor)) return original;
    return on_device(tensor);
  }
  c10::IValue taken(const c10::IValue& value) {
    if (value.isTensor()) return take(value.toTensor());
    if (value.isDevice()) return c10::Device(c10::kCPU);
    if (value.isTensorList()) {
      c10::List<at::Tensor> list;
      for (const at::Tensor& tensor : value.toTensorVector()) list.push_back(take(tensor));
      return list;
    }
    if (value.isOptionalTensorList()) {
      c10::List<std::optional<at::Tensor>> list;
      for (const std::optional<at::Tensor>& tensor : value.toOptionalTensorVector())
        list.push_back(tensor ? std::optional(take(*tensor)) : std::nullopt);
      return list;
    }
    return value;
  }
  c10::IValue given(const c10::IValue& value) {
    if (value.isTensor()) return give(value.toTensor());
    if (!value.isTensorList()) return value;
    c10::List<at::Tensor> list;
    for (const at::Tensor& tensor : value.toTensorVector()) list.push_back(give(tensor));
    return list;
  }

  std::string name_;
  torch::jit::Stack& stack_;
  std::vector<std::pair<at::Tensor, at::Tensor>> passed_;
};

/// Operators whose result has a size, or is a value, that only the data tell.
bool waits_for_data(const std::string& name) {
  static const std::set<std::string> kNames = {"aten::nonzero", "aten::masked_select",
                                               "aten::equal", "aten::_unique2", "aten::bincount"};
  return kNames.contains(name);
}

void call_on_host(const c10::OperatorHandle& op, torch::jit::Stack* stack) {
  if (waits_for_data(op.schema().name())) note_read(op.schema().name());
  HostCall call(*stack, op.schema());
  op.callBoxed(stack);
  call.give_back(op.schema().returns().size());
}

at::Tensor empty(at::IntArrayRef size, std::optional<at::ScalarType> dtype,
                 std::optional<at::Layout>, std::optional<at::Device>, std::optional<bool>,
                 std::optional<at::MemoryFormat> format) {
  return at::detail::empty_generic(size, &allocator, c10::DispatchKeySet(c10::DispatchKey::HPU),
                                   c10::dtype_or_default(dtype), format);
}

at::Tensor empty_strided(at::IntArrayRef size, at::IntArrayRef stride,
                         std::optional<at::ScalarType> dtype, std::optional<at::Layout>,
                         std::optional<at::Device>, std::optional<bool>) {
  return at::detail::empty_strided_generic(size, stride, &allocator,
                                           c10::DispatchKeySet(c10::DispatchKey::HPU),
                                           c10::dtype_or_default(dtype));
}

at::Tensor copy_from(const at::Tensor& from, const at::Tensor& to, bool) {
  if (from.device().is_cpu()) {
    note_upload(from);
  } else if (to.device().is_cpu()) {
    note_read("copy");
  }
  on_host(to).copy_(on_host(from));
  return to;
}

at::Tensor copy_from_and_resize(const at::Tensor& from, const at::Tensor& to) {
  if (to.sizes() != from.sizes()) to.resize_(from.sizes());
  return copy_from(from, to, false);
}

at::Scalar read_value(const at::Tensor& tensor) {
  note_read("item");
  return on_host(tensor).item();
}

const at::Tensor& resize(const at::Tensor& tensor, at::IntArrayRef size,
                         std::optional<at::MemoryFormat>) {
  become(tensor, at::empty(size, tensor.options()));
  return tensor;
}

at::Tensor convolution(const at::Tensor& input, const at::Tensor& weight,
                       const std::optional<at::Tensor>& bias, at::IntArrayRef stride,
                       at::IntArrayRef padding, at::IntArrayRef dilation, bool transposed,
                       at::IntArrayRef output_padding, int64_t groups) {
  TORCH_CHECK(input.device() == weight.device(), "convolution is given tensors of two devices");
  const auto host_bias = bias ? std::optional(on_host(*bias)) : std::nullopt;
  return on_device(at::convolution(on_host(input), on_host(weight), host_bias, stride, padding,
                                   dilation, transposed, output_padding, groups));
}

std::tuple<at::Tensor, at::Tensor, at::Tensor> convolution_backward(
    const at::Tensor& gradient, const at::Tensor& input, const at::Tensor& weight,
    at::IntArrayRef stride, at::IntArrayRef padding, at::IntArrayRef dilation, bool transposed,
    at::IntArrayRef output_padding, int64_t groups, std::array<bool, 3> wanted) {
  const std::vector<int64_t> bias_sizes{weight.size(transposed ? 1 : 0)};
  const auto [of_input, of_weight, of_bias] = at::convolution_backward(
      on_host(gradient), on_host(input), on_host(weight), at::OptionalIntArrayRef(bias_sizes),
      stride, padding, dilation, transposed, output_padding, groups, wanted);
  return {on_device(of_input), on_device(of_weight), on_device(of_bias)};
}

TORCH_LIBRARY_IMPL(_, HPU, library) {
  library.fallback(torch::CppFunction::makeFromBoxedFunction<&call_on_host>());
}

TORCH_LIBRARY_IMPL(aten, HPU, library) {
  library.impl("empty.memory_format", empty);
  library.impl("empty_strided", empty_strided);
  library.impl("_copy_from", copy_from);
  library.impl("_copy_from_and_resize", copy_from_and_resize);
  library.impl("_local_scalar_dense", read_value);
  library.impl("resize_", resize);
  library.impl("as_strided", at::native::as_strided_tensorimpl);
  library.impl("view",
               static_cast<at::Tensor (*)(const at::Tensor&, at::IntArrayRef)>(at::native::view));
  library.impl("_reshape_alias", at::native::_reshape_alias);
  library.impl("unfold", at::native::unfold);
  library.impl("convolution_overrideable", convolution);
  library.impl("convolution_backward_overrideable", convolution_backward);
}

TORCH_LIBRARY_IMPL(_, AutocastHPU, library) {
  library.fallback(torch::CppFunction::makeFallthrough());
}

}  // namespace

torch::Device stand_in_device() {
  return kDevice;
}

const Traffic& traffic() {
  return seen;
}

Traffic operator-(const Traffic& after, const Traffic& before) {
  Traffic between{after.uploads - before.uploads,
                  after.pageable_uploads - before.pageable_uploads,
                  after.upload_bytes - before.upload_bytes,
                  after.reads - before.reads,
                  {}};
  for (const auto& [name, count] : after.read_by) {
    const auto earlier = before.read_by.find(name);
    const int64_t more = count - (earlier == before.read_by.end() ? 0 : earlier->second);
    if (more > 0) between.read_by[name] = more;
  }
  return between;
}

}  // namespace mra

/// LibTorch looks for a class of this name.
struct HPUHooks : at::HPUHooksInterface {
  explicit HPUHooks(at::HPUHooksArgs) {}
  void init() const override {}
  bool hasHPU() const override { return true; }
  bool isBuilt() const override { return true; }
  bool isAvailable() const override { return true; }
  bool hasPrimaryContext(c10::DeviceIndex) const override { return true; }
  c10::DeviceIndex deviceCount() const override { return 1; }
  c10::DeviceIndex getCurrentDevice() const override { return 0; }
  void setCurrentDevice(c10::DeviceIndex) const override {}
  c10::DeviceIndex exchangeDevice(c10::DeviceIndex) const override { return 0; }
  c10::DeviceIndex maybeExchangeDevice(c10::DeviceIndex) const override { return 0; }
  bool isPinnedPtr(const void* place) const override { return mra::pinned.holds(place); }
  c10::Allocator* getPinnedMemoryAllocator() const override { return &mra::pinned; }
  c10::Device getDeviceFromPtr(void*) const override { return mra::kDevice; }
  const at::Generator& getDefaultGenerator(c10::DeviceIndex) const override {
    return at::detail::getDefaultCPUGenerator();
  }
};
namespace at {
using ::HPUHooks;
REGISTER_HPU_HOOKS(HPUHooks)
}  // namespace at
