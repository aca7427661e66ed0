#include "harness/train/copy_stream.h"

#include <c10/core/Event.h>
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

namespace mra {

CopyStream::CopyStream(torch::Device device) : device_(device) {
  if (!device.is_cpu())
    stream_ = c10::impl::VirtualGuardImpl(device.type()).getStreamFromGlobalPool(device);
}

torch::Tensor CopyStream::begin(const torch::Tensor& host) const {
  if (!stream_) return host;
  const auto options = host.options().device(device_).pinned_memory(false);
  torch::Tensor copy = torch::empty_strided(host.sizes(), host.strides(), options);
  // The memory may have been used by what is being computed now: the copy begins after that.
  c10::Event computed(device_.type());
  computed.record(c10::impl::VirtualGuardImpl(device_.type()).getStream(device_));
  computed.block(*stream_);
  const c10::StreamGuard beside(*stream_);
  copy.copy_(host, /*non_blocking=*/true);
  return copy;
}

void CopyStream::wait() const {
  if (stream_) stream_->synchronize();
}

}  // namespace mra
