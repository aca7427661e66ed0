"""Tensors that the program saved, as torch tensors."""
import json
import pathlib

import torch


def read_safetensors(path):
    types = {"F32": torch.float32, "I64": torch.int64}
    data = pathlib.Path(path).read_bytes()
    length = int.from_bytes(data[:8], "little")
    header, body = json.loads(data[8:8 + length]), bytearray(data[8 + length:])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        first, last = entry["data_offsets"]
        tensor = torch.frombuffer(body[first:last], dtype=types[entry["dtype"]])
        tensors[name] = tensor.reshape(entry["shape"])
    return tensors
