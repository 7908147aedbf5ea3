"""Writes nfkc.txt from the Unicode Character Database: python3 nfkc.py UnicodeData.txt CompositionExclusions.txt > nfkc.txt"""
import sys

print("# Unicode 15.0, from UnicodeData.txt and CompositionExclusions.txt, by nfkc.py.")
print("# Copyright (c) 1991-2022 Unicode, Inc. Unicode License, https://www.unicode.org/license.txt")
print("# code point;combining class;decomposition by one step, after = (composes back), - (canonical) or ~ (compatibility)")
with open(sys.argv[2]) as lines:
    excluded = {line.split()[0] for line in lines if line.strip() and not line.startswith("#")}
with open(sys.argv[1]) as lines:
    rows = [line.split(";") for line in lines]
classes = {row[0]: row[3] for row in rows}
for code, combining, mapping in ((row[0], row[3], row[5]) for row in rows):
    parts = mapping.split()
    if parts and parts[0].startswith("<"):
        print(f"{code};{combining};~{' '.join(parts[1:])}")
    elif parts:
        starts = combining == "0" and classes.get(parts[0], "0") == "0"
        composes = len(parts) == 2 and starts and code not in excluded
        print(f"{code};{combining};{'=' if composes else '-'}{mapping}")
    elif combining != "0":
        print(f"{code};{combining};")
