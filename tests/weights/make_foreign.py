"""Writes files that torch.load(weights_only=True) reads, and what it reads in them.

    python tests/weights/make_foreign.py tests/weights/foreign

Written with PyTorch 2.11. expected.json holds, for each file, the name, type, shape and SHA-256 of
every tensor, the names of those that are not read, and where a model's weights lie.
"""

import hashlib
import io
import json
import pathlib
import sys
import warnings
import zipfile

import torch

warnings.simplefilter("ignore")
TYPES = {
    "float64": "F64", "float32": "F32", "float16": "F16", "bfloat16": "BF16", "int64": "I64",
    "int32": "I32", "int16": "I16", "int8": "I8", "uint64": "U64", "uint32": "U32",
    "uint16": "U16", "uint8": "U8", "bool": "BOOL", "complex32": "C32", "complex64": "C64",
    "complex128": "C128", "float8_e4m3fn": "F8_E4M3", "float8_e5m2": "F8_E5M2",
    "float8_e4m3fnuz": "F8_E4M3FNUZ", "float8_e5m2fnuz": "F8_E5M2FNUZ",
    "float8_e8m0fnu": "F8_E8M0",
}


def typed(name):
    """Six values of a type, some of them in a view that is not contiguous."""
    raw = torch.arange(12 * 16, dtype=torch.uint8).remainder(61).view(-1)
    dtype = getattr(torch, name)
    if name == "bool":
        return (raw[:12] % 2).bool().view(4, 3)
    size = torch.empty(0, dtype=dtype).element_size()
    return raw[: 12 * size].clone().view(dtype).view(4, 3)


def module():
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 2), torch.nn.BatchNorm2d(2))
    return net.state_dict()


def prefixed(prefix):
    return {prefix + key: value for key, value in module().items()}


def attributed(tensor):
    tensor.is_norm = True
    return tensor


def objects():
    """What is saved, by the name of the file."""
    w = torch.arange(6.0)
    parameter = torch.nn.Parameter(w.clone())
    parameter.tag = "norm"
    yield "types", {name: typed(name) for name in TYPES}
    yield "strided", {name: typed(name).t()[1:] for name in TYPES}
    yield "dtypes_beside", {"model": module(), "dtype": torch.float16, "args": {
        "dtypes": [torch.uint8, torch.complex64, torch.float8_e5m2, torch.qint8, torch.uint3],
        "scheme": torch.per_channel_affine, "size": torch.Size([2, 3]), "bytes": b"\xff\x00",
        "device": torch.device("cpu"), "layout": torch.sparse_csr, "set": {1, 2},
        "big": 2**70, "complex": 1j, "bytearray": bytearray(b"a"), "half": "caf\udce9"}}
    yield "keys", {None: w, True: w + 1, 7: w + 2, -1: w + 3, 0.5: w + 4, 2.0: w + 5, 1e30: w,
                   (1, "a"): w + 6, ("x",): w, ((), (None, 0.25)): w, b"\xff": w, "": w,
                   torch.float16: w, "ü": w, "a.b": w, 10**12: w}
    yield "attributes", {"w": attributed(w.clone()), "p": parameter,
                         "b": torch.nn.Buffer(w.clone()), "list": [attributed(w.clone()), (w,)]}
    yield "not_read", {
        "w": w, "quantised": torch.quantize_per_tensor(w, 0.1, 0, torch.qint8),
        "wide": torch.quantize_per_tensor(w, 0.1, 0, torch.qint32),
        "channels": torch.quantize_per_channel(
            torch.ones(2, 3), torch.tensor([0.1, 0.2]), torch.tensor([0, 0]), 0, torch.quint8),
        "coo": torch.eye(3).to_sparse(), "csr": torch.eye(3).to_sparse_csr(),
        "meta": torch.empty(3, device="meta"),
        "nested": torch.nested.nested_tensor([torch.ones(2), torch.ones(3)])}
    yield "lazy", {"w": w, "conj": typed("complex64").conj()}
    yield "negated", {"w": w, "neg": typed("complex64").conj().imag}
    yield "bits", {"w": w, "four": torch.ones(2, dtype=torch.uint8).view(torch.float4_e2m1fn_x2)}
    yield "shared", {"a": w, "b": w[2:], "c": w.view(2, 3).t(), "none": torch.empty(0, 4),
                     "one": torch.tensor(3.0), "repeated": torch.ones(1, 3).expand(4, 3)}
    yield "storages", {"w": w, "typed": w.storage(), "untyped": torch.arange(4).untyped_storage()}
    yield "compiled", prefixed("_orig_mod.")
    yield "compiled_parallel", prefixed("module._orig_mod.")
    yield "parallel_ema", {"model_ema": prefixed("module."), "epoch": 3}
    yield "state_dict_ema", {"state_dict": module(), "state_dict_ema": prefixed("module."),
                             "optimizer": {"state": {0: {"exp_avg": w}}}}
    yield "only_state_dict_ema", {"state_dict_ema": module(), "optimizer": {"state": {0: w}}}
    yield "lightning", {"state_dict": prefixed("model."), "epoch": 1,
                        "pytorch-lightning_version": "2.2", "callbacks": {}}
    yield "lightning_net", {"state_dict": prefixed("net._orig_mod."), "hyper_parameters": {}}
    yield "net", {"net": prefixed("module."), "acc": 93.5}
    yield "own_names", {"generator": module(), "discriminator": module()}
    yield "a_tensor", w
    yield "nothing", {"epoch": 1}


