"""Splits a CSV at random: python3 docs/compare/split.py DATA.csv TRAIN.csv VALIDATION.csv [SHARE] [SEED]"""
import sys

import numpy as np
import pandas as pd

data, train, validation = sys.argv[1:4]
share = float(sys.argv[4]) if len(sys.argv) > 4 else 0.2
rows = pd.read_csv(data, dtype=str, keep_default_na=False)
held = np.random.RandomState(int(sys.argv[5]) if len(sys.argv) > 5 else 1).rand(len(rows)) < share
rows[~held].to_csv(train, index=False)
rows[held].to_csv(validation, index=False)
