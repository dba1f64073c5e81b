"""Writes golden.txt: what PyTorch computes, for tests/unit/nn/golden_test.c.

    python3 make_golden.py > golden.txt

Inputs and weights are drawn in float32 and written exactly (9 significant digits); everything
that follows from them is computed in float64, so that the reference has no rounding of its own.

The file holds lines `name: dimension dimension ...`, each followed by its values in row-major order
and one empty line. Lines starting with # are comments.
"""

import platform

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence

SEED = 20
CELLS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
INPUT, HIDDEN, CLASSES = 5, 6, 4


def draw(*shape):
    """Normal values that float32 represents exactly, held in float64."""
    return torch.randn(*shape, dtype=torch.float32).double()


def emit(name, tensor):
    tensor = torch.as_tensor(tensor).detach()
    values = tensor.reshape(-1).tolist()
    print(f"{name}:", *tensor.shape)
    for start in range(0, len(values), 8):
        print(" ".join(f"{value:.9g}" for value in values[start : start + 8]))
    print()


def rounded(module):
    """The module, in float64, with weights that float32 represents exactly."""
    return module.float().double()


def emit_parameters(case, prefix, module):
    for name, parameter in module.named_parameters():
        emit(f"{case}/{prefix}.{name}", parameter)
        emit(f"{case}/d {prefix}.{name}", parameter.grad)


def leaf(tensor):
    return tensor.clone().requires_grad_()


def recurrent_case(case, cell, layers, directions, lengths):
    """loss = sum over the rows of -log softmax(output(y))[target] + sum(h_n u) + sum(c_n v)"""
    network = rounded(CELLS[cell](INPUT, HIDDEN, layers, bidirectional=directions == 2))
    output = rounded(nn.Linear(directions * HIDDEN, CLASSES))
    batch, steps = len(lengths), max(lengths)
    padded = draw(steps, batch, INPUT)
    packing = pack_padded_sequence(padded, torch.tensor(lengths), enforce_sorted=False)
    x = leaf(packing.data)
    packed = PackedSequence(x, packing.batch_sizes, packing.sorted_indices, packing.unsorted_indices)
    names = ("h", "c") if cell == "lstm" else ("h",)
    initial = [leaf(draw(layers * directions, batch, HIDDEN)) for _ in names]
    weights = [draw(layers * directions, batch, HIDDEN) for _ in names]
    targets = torch.randint(CLASSES, (len(x),))

    y, final = network(packed, tuple(initial) if cell == "lstm" else initial[0])
    final = final if cell == "lstm" else (final,)
    y.data.retain_grad()
    loss = F.nll_loss(F.log_softmax(output(y.data), dim=1), targets, reduction="sum")
    loss = loss + sum((f * w).sum() for f, w in zip(final, weights))
    loss.backward()

    emit(f"{case}/lengths", lengths)
    emit(f"{case}/order", packing.sorted_indices)
    emit(f"{case}/x", x)
    emit(f"{case}/targets", targets)
    emit(f"{case}/y", y.data)
    emit(f"{case}/loss", loss)
    emit(f"{case}/d x", x.grad)
    for i, name in enumerate(names):
        emit(f"{case}/{name}0", initial[i])
        emit(f"{case}/{name}n", final[i])
        emit(f"{case}/weight of {name}n", weights[i])
        emit(f"{case}/d {name}0", initial[i].grad)
    emit_parameters(case, "rnn", network)
    emit_parameters(case, "output", output)


def packing_case(case, lengths):
    padded = torch.arange(max(lengths) * len(lengths)).view(max(lengths), len(lengths), 1)
    packing = pack_padded_sequence(padded, torch.tensor(lengths), enforce_sorted=False)
    emit(f"{case}/lengths", lengths)
    emit(f"{case}/order", packing.sorted_indices)
    emit(f"{case}/batch_sizes", packing.batch_sizes)
    emit(f"{case}/data", packing.data)  # step * batch + sequence, as the caller numbers them


