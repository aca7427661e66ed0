#!/usr/bin/env python3
"""Compares the speed of a training step with plain and compiled Python on the same device.

The program, plain Python and torch.compile start from the same weights and see the same random
pictures, which are on the device already. The losses of the first steps of the program and of plain
Python are compared. "fast" is the program with --determinism fast. Needs torch 2.11 (and torchvision for its ResNet-50).
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import torch
from torch import nn

from saved_tensors import read_safetensors

BATCHES, CLASSES, WARMUP_STEPS = 4, 1000, 10
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
MAE_MINI = {"name": "mae", "image_px": 224, "patch_px": 16, "dim": 480, "depth": 4, "heads": 12,
            "decoder_dim": 384, "decoder_depth": 2, "decoder_heads": 16, "mlp_ratio": 4}


class Attention(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(dim, 3 * dim)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x):
        n, t, d = x.shape
        q, k, v = self.qkv(x).view(n, t, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        y = nn.functional.scaled_dot_product_attention(q, k, v)
        return self.proj(y.transpose(1, 2).reshape(n, t, d))


class Mlp(nn.Module):
    def __init__(self, dim, ratio):
        super().__init__()
        self.fc1 = nn.Linear(dim, dim * ratio)
        self.fc2 = nn.Linear(dim * ratio, dim)

    def forward(self, x):
        return self.fc2(nn.functional.gelu(self.fc1(x)))


class Block(nn.Module):
    def __init__(self, dim, heads, ratio):
        super().__init__()
        self.norm1, self.attn = nn.LayerNorm(dim, eps=1e-6), Attention(dim, heads)
        self.norm2, self.mlp = nn.LayerNorm(dim, eps=1e-6), Mlp(dim, ratio)

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class PatchEmbed(nn.Module):
    def __init__(self, patch_px, dim):
        super().__init__()
        self.proj = nn.Conv2d(3, dim, patch_px, patch_px)


class Autoencoder(nn.Module):
    """A plain masked autoencoder with the parameter names of its authors' code."""

    def __init__(self, o):
        super().__init__()
        self.o, length = o, (o["image_px"] // o["patch_px"]) ** 2
        dim, wide = o["dim"], o["decoder_dim"]
        self.patch_embed = PatchEmbed(o["patch_px"], dim)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + length, dim), requires_grad=False)
        self.blocks = nn.ModuleList(Block(dim, o["heads"], o["mlp_ratio"])
                                    for _ in range(o["depth"]))
        self.norm = nn.LayerNorm(dim, eps=1e-6)
        self.decoder_embed = nn.Linear(dim, wide)
        self.mask_token = nn.Parameter(torch.zeros(1, 1, wide))
        self.decoder_pos_embed = nn.Parameter(torch.zeros(1, 1 + length, wide), requires_grad=False)
        self.decoder_blocks = nn.ModuleList(Block(wide, o["decoder_heads"], o["mlp_ratio"])
                                            for _ in range(o["decoder_depth"]))
        self.decoder_norm = nn.LayerNorm(wide, eps=1e-6)
        self.decoder_pred = nn.Linear(wide, 3 * o["patch_px"] ** 2)

    def patchify(self, images):
        n, p = images.shape[0], self.o["patch_px"]
        grid = images.shape[2] // p
        x = images.reshape(n, 3, grid, p, grid, p).permute(0, 2, 4, 3, 5, 1)
        return x.reshape(n, grid * grid, 3 * p * p)

    def unpatchify(self, patches):
        n, p = patches.shape[0], self.o["patch_px"]
        grid = int(patches.shape[1] ** 0.5)
        x = patches.reshape(n, grid, grid, p, p, 3).permute(0, 5, 1, 3, 2, 4)
        return x.reshape(n, 3, grid * p, grid * p)

    def embed(self, images):
        x = self.patch_embed.proj(images).flatten(2).transpose(1, 2)
        return x + self.pos_embed[:, 1:]

    def encode(self, x):
        token = (self.cls_token + self.pos_embed[:, :1]).expand(x.shape[0], -1, -1)
        x = torch.cat([token, x], 1)
        for block in self.blocks:
            x = block(x)
        return x

    def seen(self, embedded, order):
        kept = order[:, :int(order.shape[1] * 0.6)]
        x = embedded.gather(1, kept.unsqueeze(2).expand(-1, -1, embedded.shape[2]))
        return self.norm(self.encode(x))

    def paint(self, latent, order):
        x = self.decoder_embed(latent)
        hidden = order.shape[1] - (x.shape[1] - 1)
        every = torch.cat([x[:, 1:], self.mask_token.expand(x.shape[0], hidden, -1)], 1)
        every = every.gather(1, order.argsort(1).unsqueeze(2).expand(-1, -1, x.shape[2]))
        x = torch.cat([x[:, :1], every], 1) + self.decoder_pos_embed
        for block in self.decoder_blocks:
            x = block(x)
        return self.decoder_pred(self.decoder_norm(x))[:, 1:]

    def loss(self, images, noise):
        order = noise.argsort(1)
        painted = self.paint(self.seen(self.embed(images), order), order)
        hidden = torch.ones_like(noise)
        hidden.scatter_(1, order[:, :int(order.shape[1] * 0.6)], 0)
        error = ((painted - self.patchify(images)) ** 2).mean(2)
        return (error * hidden).sum() / hidden.sum()

    def augment(self, images):
        """MRA in two passes: hides the least attended patches and reconstructs them."""
        embedded = self.embed(images)
        x = torch.cat([(self.cls_token + self.pos_embed[:, :1]).expand(len(images), -1, -1),
                       embedded], 1)
        for block in self.blocks[:-1]:
            x = block(x)
        q, k, _ = self.blocks[-1].attn.qkv(self.blocks[-1].norm1(x)).chunk(3, 2)
        scores = (q[:, :1].float() @ k[:, 1:].float().transpose(1, 2)).squeeze(1)
        order = scores.argsort(1, descending=True)
        painted = self.unpatchify(self.paint(self.seen(embedded, order), order)).float()
        hidden = torch.ones_like(scores).scatter_(1, order[:, :int(order.shape[1] * 0.6)], 0)
        p = self.o["patch_px"]
        hidden = self.unpatchify(hidden.unsqueeze(2).expand(-1, -1, 3 * p * p))
        return torch.where(hidden.bool(), painted, images)


