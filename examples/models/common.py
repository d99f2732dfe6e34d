"""Paths and the corpus reader shared by fetch.py, train.py and eval.py."""
import json
import os
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
PAD = 256            # the value that fills a row after the last byte


def default_work_dir():
    cache = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(cache) / "noodle-deploy" / "langid"


def load_corpus(work):
    """All files as dicts with label, split, package, path and whole `data`."""
    blob = (work / "corpus.bin").read_bytes()
    rows = [json.loads(line) for line in (work / "index.jsonl").read_text().splitlines()]
    for r in rows:
        r["data"] = blob[r["offset"]:r["offset"] + r["size"]]
    return rows
