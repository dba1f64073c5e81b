"""Prints the golden values of scores_test.c, with scikit-learn and NumPy.

    python3 scores_golden.py
"""

import numpy as np
from sklearn.metrics import (
    confusion_matrix,
    f1_score,
    log_loss,
    recall_score,
    top_k_accuracy_score,
)

COUNT, CLASSES, BINS = 200, 6, 15

i, c = np.meshgrid(np.arange(COUNT), np.arange(CLASSES), indexing="ij")
logits = 3 * np.sin(1.7 * i + 2.3 * c * c + 0.5)
logits[:, 5] = -9  # never predicted, and below no label: not counted by F1
logits[:, 4] -= 4  # a label that is never predicted
labels = np.where(i[:, 0] % 3 == 0, i[:, 0] % 5, logits.argmax(axis=1))


def softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def nll(temperature):
    p = softmax(logits / temperature)
    return -np.log(p[np.arange(COUNT), labels]).mean()


p = softmax(logits)
predicted, confidence = p.argmax(axis=1), p.max(axis=1)
print("top1", top_k_accuracy_score(labels, p, k=1, labels=range(CLASSES)))
print("top3", top_k_accuracy_score(labels, p, k=3, labels=range(CLASSES)))
print("macro_f1", f1_score(labels, predicted, average="macro"))
print("macro_recall", recall_score(labels, predicted, labels=np.unique(labels), average="macro"))
print("nll", log_loss(labels, p, labels=range(CLASSES)))


def calibration(right):
    edges = np.linspace(0, 1, BINS + 1)
    bins = np.digitize(confidence, edges, right=True) - 1
    error = 0
    for b in range(BINS):
        inside = bins == b
        if inside.any():
            error += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    return error, [int((bins == b).sum()) for b in range(BINS)]


error, counts = calibration(predicted == labels)
print("calibration_error", error)
print("bin_count", counts)
print("confusion", confusion_matrix(labels, predicted, labels=range(CLASSES)).tolist())

# Several labels: the one above, every fourth example also the next class, every seventh 3.
several = np.zeros((COUNT, CLASSES), bool)
several[np.arange(COUNT), labels] = True
several[::4, :] |= np.roll(several[::4, :], 1, axis=1)
several[::7, 3] = True
first = several[np.arange(COUNT), predicted]
order = np.argsort(-p, axis=1, kind="stable")
recalls = [(predicted[several[:, k]] == k).mean() for k in range(CLASSES) if several[:, k].any()]
print("among top1", first.mean())
print("among top3", np.take_along_axis(several, order[:, :3], 1).any(axis=1).mean())
print("among macro_recall", np.mean(recalls))
print("among nll", -np.log((p * several).sum(axis=1)).mean())
print("among calibration_error", calibration(first)[0])

scan = np.exp(np.linspace(np.log(0.05), np.log(20), 20001))


def confidence_loss(temperature, biases):
    loss = 0
    for bias in biases:
        q = softmax(logits / temperature + bias)
        right = several[np.arange(COUNT), q.argmax(axis=1)]
        loss -= np.where(right, np.log(q.max(axis=1)), np.log(1 - q.max(axis=1))).sum()
    return loss


tilt = np.array([0.0, 0.5, -0.5, 1.0, 0.25, -1.0])
for biases in [[0 * tilt], [0 * tilt, tilt]]:
    print("confidence", scan[np.argmin([confidence_loss(t, biases) for t in scan])])
print("temperature", scan[np.argmin([nll(t) for t in scan])])