class Arm:
    """The training step in Python, equal to the program's up to rounding."""

    def __init__(self, options, work, precision, compiled):
        torch.manual_seed(7)
        self.work, self.precision = work, precision
        self.device, self.slice = options.device, options.micro_batch or options.batch
        torch.backends.cudnn.allow_tf32 = precision == "tf32"
        n, px = options.batch, options.size
        self.batches = []
        for _ in range(BATCHES):
            pixels = torch.randint(256, (n, px, px, 3), dtype=torch.uint8).to(self.device)
            self.batches.append((pixels, torch.randint(CLASSES, (n,)).to(self.device)))
        self.mean = torch.tensor(MEAN, device=self.device)
        self.std = torch.tensor(STD, device=self.device)
        self.noise = torch.rand(n, (px // options.augmentor["patch_px"]) ** 2).to(self.device)
        if work in ("mra", "pretrain"):
            self.augmentor = Autoencoder(options.augmentor).to(self.device)
        if work != "pretrain":
            self.model = network(options).to(self.device, memory_format=torch.channels_last)
        else:
            self.model = self.augmentor
        self.done = 0
        matrices = [p for p in self.model.parameters() if p.requires_grad and p.dim() > 1]
        others = [p for p in self.model.parameters() if p.requires_grad and p.dim() <= 1]
        fused = options.device == "cuda"
        if work == "pretrain":
            self.optimizer = torch.optim.AdamW(
                [{"params": matrices, "weight_decay": 0.05}, {"params": others, "weight_decay": 0}],
                lr=1e-4, betas=(0.9, 0.95), fused=fused)
        else:
            self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.01, momentum=0.9,
                                             weight_decay=6e-5, nesterov=True, fused=fused)
        self.scores = torch.compile(self.classify) if compiled else self.classify
        self.error = torch.compile(self.pretrain) if compiled else self.pretrain
        self.repainted = torch.compile(self.augment) if compiled else self.augment

    def autocast(self):
        return torch.autocast(self.device, torch.bfloat16, enabled=self.precision == "bf16")

    def classify(self, images, labels):
        return nn.functional.cross_entropy(self.model(images).float(), labels)

    def augment(self, images):
        return self.augmentor.augment(images).contiguous(memory_format=torch.channels_last)

    def pretrain(self, images, noise):
        return self.augmentor.loss(images, noise)

    def step(self):
        pixels, labels = self.batches[self.done % BATCHES]
        self.done += 1
        images = ((pixels.float() / 255 - self.mean) / self.std).permute(0, 3, 1, 2)
        total = 0
        for first in range(0, len(images), self.slice):
            part = slice(first, first + self.slice)
            with self.autocast():
                if self.work == "pretrain":
                    loss = self.error(images[part], self.noise[part])
                else:
                    if self.work == "mra":
                        with torch.no_grad():
                            images = self.repainted(images)
                    loss = self.scores(images[part], labels[part])
            loss = loss * (len(images[part]) / len(images))
            loss.backward()
            total = total + loss.detach()
        self.optimizer.step()
        self.optimizer.zero_grad()
        return total

    def rate(self, steps):
        wait(self.device)
        start = time.perf_counter()
        for _ in range(steps):
            self.step()
        wait(self.device)
        return steps * len(self.batches[0][0]) / (time.perf_counter() - start)


def network(options):
    if options.small:
        layers = [nn.Conv2d(3, 8, 3, 2, 1, bias=False), nn.BatchNorm2d(8), nn.ReLU(),
                  nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, CLASSES)]
        return nn.Sequential(*layers)
    import torchvision
    return torchvision.models.resnet50()


