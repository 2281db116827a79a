#!/usr/bin/env python3
"""The networks of `gauntlet bench` in PyTorch (eager mode), for `gauntlet bench --pytorch PYTHON`.

Usage: bench-pytorch.py NETWORK BATCH_SIZE THREADS

Prints one line of JSON with the version of torch and the number of weights; then, for each line of JSON on standard input, such
as {"pass": "gradient", "milliseconds": 500}, times that pass for about so long, at least once, and prints {"fastest", "median"}
in milliseconds. Needs nothing but torch.
"""

import json
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    """Two 3x3 convolutions beside a shortcut, batch normalisations folded in."""

    def __init__(self, inputs, channels, stride):
        super().__init__()
        self.first = nn.Conv2d(inputs, channels, 3, stride, 1)
        self.second = nn.Conv2d(channels, channels, 3, 1, 1)
        self.shortcut = nn.Identity() if stride == 1 else nn.Conv2d(inputs, channels, 1, stride)

    def forward(self, x):
        return F.relu(self.second(F.relu(self.first(x))) + self.shortcut(x))


class Layer(nn.Module):
    """A pre-norm transformer block."""

    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(dim, eps=1e-6)
        self.qkv = nn.Linear(dim, 3 * dim)
        self.out = nn.Linear(dim, dim)
        self.norm2 = nn.LayerNorm(dim, eps=1e-6)
        self.feed_forward = nn.Sequential(nn.Linear(dim, 4 * dim), nn.GELU(), nn.Linear(4 * dim, dim))

    def attention(self, x):
        batch, tokens, dim = x.shape
        qkv = self.qkv(x).reshape(batch, tokens, 3, self.heads, dim // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        if hasattr(F, "scaled_dot_product_attention"):
            mixed = F.scaled_dot_product_attention(q, k, v)
        else:
            mixed = torch.softmax(q @ k.transpose(-2, -1) * (dim // self.heads) ** -0.5, -1) @ v
        return self.out(mixed.transpose(1, 2).reshape(batch, tokens, dim))

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.feed_forward(self.norm2(x))


class VisionTransformer(nn.Module):
    """The class token lies in the position embedding, as in the bench."""

    def __init__(self, patch=4, dim=192, depth=6, heads=3):
        super().__init__()
        tokens = (32 // patch) ** 2 + 1
        self.patches = nn.Conv2d(3, dim, patch, patch)
        self.position = nn.Parameter(torch.randn(1, tokens, dim) * 0.5)
        self.layers = nn.Sequential(*(Layer(dim, heads) for _ in range(depth)))
        self.norm = nn.LayerNorm(dim, eps=1e-6)
        self.head = nn.Linear(dim, 10)

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = self.layers(F.pad(x, (0, 0, 1, 0)) + self.position)
        return self.head(self.norm(x)[:, 0])


def cnn():
    return nn.Sequential(
        *(nn.Conv2d(1, 32, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(64, 128, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(128 * 7 * 7, 128), nn.ReLU(), nn.Linear(128, 10)),
    )


def mlp():
    return nn.Sequential(
        *(nn.Flatten(), nn.Linear(784, 1024), nn.ReLU()),
        *(nn.Linear(1024, 1024), nn.ReLU()),
        *(nn.Linear(1024, 64), nn.ReLU(), nn.Linear(64, 10)),
    )


def resnet18():
    blocks, inputs = [], 64
    for channels in (64, 128, 256, 512):
        blocks += [Block(inputs, channels, 1 if channels == 64 else 2), Block(channels, channels, 1)]
        inputs = channels
    stem = (nn.Conv2d(3, 64, 3, padding=1), nn.ReLU())
    return nn.Sequential(*stem, *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 10))


NETWORKS = {
    "cnn": (cnn, (1, 28, 28)),
    "mlp": (mlp, (1, 28, 28)),
    "resnet18": (resnet18, (3, 32, 32)),
    "vit": (VisionTransformer, (3, 32, 32)),
}


def passes(network, images, labels):
    """The passes by name. Weights take no gradient: as in an attack, only the images do."""

    def forward():
        with torch.no_grad():
            return network(images)

    def gradient():
        x = images.detach().requires_grad_()
        loss = F.cross_entropy(network(x), labels, reduction="sum")
        return torch.autograd.grad(loss, x)

    return {"forward": forward, "gradient": gradient}


def timed(task, milliseconds):
    times, started = [], time.perf_counter()
    while not times or time.perf_counter() - started < milliseconds / 1000:
        begun = time.perf_counter()
        task()
        times.append(1000 * (time.perf_counter() - begun))
    return {"fastest": min(times), "median": statistics.median(times)}


def say(answer):
    print(json.dumps(answer), flush=True)


def main():
    name, batch_size, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    torch.manual_seed(0)
    torch.set_num_threads(threads)
    build, shape = NETWORKS[name]
    network = build().eval().requires_grad_(False)
    tasks = passes(network, torch.rand(batch_size, *shape), torch.arange(batch_size) % 10)
    say({"version": torch.__version__, "parameters": sum(p.numel() for p in network.parameters())})
    for line in sys.stdin:
        request = json.loads(line)
        say(timed(tasks[request["pass"]], request["milliseconds"]))


if __name__ == "__main__":
    main()
