"""A kind of credit model beside scikit-learn's logistic regression on ten bins, its boosting or xgboost, over data sets and seeds, each pair on the same split.

    dotnet build training/Cli -c Release
    python3 docs/compare/credit_seeds.py --cli "dotnet training/Cli/bin/Release/net10.0/serverless.dll" --seeds 1 2 3 4 5 6 \\
        --set hmeq:$DATA/hmeq/dev.csv:target=BAD --set sba:$DATA/sba/dev.csv:target=charged_off:date=ApprovalDate:without=Term+DisbursementGross

A set is NAME:FILE:target=COLUMN, then optionally date=COLUMN (the holdout is the last dates; the seed then chooses the folds only) and
without=COLUMN+COLUMN (not used). Contracts are inferred by the program, with id row_id. --kinds names the kinds of model that compete (the
contract's default without), --against bins, boosting or xgboost, --scorecard overrides contract.scorecard with JSON. --baseline FILE keeps the baseline's figures between runs. Prints a line a seed and the means; exit code 1 when the mean over the
sets is not above the baseline's or a set's is worse by more than 0.005.
"""
import argparse
import concurrent.futures
import json
import pathlib
import shlex
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{shlex.join(command)}\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--cli", required=True)
    options.add_argument("--set", action="append", required=True)
    options.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    options.add_argument("--scorecard", type=json.loads)
    options.add_argument("--kinds", nargs="+")
    options.add_argument("--against", choices=["bins", "boosting", "xgboost"], default="bins")
    options.add_argument("--baseline", type=pathlib.Path)
    options.add_argument("--jobs", type=int, default=1)
    given = options.parse_args()
    cli = shlex.split(given.cli)
    known = json.loads(given.baseline.read_text()) if given.baseline and given.baseline.exists() else {}

    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        pairs = []
        for text in given.set:
            name, data, *rest = text.split(":")
            rest = dict(part.split("=", 1) for part in rest)
            path = f"{folder}/{name}.json"
            dates = ["--date", rest["date"]] if "date" in rest else []
            run(*cli, "contract", "infer", data, "--target", rest["target"], "--id", "row_id", *dates, "--portfolio", "comparison", "--out", path, "--json")
            contract = json.loads(pathlib.Path(path).read_text())
            for column in contract["columns"]:
                if column["name"] in rest.get("without", "").split("+"):
                    column["role"] = "ignored"
            contract.setdefault("training", {})["refit"] = False
            if given.scorecard:
                contract.setdefault("scorecard", {}).update(given.scorecard)
            if given.kinds:
                contract["models"] = {"kinds": given.kinds}
            pairs += [(name, seed, pool.submit(pair, cli, folder, name, data, contract, seed, given.against, known)) for seed in given.seeds]

        found = {}
        print(f"{'set':<16} {'seed':>6} {'ours':>10} {given.against:>10} {'difference':>11} {'log loss':>9} {given.against:>9} {'Brier':>7} {given.against:>9}", flush=True)
        for name, seed, future in pairs:
            ours, theirs = future.result()
            found.setdefault(name, []).append((ours["auc"], theirs["auc"], ours["logLoss"], theirs["logLoss"], ours["brier"], theirs["brier"]))
            line(name, seed, *found[name][-1])
    if given.baseline:
        given.baseline.write_text(json.dumps(known))
    means = {name: [statistics.mean(f) for f in zip(*figures)] for name, figures in found.items()}
    for name, mean in means.items():
        line(name, "mean", *mean)
    total = [statistics.mean(f) for f in zip(*means.values())]
    line("all sets", "mean", *total)
    worse = [name for name, mean in means.items() if mean[0] < mean[1] - 0.005]
    print("Worse by more than 0.005: " + (", ".join(worse) or "none"))
    sys.exit(bool(worse) or total[0] <= total[1])


def pair(cli, folder, name, data, contract, seed, against, known):
    path = f"{folder}/{name}-{seed}.json"
    contract = {**contract, "training": {**contract["training"], "seed": seed}}
    pathlib.Path(path).write_text(json.dumps(contract))
    ours = run(*cli, "train", "credit", "--contract", path, "--data", data, "--out", f"{path}.model", "--json")
    if f"{against}-{name}-{seed}" not in known:
        known[f"{against}-{name}-{seed}"] = run(sys.executable, str(HERE / "credit_baseline.py"), "--contract", path, "--data", data, "--model", against)
    return ours, known[f"{against}-{name}-{seed}"]


def line(name, seed, ours, theirs, loss, their_loss, brier, their_brier):
    print(f"{name:<16} {seed:>6} {ours:>10.4f} {theirs:>10.4f} {ours - theirs:>+11.4f} {loss:>9.4f} {their_loss:>9.4f} {brier:>7.4f} {their_brier:>9.4f}", flush=True)


if __name__ == "__main__":
    main()
