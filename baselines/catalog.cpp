#include "baselines/catalog.h"

namespace mra {

#define IMAGE_TRANSFORM(name, factory) \
  ImageTransform factory(SpecReader options, const MethodContext& context);
#define BATCH_TRANSFORM(name, factory) \
  BatchTransform factory(SpecReader options, const MethodContext& context);
#define SEMI_SUPERVISED(name, factory) \
  SemiSupervisedMethod factory(SpecReader options, const MethodContext& context);
#define FEW_SHOT_METHOD(name, factory) \
  std::shared_ptr<FewShotMethod> factory(SpecReader options, const FewShotContext& context);
#define JUDGE(name, function) Judged function(SpecReader options, const JudgeContext& context);
#include "baselines/methods.def"
#undef IMAGE_TRANSFORM
#undef BATCH_TRANSFORM
#undef SEMI_SUPERVISED
#undef FEW_SHOT_METHOD
#undef JUDGE

void register_methods(Catalog& catalog) {
#define IMAGE_TRANSFORM(name, factory) catalog.image_transforms.add(name, factory);
#define BATCH_TRANSFORM(name, factory) catalog.batch_transforms.add(name, factory);
#define SEMI_SUPERVISED(name, factory) catalog.semi_supervised_methods.add(name, factory);
#define FEW_SHOT_METHOD(name, factory) catalog.few_shot_methods.add(name, factory);
#define JUDGE(name, function) catalog.judges.add(name, function);
#include "baselines/methods.def"
#undef IMAGE_TRANSFORM
#undef BATCH_TRANSFORM
#undef SEMI_SUPERVISED
#undef FEW_SHOT_METHOD
#undef JUDGE
}

}  // namespace mra