def linear_case():
    layer, x, dy = rounded(nn.Linear(7, 3)), leaf(draw(4, 7)), draw(4, 3)
    y = layer(x)
    y.backward(dy)
    for name, tensor in (("x", x), ("y", y), ("dy", dy), ("d x", x.grad)):
        emit(f"linear/{name}", tensor)
    emit_parameters("linear", "layer", layer)


def embedding_case():
    layer, ids, dy = rounded(nn.Embedding(6, 5)), torch.tensor([4, 1, 4, 0, 4]), draw(5, 5)
    y = layer(ids)
    y.backward(dy)
    for name, tensor in (("ids", ids), ("y", y), ("dy", dy)):
        emit(f"embedding/{name}", tensor)
    emit_parameters("embedding", "layer", layer)


def nll_case():
    logits, targets = leaf(3 * draw(5, 7)), torch.randint(7, (5,))
    log_probability = F.log_softmax(logits, dim=1)
    loss = F.nll_loss(log_probability, targets, reduction="sum")
    loss.backward()
    emit("nll/logits", logits)
    emit("nll/targets", targets)
    emit("nll/log_probability", log_probability)
    emit("nll/loss", loss)
    emit("nll/d logits", logits.grad)


def cross_entropy_case(case, smoothing, soft_weight):
    """Rows weighed, targets smoothed, and mixed with soft ones."""
    logits, targets, weights = leaf(3 * draw(5, 7)), torch.randint(7, (5,)), draw(5).abs()
    soft = F.softmax(draw(5, 7), dim=1).float().double()
    hard = F.cross_entropy(logits, targets, label_smoothing=smoothing, reduction="none")
    rows = (1 - soft_weight) * hard
    rows = rows + soft_weight * F.cross_entropy(logits, soft, reduction="none")
    loss = (weights * rows).sum()
    loss.backward()
    emit(f"{case}/smoothing", smoothing)
    emit(f"{case}/soft_weight", soft_weight)
    for name, tensor in (("logits", logits), ("targets", targets), ("weights", weights),
                         ("soft", soft), ("loss", loss), ("d logits", logits.grad)):
        emit(f"{case}/{name}", tensor)


def attention_case(lengths, size=5):
    """Scaled dot-product attention of each sequence's queries over its own keys and values."""
    emit("attention/lengths", lengths)
    for i, (queries, keys) in enumerate(lengths):
        q, k, dc = leaf(draw(queries, size)), leaf(draw(keys, size)), draw(queries, size)
        context = F.scaled_dot_product_attention(q[None], k[None], k[None])[0]
        context.backward(dc)
        for name, tensor in (("q", q), ("k", k), ("context", context), ("d context", dc),
                             ("d q", q.grad), ("d k", k.grad)):
            emit(f"attention/{name} {i}", tensor)


def additive_attention_case(lengths, size=5, width=4):
    """context = softmax(u . tanh(q + k)) v of each sequence's queries over its own keys."""
    score = leaf(draw(size))
    emit("additive attention/lengths", lengths)
    for i, (queries, keys) in enumerate(lengths):
        q, k, v = leaf(draw(queries, size)), leaf(draw(keys, size)), leaf(draw(keys, width))
        dc = draw(queries, width)
        weights = F.softmax(torch.tanh(q[:, None] + k) @ score, dim=1)
        context = weights @ v
        context.backward(dc)
        for name, tensor in (("q", q), ("k", k), ("v", v), ("weights", weights),
                             ("context", context), ("d context", dc), ("d q", q.grad),
                             ("d k", k.grad), ("d v", v.grad)):
            emit(f"additive attention/{name} {i}", tensor)
    emit("additive attention/score", score)
    emit("additive attention/d score", score.grad)