PLACES = {
    "compiled": "_orig_mod.", "compiled_parallel": "module._orig_mod.",
    "parallel_ema": "model_ema.module.", "state_dict_ema": "state_dict.",
    "only_state_dict_ema": "state_dict_ema.", "lightning": "state_dict.model.",
    "lightning_net": "state_dict.net._orig_mod.", "net": "net.module.", "dtypes_beside": "model.",
    "protocol_3": "model.",
}


def walk(value, path=()):
    if isinstance(value, dict):
        for key, item in value.items():
            yield from walk(item, (*path, str(key)))
    elif isinstance(value, (list, tuple)):
        for at, item in enumerate(value):
            yield from walk(item, (*path, str(at)))
    elif isinstance(value, torch.Tensor):
        yield ".".join(path), value


def is_read(tensor):
    return (tensor.layout == torch.strided and not tensor.is_quantized and not tensor.is_meta
            and not tensor.is_nested and not tensor.is_conj() and not tensor.is_neg()
            and str(tensor.dtype)[6:] in TYPES)


def described(tensor):
    if tensor.numel() == 0:
        raw = b""
    else:
        raw = bytes(tensor.detach().contiguous().reshape(-1).view(torch.uint8).tolist())
    return {"dtype": TYPES[str(tensor.dtype)[6:]], "shape": list(tensor.shape),
            "sha256": hashlib.sha256(raw).hexdigest()}


def expected(path):
    found = list(walk(torch.load(path, weights_only=True)))
    return {"tensors": {name: described(t) for name, t in found if is_read(t)},
            "skipped": sorted(name for name, t in found if not is_read(t))}


def deflated(data):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for member in old.infolist():
            new.writestr(member.filename, old.read(member))
    return out.getvalue()


def saved(value, **options):
    out = io.BytesIO()
    torch.save(value, out, **options)
    return out.getvalue()


def without_sums(value):
    torch.serialization.set_crc32_options(False)
    try:
        return saved(value)
    finally:
        torch.serialization.set_crc32_options(True)


def files():
    for name, value in objects():
        yield name + ".pth", saved(value)
        if name not in ("types", "strided", "not_read", "bits", "storages"):
            yield name + ".legacy.pth", saved(value, _use_new_zipfile_serialization=False)
    state = module()
    yield "protocol_3.pth", saved({"model": state, "name": "x"}, pickle_protocol=3)
    yield "protocol_3.legacy.pth", saved({"model": state}, pickle_protocol=3,
                                         _use_new_zipfile_serialization=False)
    yield "trailing.pth", saved(state) + b"bytes behind the archive"
    yield "deflated.pth", deflated(saved(state))
    yield "deflated_types.pth", deflated(saved(dict(objects())["strided"]))
    yield "without_sums.pth", without_sums(state)


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    listed = {}
    for name, data in files():
        path = folder / name
        path.write_bytes(data)
        try:
            listed[name] = expected(path)
        except Exception as error:  # what PyTorch itself refuses is no case
            print(f"{name}: {str(error)[:120]}")
            path.unlink()
            continue
        listed[name]["place"] = PLACES.get(name.split(".")[0])
    lines = [f"{json.dumps(name)}: {json.dumps(listed[name])}" for name in sorted(listed)]
    (folder / "expected.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


main(pathlib.Path(sys.argv[1]))
