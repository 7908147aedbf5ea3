"""The linear baseline that the text classifier is compared with, in scikit-learn, on the same split.

python3 docs/compare/text_baseline.py TRAIN.csv VALIDATION.csv [--text-column text] [--label-column category]
"""
import argparse
import csv
import time

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.pipeline import make_pipeline, make_union

arguments = argparse.ArgumentParser(description=__doc__)
arguments.add_argument("train")
arguments.add_argument("validation")
arguments.add_argument("--text-column", default="text")
arguments.add_argument("--label-column", default="category")
options = arguments.parse_args()


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row[options.text_column] for row in rows], [row[options.label_column] for row in rows]


train_texts, train_labels = read(options.train)
texts, labels = read(options.validation)
words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
model = make_pipeline(make_union(words, characters), LogisticRegression(C=20, max_iter=1000))
start = time.perf_counter()
model.fit(train_texts, train_labels)
seconds = time.perf_counter() - start
answers = model.predict(texts)
print(f"accuracy {accuracy_score(labels, answers):.4f}  macro F1 {f1_score(labels, answers, average='macro'):.4f}  fit {seconds:.1f} s")