def wait(device):
    if device == "cuda":
        torch.cuda.synchronize()


def program_steps(options, work, precision, save=None, determinism="strict"):
    model = {"name": "resnet18", "width": 8, "blocks": [1]} if options.small else {"name": "resnet50"}
    words = [options.worker, "step-times", "--work", work, "--precision", precision, "--device",
             options.device, "--batch", options.batch, "--size", options.size, "--windows", 3,
             "--window-steps", options.steps, "--micro-batch", options.micro_batch,
             "--determinism", determinism]
    words += ["--model", json.dumps(model)] if work != "pretrain" else []
    words += ["--augmentor", json.dumps(options.augmentor)] if work != "classify" else []
    words += ["--save", save] if save else []
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"the program ended with {done.returncode}: {done.stderr[-2000:]}")
    return json.loads(done.stdout)


def compare_losses(arm, options, ours, weights):
    if arm.work == "mra" or options.small and arm.work == "classify":
        return "losses are not compared here"
    arm.model.load_state_dict(weights, strict=True)
    theirs = [arm.step().item() for _ in range(8)]
    apart = [abs(a - b) / abs(b) for a, b in zip(ours["losses"], theirs)]
    return f"first 8 losses apart by at most {max(apart):.1e} (first {apart[0]:.1e})"


def median(values):
    return sorted(values)[len(values) // 2]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--worker", type=pathlib.Path, required=True)
    parser.add_argument("--case", required=True, help="WORK-PRECISION, such as classify-fp32, "
                        "mra-bf16, pretrain-bf16")
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--small", action="store_true", help="to try this script on a CPU")
    options = parser.parse_args()
    work, precision = options.case.split("-")
    options.augmentor = MAE_MINI
    options.size, options.batch, options.steps, turns = 224, 512, 10, 3
    options.micro_batch = 0
    if work == "pretrain":
        options.batch, options.micro_batch, options.steps = 4096, 1024, 3
    if options.small:
        options.size, options.batch, options.steps, turns = 32, 4, 2, 1
        options.augmentor = {**MAE_MINI, "image_px": 32}
    with tempfile.TemporaryDirectory() as folder:
        saved = pathlib.Path(folder) / "weights.safetensors"
        first = program_steps(options, work, precision, saved)
        weights = read_safetensors(saved)
    arms = {"python": Arm(options, work, precision, compiled=False)}
    print(compare_losses(arms["python"], options, first, weights), flush=True)
    peak_python = torch.cuda.max_memory_allocated() if options.device == "cuda" else 0
    if options.device == "cuda":
        arms["compiled"] = Arm(options, work, precision, compiled=True)
    for arm in arms.values():
        arm.rate(WARMUP_STEPS if not options.small else 1)
    rates = {"program": [], **{name: [] for name in arms}}
    for _ in range(turns):
        rates["program"] += program_steps(options, work, precision)["images_per_s"]
        for name, arm in arms.items():
            rates[name] += [arm.rate(options.steps) for _ in range(3)]
    rates["fast"] = program_steps(options, work, precision, determinism="fast")["images_per_s"]
    for name, values in rates.items():
        print(f"{name:9} {median(values):9.1f} images/s  ({min(values):.1f} to {max(values):.1f})"
              f"  program/{name} {median(rates['program']) / median(values):.3f}")
    print(f"peak memory: program {first['peak_memory_bytes'] / 2**30:.1f} GiB, "
          f"python {peak_python / 2**30:.1f} GiB; batch {options.batch}"
          + (f" in slices of {options.micro_batch}" if options.micro_batch else ""))


if __name__ == "__main__":
    main()
