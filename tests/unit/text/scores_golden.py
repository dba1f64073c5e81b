"""Prints the golden values of scores_test.c, with scikit-learn and NumPy.

    python3 scores_golden.py
"""

import numpy as np
from sklearn.metrics import confusion_matrix, f1_score, log_loss, top_k_accuracy_score

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
print("nll", log_loss(labels, p, labels=range(CLASSES)))
edges = np.linspace(0, 1, BINS + 1)
bins = np.digitize(confidence, edges, right=True) - 1
ece = 0
for b in range(BINS):
    inside = bins == b
    if inside.any():
        ece += inside.mean() * abs((predicted == labels)[inside].mean() - confidence[inside].mean())
print("calibration_error", ece)
print("bin_count", [int((bins == b).sum()) for b in range(BINS)])
print("confusion", confusion_matrix(labels, predicted, labels=range(CLASSES)).tolist())
scan = np.exp(np.linspace(np.log(0.05), np.log(20), 20001))
print("temperature", scan[np.argmin([nll(t) for t in scan])])
