#include "baselines/catalog.h"

namespace mra {

#define IMAGE_TRANSFORM(name, factory) \
  ImageTransform factory(SpecReader options, const MethodContext& context);
#define BATCH_TRANSFORM(name, factory) \
  BatchTransform factory(SpecReader options, const MethodContext& context);
#include "baselines/methods.def"
#undef IMAGE_TRANSFORM
#undef BATCH_TRANSFORM

void register_methods(Catalog& catalog) {
#define IMAGE_TRANSFORM(name, factory) catalog.image_transforms.add(name, factory);
#define BATCH_TRANSFORM(name, factory) catalog.batch_transforms.add(name, factory);
#include "baselines/methods.def"
#undef IMAGE_TRANSFORM
#undef BATCH_TRANSFORM
}

}  // namespace mra
