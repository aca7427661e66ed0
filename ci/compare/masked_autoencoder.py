#!/usr/bin/env python3
"""Compares MRA, and a step of its augmentor's pretraining, with plain Python on the same LibTorch.

The program saves weights, pictures and its results. Python then does the same work as written in
the papers: two whole passes for MRA (one over the whole picture for the attention, one over the
kept patches, with every patch decoded), and the MAE authors' forward pass for pretraining. Results
must agree; times are measured in turns on the same machine.

Exits with 0 when results agree, MRA takes at most 0.75 of Python's time and a pretraining step at
most 0.8, else with 1.

Needs torch 2.11.0 (the wheel that ci/setup installs, whole):
  python3 -m venv V && V/bin/pip install torch==2.11.0
  V/bin/python ci/compare/masked_autoencoder.py
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import torch
from torch import nn
from torch.nn import functional as F

from saved_tensors import read_safetensors

ROOT = pathlib.Path(__file__).resolve().parents[2]
HIDDEN_FRAC, LR = 0.4, 1e-3
ROUNDS, WARMUPS, TURNS = 9, 2, 3
# 64 tokens: the mini scale; 196: the paper's MAE-Mini.
MODELS = {
    64: (128, dict(name="mae", image_px=64, patch_px=8, dim=128, depth=4, heads=4,
                   decoder_dim=96, decoder_depth=2, decoder_heads=4, mlp_ratio=4)),
    196: (32, dict(name="mae", image_px=224, patch_px=16, dim=480, depth=4, heads=12,
                   decoder_dim=384, decoder_depth=2, decoder_heads=16, mlp_ratio=4)),
}


class Attention(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(dim, 3 * dim)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x):
        n, t, d = x.shape
        q, k, v = self.qkv(x).reshape(n, t, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        self.class_query, self.keys = q[:, :, :1], k
        y = F.scaled_dot_product_attention(q, k, v)
        return self.proj(y.transpose(1, 2).reshape(n, t, d))


class Mlp(nn.Module):
    def __init__(self, dim, hidden):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(dim, hidden), nn.Linear(hidden, dim)

    def forward(self, x):
        return self.fc2(F.gelu(self.fc1(x)))


class Block(nn.Module):
    def __init__(self, dim, heads, ratio):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(dim, eps=1e-6), nn.LayerNorm(dim, eps=1e-6)
        self.attn, self.mlp = Attention(dim, heads), Mlp(dim, int(dim * ratio))

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class PatchEmbed(nn.Module):
    def __init__(self, patch_px, dim):
        super().__init__()
        self.proj = nn.Conv2d(3, dim, patch_px, patch_px)

    def forward(self, x):
        return self.proj(x).flatten(2).transpose(1, 2)


class Autoencoder(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.patch_px, self.grid = s["patch_px"], s["image_px"] // s["patch_px"]
        tokens = self.grid ** 2 + 1
        self.cls_token = nn.Parameter(torch.zeros(1, 1, s["dim"]))
        self.mask_token = nn.Parameter(torch.zeros(1, 1, s["decoder_dim"]))
        self.pos_embed = nn.Parameter(torch.zeros(1, tokens, s["dim"]), False)
        self.decoder_pos_embed = nn.Parameter(torch.zeros(1, tokens, s["decoder_dim"]), False)
        self.patch_embed = PatchEmbed(s["patch_px"], s["dim"])
        self.blocks = nn.ModuleList(
            Block(s["dim"], s["heads"], s["mlp_ratio"]) for _ in range(s["depth"]))
        self.norm = nn.LayerNorm(s["dim"], eps=1e-6)
        self.decoder_embed = nn.Linear(s["dim"], s["decoder_dim"])
        self.decoder_blocks = nn.ModuleList(
            Block(s["decoder_dim"], s["decoder_heads"], s["mlp_ratio"])
            for _ in range(s["decoder_depth"]))
        self.decoder_norm = nn.LayerNorm(s["decoder_dim"], eps=1e-6)
        self.decoder_pred = nn.Linear(s["decoder_dim"], 3 * s["patch_px"] ** 2)

    def patches_of(self, x):
        n, g, p = x.shape[0], self.grid, self.patch_px
        return x.reshape(n, 3, g, p, g, p).permute(0, 2, 4, 3, 5, 1).reshape(n, g * g, p * p * 3)

    def pictures_of(self, x):
        n, g, p = x.shape[0], self.grid, self.patch_px
        return x.reshape(n, g, g, p, p, 3).permute(0, 5, 1, 3, 2, 4).reshape(n, 3, g * p, g * p)

    def encode(self, images, kept=None):
        x = self.patch_embed(images) + self.pos_embed[:, 1:]
        if kept is not None:
            x = torch.gather(x, 1, kept.unsqueeze(-1).expand(-1, -1, x.shape[2]))
        first = (self.cls_token + self.pos_embed[:, :1]).expand(len(x), -1, -1)
        x = torch.cat([first, x], 1)
        for block in self.blocks:
            x = block(x)
        return self.norm(x)

    def decode(self, latent, restore):
        x = self.decoder_embed(latent)
        n, t, d = x.shape
        masks = self.mask_token.expand(n, restore.shape[1] + 1 - t, -1)
        patches = torch.cat([x[:, 1:], masks], 1)
        patches = torch.gather(patches, 1, restore.unsqueeze(-1).expand(-1, -1, d))
        x = torch.cat([x[:, :1], patches], 1) + self.decoder_pos_embed
        for block in self.decoder_blocks:
            x = block(x)
        return self.decoder_pred(self.decoder_norm(x))[:, 1:]

    def kept_count(self):
        return int(self.grid ** 2 * (1 - HIDDEN_FRAC))

    @torch.no_grad()
    def augment(self, images):
        self.encode(images)
        last = self.blocks[-1].attn
        scores = (last.class_query @ last.keys.transpose(2, 3)).sum(1)[:, 0, 1:]
        order = scores.argsort(dim=1, descending=True, stable=True)
        kept, restore = order[:, :self.kept_count()], order.argsort(1)
        pred = self.decode(self.encode(images, kept), restore)
        hidden = torch.ones_like(scores).scatter(1, kept, 0).unsqueeze(-1)
        hidden = self.pictures_of(hidden.expand(-1, -1, pred.shape[2]))
        return torch.where(hidden.bool(), self.pictures_of(pred), images), kept

    def loss(self, images, noise):
        order = noise.argsort(dim=1, stable=True)
        restore, kept = order.argsort(1), self.kept_count()
        pred = self.decode(self.encode(images, order[:, :kept]), restore)
        hidden = (restore >= kept).float()
        errors = ((pred - self.patches_of(images)) ** 2).mean(2)
        return (errors * hidden).sum() / hidden.sum()


def median_s(work):
    times = []
    for turn in range(-WARMUPS, ROUNDS):
        start = time.perf_counter()
        work()
        if turn >= 0:
            times.append(time.perf_counter() - start)
    return statistics.median(times)


def ours(worker, sizes, batch, save):
    command = [worker, "mae-times", "--model", json.dumps(sizes), "--batch", str(batch),
               "--hidden-frac", str(HIDDEN_FRAC), "--threads", str(torch.get_num_threads()),
               "--save", save]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def compare(worker, tokens, folder):
    batch, sizes = MODELS[tokens]
    save = str(pathlib.Path(folder) / f"{tokens}.safetensors")
    told = ours(worker, sizes, batch, save)
    saved = read_safetensors(save)
    model = Autoencoder(sizes)
    model.load_state_dict({k.split("/", 1)[1]: v for k, v in saved.items() if "/" in k})
    images, noise = saved["images"], saved["noise"]
    augmented, kept = model.augment(images)
    same_kept = bool((kept.sort(1)[0] == saved["kept"].sort(1)[0]).all())
    apart = float((augmented - saved["augmented"]).abs().max())
    loss_apart = abs(model.loss(images, noise).item() - told["loss"])
    matrices = [p for p in model.parameters() if p.requires_grad and p.ndim > 1]
    others = [p for p in model.parameters() if p.requires_grad and p.ndim <= 1]

    def step():
        model.loss(images, noise).backward()
        optimizer.step()
        optimizer.zero_grad()

    ratios = {"MRA": [], "pretraining step": []}
    for _ in range(TURNS):
        optimizer = torch.optim.AdamW(
            [dict(params=matrices, weight_decay=0.05), dict(params=others, weight_decay=0)],
            lr=LR, betas=(0.9, 0.95))
        theirs = {"MRA": median_s(lambda: model.augment(images)), "pretraining step": median_s(step)}
        told = ours(worker, sizes, batch, save)
        mine = {"MRA": statistics.median(told["mra_s"]),
                "pretraining step": statistics.median(told["pretrain_step_s"])}
        for name in ratios:
            ratios[name].append(mine[name] / theirs[name])
            print(f"{tokens} tokens, batch {batch}, {name}: {1e3 * mine[name]:.1f} ms, Python "
                  f"{1e3 * theirs[name]:.1f} ms, ratio {ratios[name][-1]:.2f}", flush=True)
    agree = same_kept and apart < 1e-4 and loss_apart < 1e-5
    print(f"{tokens} tokens: same patches kept: {same_kept}; pictures apart by at most {apart:.1e}; "
          f"losses by {loss_apart:.1e}")
    return agree and statistics.median(ratios["MRA"]) <= 0.75 and \
        statistics.median(ratios["pretraining step"]) <= 0.8


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worker", default=str(ROOT / "build/release/harness/harness-worker"))
    parser.add_argument("--tokens", type=int, choices=MODELS, action="append")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    with tempfile.TemporaryDirectory() as folder:
        good = [compare(arguments.worker, tokens, folder)
                for tokens in arguments.tokens or sorted(MODELS)]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