def location_attention_case(lengths, positions=7, width=4):
    """context = softmax(q) v of a score for each position, where v ends before the positions."""
    emit("location attention/lengths", lengths)
    for i, (queries, values) in enumerate(lengths):
        q, v, dc = leaf(draw(queries, positions)), leaf(draw(values, width)), draw(queries, width)
        weights = F.softmax(q, dim=1)
        padded = F.pad(v, (0, 0, 0, positions - values))
        context = torch.bmm(weights[None], padded[None])[0]
        context.backward(dc)
        for name, tensor in (("q", q), ("v", v), ("weights", weights), ("context", context),
                             ("d context", dc), ("d q", q.grad), ("d v", v.grad)):
            emit(f"location attention/{name} {i}", tensor)


def bmm_case(batch, m, k, n):
    a, b, dc = leaf(draw(batch, m, k)), leaf(draw(batch, k, n)), draw(batch, m, n)
    c = torch.bmm(a, b)
    c.backward(dc)
    emit("bmm/shape", [batch, m, k, n])
    for name, tensor in (("a", a), ("b", b), ("c", c), ("d c", dc), ("d a", a.grad),
                         ("d b", b.grad)):
        emit(f"bmm/{name}", tensor)


def optimizer_case(case, make):
    """Three steps at a rate large enough that the steps outweigh the values."""
    values = leaf(draw(19))
    gradients = draw(3, 19)
    emit(f"optimizer {case}/values", values)
    emit(f"optimizer {case}/gradients", gradients)
    optimizer = make([values])
    after = []
    for gradient in gradients:
        values.grad = gradient.clone()
        optimizer.step()
        after.append(values.detach().clone())
    emit(f"optimizer {case}/after", torch.stack(after))


def clip_case(case, limit):
    values = leaf(torch.zeros(11).double())
    values.grad = draw(11)
    emit(f"{case}/limit", limit)
    emit(f"{case}/before", values.grad)
    emit(f"{case}/norm", nn.utils.clip_grad_norm_([values], limit))
    emit(f"{case}/after", values.grad)


def main():
    torch.manual_seed(SEED)
    torch.set_default_dtype(torch.float64)
    print("# Written by make_golden.py; do not edit.")
    version = torch.__version__.partition("+")[0]  # without the accelerator's
    print(f"# PyTorch {version}, Python {platform.python_version()}, seed {SEED}\n")
    for cell in CELLS:
        for layers in (1, 2):
            for directions in (1, 2):
                for lengths in ([4], [2, 5, 3]):
                    case = f"{cell} layers {layers} directions {directions} batch {len(lengths)}"
                    recurrent_case(case, cell, layers, directions, lengths)
        # The tutorial's nn.RNN(5, 6, 2) and its siblings on an input of shape (1, 3, 5).
        recurrent_case(f"{cell} tutorial", cell, 2, 1, [1, 1, 1])
    packing_case("packing 1", [3, 7, 1, 5, 2])
    packing_case("packing 2", [2, 3, 2, 3, 1])
    linear_case()
    embedding_case()
    nll_case()
    cross_entropy_case("cross entropy 1", 0.1, 0.0)
    cross_entropy_case("cross entropy 2", 0.1, 0.7)
    optim = torch.optim
    optimizer_case("sgd", lambda p: optim.SGD(p, lr=0.5))
    optimizer_case("momentum", lambda p: optim.SGD(p, lr=0.5, momentum=0.9, weight_decay=0.1))
    optimizer_case("adam", lambda p: optim.Adam(p, lr=0.5, weight_decay=0.1))
    optimizer_case("adamw", lambda p: optim.AdamW(p, lr=0.5, weight_decay=0.1))
    clip_case("clip 1", 1.5)
    clip_case("clip 2", 100.0)
    attention_case([(4, 3), (1, 1), (2, 7)])
    additive_attention_case([(4, 3), (1, 1), (2, 7)])
    location_attention_case([(4, 3), (1, 1), (2, 7)])
    bmm_case(3, 2, 5, 4)


if __name__ == "__main__":
    main()
