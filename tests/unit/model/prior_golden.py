"""Prints the golden values of prior_test.c, with NumPy: the posterior under another prior, as in
equation (4) of Saerens, Latinne and Decaestecker 2002.

    python3 prior_golden.py
"""

import numpy as np

CLASSES = 4
prior = np.array([0.5, 0.25, 0.2, 0.05])
logits = np.array([[2.0, 1.0, 0.5, -1.0], [0.0, 0.0, 0.0, 0.0], [-3.0, 4.0, 3.5, 3.0]])
temperature = 1.25

p = np.exp(logits / temperature)
p /= p.sum(axis=1, keepdims=True)
for name, q in [
    ("data", prior),
    ("equal", np.full(CLASSES, 1 / CLASSES)),
    ("given", np.array([0.1, 0.0, 0.3, 0.6])),
]:
    corrected = p * (q / prior)
    corrected /= corrected.sum(axis=1, keepdims=True)
    print(name)
    for row in corrected:
        print("    {" + ", ".join(f"{x:.9f}" for x in row) + "},")
