"""The peer of bench_names: one-hot letters -> RNN, LSTM or GRU of 128 -> linear -> cross-entropy,
plain SGD, on one thread, one name and 64 a step.

python3 torch_names.py [--data FILE]

A batch holds names of one length only, so nothing is padded or packed; the names are repeated to
fill such batches. torch.compile would make a program for every length, in 20 s each: on one length
it trained a GRU 1.3 times as fast with 64 names a step, and 2.4 times with one."""

import argparse
import random
import unicodedata

from torch_measure import measure, print_version, torch
from torch import nn
from torch.nn import functional

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ .,;'"
SIZE = len(LETTERS) + 1  # the last is the unknown letter
HIDDEN = 128
CELLS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
FILL = 16  # times that the names are repeated


def letters(name):
    folded = unicodedata.normalize("NFD", name)
    return [
        LETTERS.index(c) if c in LETTERS else SIZE - 1 for c in folded if not unicodedata.combining(c)
    ]


def read(path):
    """[(letters, label)], and how many labels there are."""
    with open(path, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file]
    labels = sorted({label for _, label in rows})
    return [(letters(name), labels.index(label)) for name, label in rows], len(labels)


def batches(names, size):
    """[(letters [T, B], labels [B])] of one length each, in random order."""
    by_length = {}
    for name in names:
        by_length.setdefault(len(name[0]), []).append(name)
    found = []
    for group in by_length.values():
        for start in range(0, len(group), size):
            ids, labels = zip(*group[start : start + size])
            found.append((torch.tensor(ids).t().contiguous(), torch.tensor(labels)))
    random.Random(1).shuffle(found)
    return found


class Network(nn.Module):
    def __init__(self, cell, labels):
        super().__init__()
        self.cell = CELLS[cell](SIZE, HIDDEN)
        self.out = nn.Linear(HIDDEN, labels)

    def forward(self, ids):
        y, _ = self.cell(functional.one_hot(ids, SIZE).float())
        return self.out(y[-1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default="data/sample/names.tsv")
    options = parser.parse_args()
    names, labels = read(options.data)
    print_version()
    for size in 1, 64:
        data = batches(names if size == 1 else names * FILL, size)
        count = sum(len(batch[1]) for batch in data)
        for cell in CELLS:
            network = Network(cell, labels)
            optimizer = torch.optim.SGD(network.parameters(), lr=1e-3, fused=True)

            def epoch():
                for ids, wanted in data:
                    loss = functional.cross_entropy(network(ids), wanted)
                    optimizer.zero_grad()
                    loss.backward()
                    optimizer.step()

            measure(f"names {cell} batch {size}", "names/s", count, epoch)


main()
