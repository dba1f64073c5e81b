"""Prints the golden values of ngrams_test.c, with scikit-learn.

    python3 ngrams_golden.py
"""

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

LONGEST, INVERSE_DECAY = 5, 2
texts = [[0, 1, 2], [0, 1, 4000], [3, 1, 0], [2, 2]]
targets = np.array([[1, 0, 0], [0.5, 0.5, 0], [0, 1, 0], [0, 0, 1]])
weights = np.array([1, 2, 1, 0.5])


def ngrams(text):
    marked = ("begin", *text, "end")
    return {
        str(marked[start : start + n]): 1
        for n in range(1, LONGEST + 1)
        for start in range(len(marked) - n + 1)
    }


vectorizer = DictVectorizer()
features = vectorizer.fit_transform([ngrams(text) for text in texts])
# A distribution over labels is one example for each of them, weighted.
rows, labels = np.nonzero(targets)
model = LogisticRegression(C=INVERSE_DECAY, tol=1e-10, max_iter=10000)
model.fit(features[rows], labels, sample_weight=weights[rows] * targets[rows, labels])
new = vectorizer.transform([ngrams([3, 1, 4000, 7])])
for p in [*model.predict_proba(features), *model.predict_proba(new)]:
    print("{" + ", ".join(f"{x:.6f}" for x in p) + "}")
