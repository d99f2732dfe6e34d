#!/usr/bin/env python3
"""Grade v1, v2 and Magika on the files of the held-out packages.

    python eval.py [--work-dir DIR]

Everything runs on one core with onnxruntime. Writes eval.json, fills the
metrics of langid-v?.json, records the probes langid-v?.probe.json and renews
the tables of MODEL_CARD.md.
"""
import os
os.environ["OMP_NUM_THREADS"] = "1"
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
import argparse
import collections
import importlib.metadata
import json
import pathlib
import re
import statistics
import time

import numpy as np
import onnxruntime as ort

from common import HERE, PAD, default_work_dir, load_corpus

LENGTH = 8192
# Magika knows every label here under the same name. It also splits some of
# them; these finer answers count as right in the "aliases" figure.
ALIASES = {"appleplist": "xml", "svg": "xml", "rdf": "xml", "csproj": "xml", "vcxproj": "xml",
           "gemspec": "ruby", "gemfile": "ruby", "jsonl": "json", "ipynb": "json",
           "jinja": "html", "twig": "html", "handlebars": "html", "vue": "html", "erb": "html"}


def rows_of(blobs, length):
    rows = np.full((len(blobs), length), PAD, np.int32)
    for row, data in zip(rows, blobs):
        part = np.frombuffer(data[:length], np.uint8)
        row[:len(part)] = part
    return rows


def session(path):
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def median_ms(call, items):
    for item in items[:20]:
        call(item)
    times = []
    for item in items:
        began = time.perf_counter()
        call(item)
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1e3


