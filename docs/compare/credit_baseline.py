"""Logistic regression on ten quantile bins or boosting (scikit-learn), or xgboost, on the split that the credit trainer makes.

    python3 docs/compare/credit_baseline.py --contract contract.json --data loans.csv [--seed 20261123] [--model bins|boosting|xgboost]

Prints one JSON line. Compare with `serverless train credit --contract contract.json --data loans.csv --json`.
Rows that the trainer would leave out as faulty are not left out here: use it on clean files.
"""
import argparse
import hashlib
import json

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import KBinsDiscretizer, OneHotEncoder

MASK = (1 << 64) - 1


def mix(x):
    x = (x + 0x9E3779B97F4A7C15) & MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def key(text):
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")


def holdout(rows, bad, contract, share, seed):
    """The same rows as training/Pipeline/Credit/Split.cs."""
    by_role = {c["role"]: c["name"] for c in contract["columns"] if c.get("role", "input") in ("id", "date")}
    if "date" in by_role:
        days = pd.to_datetime(rows[by_role["date"]]).dt.floor("D")
        per_day = pd.DataFrame({"n": 1, "bad": bad, "day": days}).groupby("day").sum().sort_index(ascending=False).cumsum()
        fewest = np.minimum.reduce([per_day.bad, per_day.n - per_day.bad, bad.sum() - per_day.bad,
                                    len(bad) - bad.sum() - per_day.n + per_day.bad])
        distance = (per_day.n - share * len(bad)).abs()[fewest >= 5]
        if len(distance):
            return (days >= distance.idxmin()).to_numpy()
    if "id" in by_role:
        content = rows[by_role["id"]].str.strip()
    else:
        used = [c["name"] for c in contract["columns"] if c.get("role") != "ignored"]
        content = rows[used].agg(lambda r: "".join(v + "\x1f" for v in r), axis=1)
    seeded = mix(seed & MASK)
    order = content.map(lambda text: mix(key(text) ^ seeded)).to_numpy()
    held = np.zeros(len(bad), bool)
    for outcome in (True, False):
        of_class = np.flatnonzero(bad == outcome)
        held[of_class[np.argsort(order[of_class], kind="stable")][: max(1, round(share * len(of_class)))]] = True
    return held


def features(rows, contract):
    numbers, categories, x = [], [], {}
    date = next((pd.to_datetime(rows[c["name"]]) for c in contract["columns"] if c.get("role") == "date"), pd.Timestamp(0))
    for column in contract["columns"]:
        name = column["name"]
        if column.get("role", "input") != "input":
            continue
        text = rows[name].str.strip().mask(lambda v: v.isin(["", *column.get("missing", [])]))
        if column["type"] == "category":
            x[name] = text.fillna("missing")
            categories.append(name)
            continue
        value = pd.to_numeric(text) if column["type"] == "number" else (date - pd.to_datetime(text)) / pd.Timedelta("1D")
        if value.isna().any():
            x[name + " missing"] = value.isna().astype(str)
            categories.append(name + " missing")
        x[name] = value.fillna(value.median())
        numbers.append(name)
    return pd.DataFrame(x), numbers, categories


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--contract", required=True)
    options.add_argument("--data", required=True)
    options.add_argument("--seed", type=int)
    options.add_argument("--model", choices=["bins", "boosting", "xgboost"], default="bins")
    given = options.parse_args()
    contract = json.load(open(given.contract))
    rules = contract.get("training", {})
    seed = given.seed if given.seed is not None else rules.get("seed", 20261123)
    rows = pd.read_csv(given.data, dtype=str, keep_default_na=False)
    target = next(c["name"] for c in contract["columns"] if c.get("role") == "target")
    bad = rows[target].str.strip().isin(contract["bad"]).to_numpy()
    held = holdout(rows, bad, contract, rules.get("holdout", 0.2), seed)
    x, numbers, categories = features(rows, contract)
    if given.model == "bins":
        model = make_pipeline(
            ColumnTransformer([
                ("numbers", KBinsDiscretizer(10, encode="onehot", strategy="quantile"), numbers),
                ("categories", OneHotEncoder(handle_unknown="ignore"), categories),
            ]),
            LogisticRegression(C=1, max_iter=5000))
    else:
        x[categories] = x[categories].apply(lambda c: pd.factorize(c)[0])
        if given.model == "boosting":
            from sklearn.ensemble import HistGradientBoostingClassifier
            model = HistGradientBoostingClassifier(random_state=0)
        else:
            from xgboost import XGBClassifier
            model = XGBClassifier(random_state=0)
            x.columns = range(len(x.columns))  # it refuses some names
    model.fit(x[~held], bad[~held])
    probability = model.predict_proba(x[held])[:, 1]
    print(json.dumps({"rows": len(bad), "holdout": int(held.sum()), "auc": round(roc_auc_score(bad[held], probability), 4),
                      "logLoss": round(log_loss(bad[held], probability), 4), "brier": round(brier_score_loss(bad[held], probability), 4)}))


if __name__ == "__main__":
    main()
