"""Writes inspect.txt: what PyTorch's cells do inside, for tests/unit/model/inspect_test.c.

    python3 make_inspect_golden.py > inspect.txt

Weights are drawn in float32 and written exactly; everything that follows from them is computed in
float64. PyTorch's networks do not tell their gates, so these are computed here step by step from
its weights by the equations of its documentation, and the states that follow from them must be those
of torch.nn.RNN, LSTM and GRU. The gradients are autograd's. The file has the format of golden.txt.
"""

import platform

import torch
import torch.nn.functional as F
from make_golden import CELLS, emit, rounded
from torch import nn

SEED = 21
LETTERS, EMBEDDING, HIDDEN, LABELS = 7, 3, 4, 3
IDS, TARGET = [3, 0, 6, 3, 5, 1], 2


def lstm_step(a, c):
    i, f, g, o = a.chunk(4)
    gates = {"input": i.sigmoid(), "forget": f.sigmoid(), "candidate": g.tanh(),
             "output": o.sigmoid()}
    c = gates["forget"] * c + gates["input"] * gates["candidate"]
    return gates, gates["output"] * c.tanh(), c


def gru_step(x, part, h):
    (xr, xz, xn), (hr, hz, hn) = x.chunk(3), part.chunk(3)
    gates = {"reset": (xr + hr).sigmoid(), "update": (xz + hz).sigmoid()}
    gates["candidate"] = (xn + gates["reset"] * hn).tanh()
    return gates, (1 - gates["update"]) * gates["candidate"] + gates["update"] * h, None


def step(cell, x, part, h, c):
    """Gates by name, hidden and cell state after a step. x, part: W_ih x + b_ih, W_hh h + b_hh."""
    if cell == "lstm":
        return lstm_step(x + part, c)
    if cell == "gru":
        return gru_step(x, part, h)
    return {}, torch.tanh(x + part), None


def layer(cell, network, number, direction, inputs):
    """The steps of one layer in one direction, in the order of the text."""
    suffix = f"_l{number}{'_reverse' if direction else ''}"
    w_ih, w_hh, b_ih, b_hh = (getattr(network, name + suffix) for name in
                              ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
    h = c = torch.zeros(HIDDEN)
    steps = []
    for x in (reversed(inputs) if direction else inputs):
        gates, h, c = step(cell, F.linear(x, w_ih, b_ih), F.linear(h, w_hh, b_hh), h, c)
        h.retain_grad()
        steps.append((gates, h, c))
    return steps[::-1] if direction else steps


def stacked(layers, value):
    """[L, D, T, ...]"""
    return torch.stack([torch.stack([torch.stack([value(step) for step in steps])
                                     for steps in directions]) for directions in layers])


def pool(states, kind, directions):
    """Last state of each direction, and for `all` maximum and mean: see src/nn/pooling.h."""
    last = torch.cat([states[-1 if d == 0 else 0][d * HIDDEN:(d + 1) * HIDDEN]
                      for d in range(directions)])
    return last if kind == "last" else torch.cat([last, states.max(0).values, states.mean(0)])


def inspect_case(case, cell, layers, directions, embedding, pooling):
    letters = rounded(nn.Embedding(LETTERS, embedding)) if embedding else None
    network = rounded(CELLS[cell](embedding or LETTERS, HIDDEN, layers,
                                  bidirectional=directions == 2))
    output = rounded(nn.Linear(directions * HIDDEN * (1 if pooling == "last" else 3), LABELS))
    ids = torch.tensor(IDS)
    x = letters(ids) if embedding else F.one_hot(ids, LETTERS).double()
    inputs, found = list(x), []
    for number in range(layers):
        found.append([layer(cell, network, number, d, inputs) for d in range(directions)])
        inputs = [torch.cat([found[-1][d][t][1] for d in range(directions)])
                  for t in range(len(IDS))]
    states = torch.stack(inputs)
    torch.testing.assert_close(states, network(x)[0], rtol=1e-12, atol=1e-12)
    logits = output(pool(states, pooling, directions))
    loss = F.cross_entropy(logits[None], torch.tensor([TARGET]))
    loss.backward()

    for prefix, module in (("letters", letters), ("rnn", network), ("output", output)):
        for name, parameter in (module.named_parameters() if module else ()):
            emit(f"{case}/{prefix}.{name}", parameter)
    emit(f"{case}/ids", IDS)
    emit(f"{case}/target", TARGET)
    emit(f"{case}/layers", layers)
    emit(f"{case}/directions", directions)
    emit(f"{case}/embedding", embedding)
    emit(f"{case}/all", int(pooling == "all"))
    for gate in found[0][0][0][0]:
        emit(f"{case}/{gate}", stacked(found, lambda step, gate=gate: step[0][gate]))
    emit(f"{case}/h", stacked(found, lambda step: step[1]))
    if cell == "lstm":
        emit(f"{case}/c", stacked(found, lambda step: step[2]))
    emit(f"{case}/logits", logits)
    emit(f"{case}/loss", loss)
    emit(f"{case}/d h", stacked(found, lambda step: step[1].grad))


def main():
    torch.manual_seed(SEED)
    torch.set_default_dtype(torch.float64)
    print("# Written by make_inspect_golden.py; do not edit.")
    version = torch.__version__.partition("+")[0]  # without the accelerator's
    print(f"# PyTorch {version}, Python {platform.python_version()}, seed {SEED}\n")
    for cell in CELLS:
        inspect_case(f"{cell} plain", cell, 1, 1, 0, "last")
        inspect_case(f"{cell} deep", cell, 2, 2, EMBEDDING, "all")


if __name__ == "__main__":
    main()