def summary(answers, truth, labels):
    right = [a == t for a, t in zip(answers, truth)]
    per = {}
    for l in labels:
        mine = [r for r, t in zip(right, truth) if t == l]
        wrong = collections.Counter(a for a, t in zip(answers, truth) if t == l and a != l)
        per[l] = {"files": len(mine), "accuracy": round(sum(mine) / len(mine), 4) if mine else None,
                  "mistaken_for": dict(wrong.most_common(3))}
    known = [p["accuracy"] for p in per.values() if p["accuracy"] is not None]
    return {"accuracy": round(sum(right) / len(right), 4),
            "macro_accuracy": round(sum(known) / len(known), 4), "per_label": per}


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--work-dir", type=pathlib.Path, default=default_work_dir())
    ap.add_argument("--dir", type=pathlib.Path, default=HERE, help="where the models are")
    ap.add_argument("--no-magika", action="store_true")
    ap.add_argument("--split", default="test")
    args = ap.parse_args()
    labels = json.loads((args.dir / "langid.labels.json").read_text())
    files = [f for f in load_corpus(args.work_dir) if f["split"] == args.split]
    truth = [f["label"] for f in files]
    blobs = [f["data"] for f in files]
    timed = [rows_of([b], LENGTH) for b in blobs[:: max(1, len(blobs) // 400)]]
    report = {"files": len(files), "packages": len({f["package"] for f in files}), "length": LENGTH,
              "onnxruntime": ort.__version__, "models": {}}
    sessions = {}
    for v in (1, 2):
        s = sessions[v] = session(args.dir / f"langid-v{v}.onnx")
        answers = []
        for i in range(0, len(blobs), 64):
            p = s.run(None, {"bytes": rows_of(blobs[i:i + 64], LENGTH)})[0]
            answers += [labels[k] for k in p.argmax(1)]
        report["models"][f"v{v}"] = {**summary(answers, truth, labels),
                                     "median_ms": round(median_ms(lambda r: s.run(None, {"bytes": r}), timed), 4)}
        if args.split != "test":
            for f, a in list(zip(files, answers)):
                if v == 2 and f["label"] != a:
                    print(f["label"], a, f["package"], f["path"])
    report["v1_speed_over_v2"] = round(report["models"]["v2"]["median_ms"] / report["models"]["v1"]["median_ms"], 2)
    if not args.no_magika:
        from magika import Magika
        magika = Magika()
        named = [str(magika.identify_bytes(b).output.label) for b in blobs]     # whole files
        shared = [i for i, t in enumerate(truth) if t in {str(x) for x in magika.get_output_content_types()}]
        model = {"package": importlib.metadata.version("magika"), "model": magika.get_model_name(),
                 **summary([ALIASES.get(a, a) if a not in labels else a for a in named], truth, labels),
                 "accuracy_same_name_only": summary(named, truth, labels)["accuracy"],
                 "shared_labels": len({truth[i] for i in shared}), "shared_files": len(shared),
                 "accuracy_shared": round(sum(ALIASES.get(named[i], named[i]) == truth[i] for i in shared) / len(shared), 4),
                 "median_ms": round(median_ms(magika.identify_bytes, blobs[:: max(1, len(blobs) // 400)]), 4)}
        report["models"]["magika"] = model
    print(f'{"label":12} {"files":>5} ' + " ".join(f"{m:>7}" for m in report["models"]))
    for l in labels:
        row = [m["per_label"][l] for m in report["models"].values()]
        print(f'{l:12} {row[0]["files"]:5d} ' + " ".join(f'{r["accuracy"] or 0:7.3f}' for r in row), row[1]["mistaken_for"])
    for k in ("accuracy", "macro_accuracy", "median_ms"):
        print(f"{k:18} " + " ".join(f"{m[k]:7.4f}" for m in report["models"].values()))
    print("v1 is", report["v1_speed_over_v2"], "times as fast as v2")
    if args.split != "test":
        return
    (args.dir / "eval.json").write_text(json.dumps(report, indent=1) + "\n")
    for v in (1, 2):
        path = args.dir / f"langid-v{v}.json"
        manifest = json.loads(path.read_text())
        m = report["models"][f"v{v}"]
        manifest["metrics"] = {"accuracy": m["accuracy"], "macro_accuracy": m["macro_accuracy"],
                               "held_out_files": report["files"], "held_out_packages": report["packages"],
                               "median_ms_batch_1": m["median_ms"],
                               "accuracy_per_label": {l: p["accuracy"] for l, p in m["per_label"].items()}}
        path.write_text(json.dumps(manifest, indent=1) + "\n")
        write_probes(args.dir / f"langid-v{v}.probe.json", sessions[v])
    card(args.dir / "MODEL_CARD.md", report, labels)


def write_probes(path, s):
    samples = [p.read_bytes() for p in sorted((HERE / "samples").glob("*.*"))]
    inputs = [rows_of(samples[:1], 64), rows_of(samples[1:2], 1024), rows_of(samples[2:4], 512),
              rows_of([b"fn main() {}\n"], 16)]
    probes = []
    for rows in inputs:
        out = s.run(None, {"bytes": rows})[0]
        tensor = lambda dtype, a: {"dtype": dtype, "shape": list(a.shape), "data": a.ravel().tolist()}
        probes.append({"inputs": {"bytes": tensor("i32", rows)},
                       "outputs": {"probabilities": tensor("f32", out)}})
    path.write_text(json.dumps({"probes": probes, "tolerance": {"rtol": 1e-4, "atol": 1e-5}}) + "\n")


def card(path, report, labels):
    """Renew what stands between the two markers of the card."""
    if not path.exists():
        return
    models = report["models"]
    names = {"v1": "v1", "v2": "v2", "magika": "Magika"}
    head = "| | " + " | ".join(names[m] for m in models) + " |\n|---|" + "---:|" * len(models) + "\n"
    pct = lambda x: "–" if x is None else f"{100 * x:.1f} %"
    t = f"Held-out: {report['files']} files of {report['packages']} packages.\n\n" + head
    t += "| right, all files | " + " | ".join(pct(m["accuracy"]) for m in models.values()) + " |\n"
    t += "| right, mean over languages | " + " | ".join(pct(m["macro_accuracy"]) for m in models.values()) + " |\n"
    if "magika" in models:
        t += f"| right, shared labels only ({models['magika']['shared_labels']} of {len(labels)}) | " + " | ".join(
            pct(m.get("accuracy_shared", m["accuracy"])) for m in models.values()) + " |\n"
        t += "| right, same name only | " + " | ".join(
            pct(m.get("accuracy_same_name_only", m["accuracy"])) for m in models.values()) + " |\n"
    t += "| median time, one file, one core | " + " | ".join(f"{m['median_ms']:.2f} ms" for m in models.values()) + " |\n"
    t += f"\nv1 is {report['v1_speed_over_v2']:.1f} times as fast as v2 on the same {report['length']}-byte rows.\n\n"
    t += "| language | files | " + " | ".join(names[m] for m in models) + " | v2 takes it for |\n|---|---:|" + "---:|" * len(models) + "---|\n"
    for l in labels:
        rows = [m["per_label"][l] for m in models.values()]
        wrong = ", ".join(f"{k} {n}" for k, n in models["v2"]["per_label"][l]["mistaken_for"].items())
        t += f"| {l} | {rows[0]['files']} | " + " | ".join(pct(r["accuracy"]) for r in rows) + f" | {wrong} |\n"
    text = re.sub(r"(?s)(<!-- figures -->\n).*?(<!-- end -->)", lambda m: m[1] + t + m[2], path.read_text())
    path.write_text(text)


if __name__ == "__main__":
    main()
