"""Writes onnx.txt: the ONNX standard's own test vectors for RNN, LSTM and GRU, for
tests/unit/nn/onnx_test.c. They come with PyPI's onnx, as the cases of its backend test.

    pip install onnx==1.23.2
    python3 make_onnx_golden.py > onnx.txt

Written as golden.txt is (make_golden.py). The weights are put into the order and under the names of
PyTorch, which are ours: ONNX has the gates of an LSTM as i o f c, those of a GRU as z r h, and its
bias holds that of W and that of R, one behind the other. Time comes first, then the batch, whatever
the case's layout; of y the directions come last. What only runs backward is the second of two
directions here, and the first is 0.

Left out, and said so in a comment: an LSTM with peepholes, which ours does not have, and a GRU of
several steps that resets the state before it is multiplied (linear_before_reset 0, as all of the
standard's cases are): ours, like PyTorch's, resets the product. Such a case stands here with
linear_before_reset 1 instead, computed by the standard's own helper. A single step from a state of
0 is the same both ways, but for the bias of R, which then belongs to W.

Most of the standard's weights are all the same number, which no order of gates changes. So three
cases are added whose weights and states are drawn, and whose results the standard's helpers compute.
"""

import platform
import warnings

import numpy as np
import onnx

warnings.filterwarnings("ignore")

from onnx.backend.test.case.node import collect_testcases  # noqa: E402
from onnx.backend.test.case.node.gru import GRUHelper  # noqa: E402
from onnx.backend.test.case.node.lstm import LSTMHelper  # noqa: E402
from onnx.backend.test.case.node.rnn import RNNHelper  # noqa: E402

ORDER = {"RNN": [0], "LSTM": [0, 2, 3, 1], "GRU": [1, 0, 2]}  # ours, of ONNX's gates


def emit(name, tensor):
    values = [float(value) for value in np.asarray(tensor).reshape(-1)]
    print(f"{name}:", *np.shape(tensor))
    for start in range(0, len(values), 8):
        print(" ".join(f"{value:.9g}" for value in values[start : start + 8]))
    print()


def attributes(node):
    return {item.name: onnx.helper.get_attribute_value(item) for item in node.attribute}


def gates(matrix, op, hidden):
    """A matrix [G * H, n], or vector, with its gates in our order."""
    return np.concatenate([matrix[g * hidden : (g + 1) * hidden] for g in ORDER[op]])


def emit_weights(case, op, inputs, hidden, reverse, one_step):
    w, r = inputs["W"], inputs["R"]
    b = inputs.get("B", np.zeros((w.shape[0], 2 * w.shape[1]), np.float32))
    if reverse:
        w, r, b = (np.concatenate([np.zeros_like(part), part]) for part in (w, r, b))
    for direction, suffix in enumerate(["", "_reverse"][: len(w)]):
        bias_ih, bias_hh = (gates(half, op, hidden) for half in np.split(b[direction], 2))
        if one_step:
            bias_ih[2 * hidden :] += bias_hh[2 * hidden :]
            bias_hh[2 * hidden :] = 0
        emit(f"{case}/rnn.weight_ih_l0{suffix}", gates(w[direction], op, hidden))
        emit(f"{case}/rnn.weight_hh_l0{suffix}", gates(r[direction], op, hidden))
        emit(f"{case}/rnn.bias_ih_l0{suffix}", bias_ih)
        emit(f"{case}/rnn.bias_hh_l0{suffix}", bias_hh)


def emit_answers(case, op, options, inputs, outputs):
    batch_first = options.get("layout", 0) == 1
    direction = options.get("direction", b"forward").decode()
    x = inputs["X"].swapaxes(0, 1) if batch_first else inputs["X"]
    steps, batch, width = x.shape
    hidden = options["hidden_size"]
    emit(f"{case}/sizes", [steps, batch, width, hidden, 1 if direction == "forward" else 2])
    emit(f"{case}/x", x.reshape(steps * batch, width))
    emit_weights(case, op, inputs, hidden, direction == "reverse", op == "GRU" and steps == 1)
    if "Y" in outputs:  # [T, D, B, H], or [B, T, D, H]
        order = (1, 0, 2, 3) if batch_first else (0, 2, 1, 3)
        emit(f"{case}/y", outputs["Y"].transpose(order).reshape(steps * batch, -1))
    states = {"h0": "initial_h", "c0": "initial_c", "hn": "Y_h", "cn": "Y_c"}
    for ours, theirs in states.items():  # [D, B, H], or [B, D, H]
        state = (inputs | outputs).get(theirs)
        if state is not None:
            emit(f"{case}/{ours}", state.transpose(1, 0, 2) if batch_first else state)


def emit_case(test):
    node = test.model.graph.node[0]
    op, options = node.op_type, attributes(node)
    inputs = dict(zip([name for name in node.input if name], test.data_sets[0][0], strict=True))
    outputs = dict(zip([name for name in node.output if name], test.data_sets[0][1], strict=True))
    name = test.name.removeprefix("test_")
    if "P" in inputs:
        print(f"# {name}: left out, as it has peepholes\n")
        return
    if op == "GRU" and options.get("layout", 0) == 0 and len(inputs["X"]) > 1:
        name += " linear before reset"
        direction = options.get("direction", b"forward").decode()
        y, hn = GRUHelper(**inputs, direction=direction, linear_before_reset=1).step()
        outputs = {"Y": y, "Y_h": hn}
    emit_answers(name, op, options, inputs, outputs)


def emit_drawn(op, helper, gate_count, **options):
    steps, batch, width, hidden = 4, 3, 2, 5
    rng = np.random.default_rng(15)

    def draw(*shape):
        return rng.uniform(-1, 1, shape).astype(np.float32)

    inputs = {
        "X": draw(steps, batch, width),
        "W": draw(2, gate_count * hidden, width),
        "R": draw(2, gate_count * hidden, hidden),
        "B": draw(2, 2 * gate_count * hidden),
        "initial_h": draw(2, batch, hidden),
    }
    if op == "LSTM":
        inputs["initial_c"] = draw(2, batch, hidden)
    answers = helper(**inputs, direction="bidirectional", **options).step()
    outputs = dict(zip(["Y", "Y_h", "Y_c"], answers, strict=False))
    kind = {"direction": b"bidirectional", "hidden_size": hidden}
    emit_answers(f"{op.lower()} drawn", op, kind, inputs, outputs)


def main():
    print("# Written by make_onnx_golden.py; do not edit.")
    print(f"# onnx {onnx.__version__} (Apache-2.0), Python {platform.python_version()}\n")
    for test in collect_testcases(None):
        if test.model is not None and test.model.graph.node[0].op_type in ORDER:
            if len(test.model.graph.node) == 1:
                emit_case(test)
    emit_drawn("RNN", RNNHelper, 1)
    emit_drawn("LSTM", LSTMHelper, 4)
    emit_drawn("GRU", GRUHelper, 3, linear_before_reset=1)


main()
