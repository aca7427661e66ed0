#include "tests/device/stand_in_device.h"

#include <cstring>
#include <mutex>
#include <set>

#include <ATen/EmptyTensor.h>
#include <ATen/ops/_reshape_alias_native.h>
#include <ATen/ops/as_strided_native.h>
#include <ATen/ops/unfold_native.h>
#include <ATen/ops/view_native.h>
#include <c10/core/CPUAllocator.h>
#include <torch/library.h>

#include "tests/device/stand_in_memory.h"

namespace mra {

namespace {

Traffic seen;
std::mutex seen_lock;

void note_read(const std::string& what) {
  const std::lock_guard lock(seen_lock);
  ++seen.reads;
  ++seen.read_by[what];
}

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
  if (!tensor.defined() || tensor.device().type() != kStandInDevice.type()) return tensor;
  return under(tensor, c10::kCPU, c10::DispatchKey::CPU, c10::GetCPUAllocator());
}

at::Tensor on_device(const at::Tensor& tensor) {
  if (!tensor.defined() || !tensor.device().is_cpu()) return tensor;
  return under(tensor, kStandInDevice, c10::DispatchKey::HPU, &stand_in_allocator());
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
  if (!is_pinned(tensor.const_data_ptr())) ++seen.pageable_uploads;
  if (beside_computing()) ++seen.uploads_beside;
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
  return at::detail::empty_generic(size, &stand_in_allocator(),
                                   c10::DispatchKeySet(c10::DispatchKey::HPU),
                                   c10::dtype_or_default(dtype), format);
}

at::Tensor empty_strided(at::IntArrayRef size, at::IntArrayRef stride,
                         std::optional<at::ScalarType> dtype, std::optional<at::Layout>,
                         std::optional<at::Device>, std::optional<bool>) {
  return at::detail::empty_strided_generic(size, stride, &stand_in_allocator(),
                                           c10::DispatchKeySet(c10::DispatchKey::HPU),
                                           c10::dtype_or_default(dtype));
}

at::Tensor copy_from(const at::Tensor& from, const at::Tensor& to, bool non_blocking) {
  if (from.device().is_cpu()) {
    note_upload(from);
    if (beside_computing() && non_blocking) {
      std::memset(to.mutable_data_ptr(), 0xAA, to.nbytes());  // until then there is anything
      copy_later([from, to] { on_host(to).copy_(from); });
      return to;
    }
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
  return kStandInDevice;
}

const Traffic& traffic() {
  return seen;
}

Traffic operator-(const Traffic& after, const Traffic& before) {
  Traffic between{after.uploads - before.uploads,
                  after.uploads_beside - before.uploads_beside,
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
