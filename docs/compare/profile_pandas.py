"""What 'serverless drops check' counts, as far as pandas has it in a line each.

    python3 docs/compare/profile_pandas.py --data loans.csv [--date application_date]

Prints one JSON line with seconds and peak memory. Compare with
`/usr/bin/time -v serverless drops check --contract contract.json --data loans.csv`.
"""
import argparse
import json
import resource
import time

import pandas as pd

options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument("--data", required=True)
options.add_argument("--date")
given = options.parse_args()

started = time.perf_counter()
rows = pd.read_csv(given.data, parse_dates=[given.date] if given.date else False)
numbers = rows.select_dtypes("number")
texts = rows.select_dtypes("object")
report = {
    "describe": numbers.describe(percentiles=[0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]).to_dict(),
    "distinct": rows.nunique().to_dict(),
    "missing": rows.isna().sum().to_dict(),
    "duplicates": int(rows.iloc[:, 1:].duplicated().sum()),
    "repeated": int(rows.iloc[:, 0].duplicated().sum()),
    "values": {name: texts[name].value_counts().head(50).to_dict() for name in texts.columns[1:]},
}
if given.date:
    report["months"] = len(rows.groupby(rows[given.date].dt.to_period("M")).size())
print(json.dumps({
    "rows": len(rows),
    "seconds": round(time.perf_counter() - started, 2),
    "peakMegabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
}))
