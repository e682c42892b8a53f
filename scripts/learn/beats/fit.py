"""Teaches the beat network (lib/analysis/beats/network.ts) and writes its weights.

    python3 fit.py DIRECTORY

DIRECTORY holds what examples.ts wrote. Writes fold-0.bin to fold-3.bin, each taught without the compositions of one fold,
all.bin, and folds.json (the fold of each composition). One thread and fixed seeds: on one kind of machine the same bytes.
Needs PyTorch (Debian: python3-torch) and NumPy.
"""
import json
import os
import sys

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

FOLDS, SEED = 4, 1
STEPS, LENGTH, BATCH, RATE, DECAY, DROP = 900, 768, 16, 6e-3, 0.02, 0.1
COLUMNS, DILATIONS = (24, 32, 48), (1, 2, 4, 8)
SHARE = {"performance": 1.0, "score": 0.35, "keyboard": 0.35}
PERIODS, SHORTEST, LONGEST, PLACES = 40, 0.16, 2.4, 12

directory = sys.argv[1]
torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)
head = json.load(open(os.path.join(directory, "examples.json")))
entries, METERS = head["entries"], head["meters"]
features = np.memmap(os.path.join(directory, "features.f32"), np.float32, "r").reshape(-1, head["features"])
labels = np.memmap(os.path.join(directory, "labels.f32"), np.float32, "r").reshape(-1, head["labels"])
sample = np.asarray(features[:: max(1, len(features) // 200000)])
mean, deviation = sample.mean(0), np.maximum(sample.std(0), 0.02)
performed = sorted({e["composition"] for e in entries if e["kind"] == "performance"})
order = np.random.default_rng(7).permutation(len(performed))
folds = {name: int(order[i]) % FOLDS for i, name in enumerate(performed)}


class Block(nn.Module):
    def __init__(self, columns, dilation):
        super().__init__()
        self.taps = nn.Conv1d(columns, columns, 5, padding=2 * dilation, dilation=dilation, groups=columns, bias=False)
        self.matrix = nn.Conv1d(columns, columns, 1, bias=False)
        self.norm = nn.BatchNorm1d(columns)

    def forward(self, x):
        return x + F.relu(self.norm(self.matrix(self.taps(x))))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        a, b, c = COLUMNS
        self.input = nn.Conv1d(head["features"], a, 1)
        self.every, self.every_joined = Block(a, 1), Block(a, 1)
        self.to_second, self.from_second = nn.Conv1d(a, b, 2, stride=2), nn.Conv1d(b, a, 1)
        self.second, self.second_joined = nn.ModuleList([Block(b, 1), Block(b, 2)]), Block(b, 1)
        self.to_fourth, self.from_fourth = nn.Conv1d(b, c, 2, stride=2), nn.Conv1d(c, b, 1)
        self.fourth = nn.ModuleList([Block(c, d) for d in DILATIONS])
        self.head, self.meter = nn.Conv1d(a, 2, 1), nn.Conv1d(c, METERS, 1)
        # Only to teach, as is the meter: the place of each onset in its beat, and the length of the beat.
        self.place, self.period = nn.Conv1d(a, PLACES, 1), nn.Conv1d(c, PERIODS, 1)
        self.drop = nn.Dropout(DROP)

    def forward(self, x):
        every = self.every(self.drop(F.relu(self.input(x))))
        second = F.relu(self.to_second(every))
        for block in self.second:
            second = block(self.drop(second))
        fourth = F.relu(self.to_fourth(second))
        for block in self.fourth:
            fourth = block(self.drop(fourth))
        second = self.second_joined(second + self.from_fourth(fourth).repeat_interleave(2, 2))
        every = self.drop(self.every_joined(every + self.from_second(second).repeat_interleave(2, 2)))
        fourth = self.drop(fourth)
        return self.head(every), self.place(every), self.period(fourth), self.meter(fourth)


def masked(values, known):
    return (values * known).sum() / known.sum().clamp_min(1)


def loss_of(said, truth):
    (head_said, place_said, period_said, meter_said) = said
    beat, down, known, period, place, meter = (truth[:, i] for i in range(6))
    bce = lambda row, wanted: masked(F.binary_cross_entropy_with_logits(row, wanted, reduction="none"), known)
    places = torch.where(place < 0, torch.full_like(place, -1), (place * PLACES).round() % PLACES).long()
    period, meter = period[:, 1::4], meter[:, 1::4].long()
    bins = torch.linspace(0, PERIODS - 1, PERIODS)[None, :, None]
    scaled = (period.clamp(0.05, 5).log() - np.log(SHORTEST)) / (np.log(LONGEST) - np.log(SHORTEST)) * (PERIODS - 1)
    wanted = torch.exp(-0.5 * ((bins - scaled[:, None, :]) / 0.8) ** 2)
    wanted = wanted / wanted.sum(1, keepdim=True).clamp_min(1e-6)
    periods = masked(-(F.log_softmax(period_said, 1) * wanted).sum(1), (period > 0).float())
    return (
        bce(head_said[:, 0], beat)
        + bce(head_said[:, 1], down)
        + 0.15 * F.cross_entropy(place_said, places, ignore_index=-1)
        + 0.2 * periods
        + 0.08 * F.cross_entropy(meter_said, meter, ignore_index=-1)
    )


def odds_of(taught):
    """How often each piece is taken: long ones and rare compositions more, each kind by its share."""
    counts = {}
    for e in taught:
        counts[e["composition"]] = counts.get(e["composition"], 0) + 1
    odds = np.array([e["count"] ** 0.5 * counts[e["composition"]] ** -0.4 * (1.5 if e["variant"] == 0 else 1) for e in taught])
    for kind, share in SHARE.items():
        rows = np.array([e["kind"] == kind for e in taught])
        if rows.any():
            odds[rows] *= share / odds[rows].sum()
    return odds / odds.sum()


def batch(taught, odds, random):
    x = np.zeros((BATCH, LENGTH, head["features"]), np.float32)
    y = np.zeros((BATCH, LENGTH, head["labels"]), np.float32)
    y[:, :, 3:] = -1
    for b, k in enumerate(random.choice(len(taught), BATCH, p=odds)):
        start, count = taught[k]["start"], taught[k]["count"]
        size = min(count, LENGTH)
        offset = int(random.integers(0, count - size + 1))
        at = int(random.integers(0, 4)) if size + 4 < LENGTH else 0
        x[b, at : at + size] = (features[start + offset : start + offset + size] - mean) / deviation
        y[b, at : at + size] = labels[start + offset : start + offset + size]
    # Files without dynamics.
    if random.random() < 0.3:
        x[:, :, 1:3] = -mean[1:3] / deviation[1:3]
    return torch.from_numpy(np.ascontiguousarray(x.transpose(0, 2, 1))), torch.from_numpy(np.ascontiguousarray(y.transpose(0, 2, 1)))


def teach(fold):
    torch.manual_seed(SEED)
    random = np.random.default_rng(SEED)
    taught = [e for e in entries if folds.get(e["composition"], -1) != fold]
    odds, net = odds_of(taught), Net()
    optimizer = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=STEPS, pct_start=0.15)
    running = 0.0
    for step in range(1, STEPS + 1):
        x, y = batch(taught, odds, random)
        loss = loss_of(net(x), y)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        optimizer.step()
        schedule.step()
        running = float(loss) if step == 1 else 0.98 * running + 0.02 * float(loss)
        if step % 300 == 0:
            print(f"fold {fold}: step {step} of {STEPS}, loss {running:.3f}", flush=True)
    return net


class Table:
    """The bytes that network-weights.ts reads."""

    def __init__(self):
        self.bytes = bytearray()

    def floats(self, values):
        self.bytes += np.ascontiguousarray(values, "<f4").tobytes()

    def dense(self, matrix, bias):
        """`matrix`: inputs x columns."""
        more = -matrix.shape[1] % 8
        matrix, bias = np.pad(matrix, ((0, 0), (0, more))), np.pad(bias, (0, more))
        factor = np.maximum(np.abs(matrix).max(0) / 127, 1e-12)
        self.floats(factor)
        self.floats(bias)
        self.bytes += np.clip(np.round(matrix / factor), -127, 127).astype(np.int8).tobytes()

    def convolution(self, layer):
        weight = layer.weight.detach().double().numpy()
        self.dense(weight.transpose(2, 1, 0).reshape(-1, weight.shape[0]), layer.bias.detach().double().numpy())

    def block(self, block):
        self.floats(block.taps.weight.detach().numpy()[:, 0, :].T)
        norm = block.norm
        factor = (norm.weight / torch.sqrt(norm.running_var + norm.eps)).detach().double().numpy()
        matrix = block.matrix.weight.detach().double().numpy()[:, :, 0].T * factor
        self.dense(matrix, norm.bias.detach().double().numpy() - norm.running_mean.double().numpy() * factor)


def table_of(net):
    table = Table()
    matrix = net.input.weight.detach().double().numpy()[:, :, 0].T / deviation[:, None]
    # What hardly varied was not taught.
    matrix[deviation <= 0.02] = 0
    table.dense(matrix, net.input.bias.detach().double().numpy() - mean @ matrix)
    table.block(net.every)
    table.convolution(net.to_second)
    for block in net.second:
        table.block(block)
    table.convolution(net.to_fourth)
    for block in net.fourth:
        table.block(block)
    table.convolution(net.from_fourth)
    table.block(net.second_joined)
    table.convolution(net.from_second)
    table.block(net.every_joined)
    table.convolution(net.head)
    return bytes(table.bytes)


for name, fold in [*((f"fold-{k}", k) for k in range(FOLDS)), ("all", -2)]:
    with open(os.path.join(directory, f"{name}.bin"), "wb") as file:
        file.write(table_of(teach(fold)))
json.dump(folds, open(os.path.join(directory, "folds.json"), "w"), indent=0, sort_keys=True)
