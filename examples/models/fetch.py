#!/usr/bin/env python3
"""Fetch packages with their own package managers and collect source files.

Clients used: apt-get (Debian source packages), cargo, npm and pip. Nothing is
built or installed and nothing from a package is run; archives are only read.

    python fetch.py [--work-dir DIR] [--relock]

The result is DIR/corpus.bin (file contents, back to back) and DIR/index.jsonl
(one line per file: label, split, package, path, offset, size).
"""
import argparse
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile

from common import HERE, default_work_dir

LOCK = HERE / "packages.lock.json"
SUITE = "bookworm"
MIN_SIZE, MAX_SIZE = 64, 256 * 1024
PER_PACKAGE = {"train": 120, "valid": 40, "test": 40}    # files per package and label
PER_SPLIT = {"train": 1200, "valid": 120, "test": 300}   # files per label
SEED_WORD = "langid-split-1"

EXTENSIONS = {
    "c": ["c"], "cpp": ["cpp", "cc", "cxx", "hpp", "hh", "hxx"], "css": ["css"],
    "cmake": ["cmake"], "erlang": ["erl", "hrl"], "go": ["go"], "haskell": ["hs"],
    "html": ["html", "htm"], "java": ["java"], "javascript": ["js", "mjs", "cjs"],
    "json": ["json"], "lua": ["lua"], "makefile": ["mk"], "markdown": ["md", "markdown"],
    "ocaml": ["ml", "mli"], "perl": ["pl", "pm"], "php": ["php"], "python": ["py"],
    "r": ["R"], "ruby": ["rb"], "rust": ["rs"], "shell": ["sh", "bash"], "sql": ["sql"],
    "tcl": ["tcl"], "toml": ["toml"], "typescript": ["ts", "mts", "cts", "tsx"],
    "xml": ["xml"], "yaml": ["yml", "yaml"],
}
BY_EXT = {e: label for label, exts in EXTENSIONS.items() for e in exts}
BY_NAME = {"Makefile": "makefile", "makefile": "makefile", "GNUmakefile": "makefile",
           "CMakeLists.txt": "cmake", "Cargo.toml.orig": "toml"}
SHEBANG = {"shell": rb"sh\b", "python": rb"python", "perl": rb"perl", "ruby": rb"ruby",
           "tcl": rb"(tcl|wish|sh\b|expect)", "php": rb"php", "lua": rb"lua|resty|texlua",
           "javascript": rb"node|deno|bun", "typescript": rb"node|deno|bun|ts-node",
           "erlang": rb"escript", "r": rb"Rscript|\bR\b", "ocaml": rb"ocaml",
           "haskell": rb"haskell|stack|cabal", "makefile": rb"make", "rust": rb"rust|cargo",
           "go": rb"go\b", "cmake": rb"cmake"}
GENERATED = re.compile(rb"(?i)do not edit|auto-?generated|generated (by|from|file|code|automatically)")


def label_of(path):
    name = path.rsplit("/", 1)[-1]
    if name in BY_NAME:
        return BY_NAME[name]
    if "." not in name or name.startswith(".") and name.count(".") == 1:
        return None
    if ".min." in name:
        return None
    return BY_EXT.get(name.rsplit(".", 1)[-1])


def acceptable(label, data):
    """Sanity filters: drop what its file name says is one thing and is plainly another."""
    if not MIN_SIZE <= len(data) <= MAX_SIZE or b"\0" in data or len(data.strip()) < MIN_SIZE:
        return False
    lines = data.count(b"\n") + 1
    if label not in ("markdown", "json", "html", "sql", "xml") and len(data) / lines > 160:
        return False                                       # minified
    if GENERATED.search(data[:1024]):
        return False
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data.startswith(b"#!"):
        want = SHEBANG.get(label)
        if want is None or not re.search(want, data.split(b"\n", 1)[0]):
            return False
    if label == "php" and b"<?" not in head:
        return False
    if label in ("typescript", "javascript", "css") and head.startswith(b"<"):
        return False                                       # Qt translations, saved pages
    if label == "json" and head[:1] not in (b"{", b"["):
        return False
    if label in ("xml", "html") and b"<" not in head:
        return False
    return True


def split_packages(files, lock):
    """Every package goes to one split. Packages are grouped by the label most of
    their files carry, so that each language has held-out packages. A package in
    the lock file keeps its split."""
    counts = {}
    for f in files:
        row = counts.setdefault(f["package"].split(":", 1)[1], {})
        row[f["label"]] = min(row.get(f["label"], 0) + 1, PER_PACKAGE["test"])
    groups = {}
    for name, row in counts.items():
        main = max(sorted(row), key=lambda l: row[l])
        groups.setdefault(main, []).append(name)
    place = lambda name: hashlib.sha256(f"{SEED_WORD}:{name}".encode()).digest()
    cycle = ["train", "test", "train", "valid", "train", "test", "train", "train", "test", "train", "train"]
    pinned = {n: e["split"] for part in lock.values() for n, e in part.items() if e.get("split") in PER_SPLIT}
    fresh = {name: cycle[i % len(cycle)] for group in groups.values()
             for i, name in enumerate(sorted((n for n in group if n not in pinned), key=place))}
    return {**pinned, **fresh}


def run(cmd, cwd, check=True, **kw):
    print("+", " ".join(map(str, cmd))[:160], flush=True)
    return subprocess.run(list(map(str, cmd)), cwd=cwd, check=check, text=True, **kw)


def sha256_file(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


# --- one reader per package manager: yields (name, version, archive, members) ---

def fetch_debian(names, lock, work):
    base = work / "debian"
    (base / "lists/partial").mkdir(parents=True, exist_ok=True)
    (base / "cache/archives/partial").mkdir(parents=True, exist_ok=True)
    parts = base / "sources"
    parts.mkdir(exist_ok=True)
    for f in pathlib.Path("/etc/apt/sources.list.d").glob("debian*.sources"):
        text = re.sub(r"(?m)^Types:.*$", "Types: deb-src", f.read_text())
        stanzas = [s for s in re.split(r"\n\s*\n", text)
                   if re.search(rf"(?m)^Suites:.*\b{SUITE}(\s|$)", s)]
        stanzas = [re.sub(r"(?m)^Suites:.*$", f"Suites: {SUITE}", s) for s in stanzas]
        (parts / f.name).write_text("\n\n".join(stanzas) + "\n")
    apt = ["-o", "Dir::Etc::SourceList=/dev/null", "-o", f"Dir::Etc::SourceParts={parts}",
           "-o", f"Dir::State::Lists={base}/lists", "-o", f"Dir::Cache={base}/cache",
           "-o", "APT::Sandbox::User=root"]
    run(["apt-get", "-q", *apt, "update"], base, stdout=subprocess.DEVNULL)
    down = base / "down"
    down.mkdir(exist_ok=True)
    want = [n + ("=" + lock[n]["version"] if n in lock else "") for n in names]
    for i in range(0, len(want), 60):
        run(["apt-get", "-qq", *apt, "--only-source", "--download-only", "source", *want[i:i + 60]],
            down, check=False, stdout=subprocess.DEVNULL)   # what is missing is named below
    dscs = {}
    for dsc in sorted(down.glob("*.dsc")):
        text = dsc.read_text(errors="replace")
        dscs[re.search(r"(?m)^Source: (\S+)", text)[1]] = (
            re.search(r"(?m)^Version: (\S+)", text)[1],
            re.search(r"(?m)^Files:\s*\n((?: .*\n?)+)", text)[1])
    for name in names:
        if name not in dscs:
            print(f"missing from the mirror: debian:{name}", flush=True)
            continue
        version, files = dscs[name]
        tars = [l.split()[2] for l in files.strip().splitlines()]
        tars = [t for t in tars if ".tar." in t and not t.endswith(".asc") and ".debian.tar." not in t]
        for t in [t for t in tars if ".orig.tar." in t] or tars:
            if (down / t).exists():
                yield name, version, down / t, tar_members
            else:
                print(f"missing from the mirror: debian:{name} ({t})", flush=True)


def fetch_crates(names, lock, work):
    base = work / "crates"
    (base / "src").mkdir(parents=True, exist_ok=True)
    (base / "src/lib.rs").write_text("")
    deps = "".join(f'{n} = "{"=" + lock[n]["version"] if n in lock else "*"}"\n' for n in names)
    (base / "Cargo.toml").write_text(
        '[package]\nname = "corpus"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n[dependencies]\n' + deps)
    run(["cargo", "vendor", "--versioned-dirs", "--quiet", "vendor"], base, stdout=subprocess.DEVNULL)
    tree = json.loads(run(["cargo", "metadata", "--format-version=1", "--offline"], base,
                          stdout=subprocess.PIPE).stdout)
    root = next(n for n in tree["resolve"]["nodes"] if n["id"] == tree["resolve"]["root"])
    direct = {d["pkg"] for d in root["deps"]}
    for p in tree["packages"]:
        if p["id"] in direct:
            yield p["name"], p["version"], base / "vendor" / f'{p["name"]}-{p["version"]}', dir_members


def fetch_npm(names, lock, work):
    base = work / "npm"
    base.mkdir(parents=True, exist_ok=True)
    for name in names:
        version = lock.get(name, {}).get("version")
        stem = name.lstrip("@").replace("/", "-")
        have = base / f"{stem}-{version}.tgz"
        if not (version and have.exists()):
            out = run(["npm", "pack", "--silent", "--ignore-scripts", "--json",
                       name + ("@" + version if version else "")], base, check=False,
                      stdout=subprocess.PIPE).stdout
            if not out.strip().startswith(("[", "{")) or '"error"' in out[:40]:
                print(f"missing from the registry: npm:{name}", flush=True)
                continue
            info = json.loads(out)
            info = info[0] if isinstance(info, list) else next(iter(info.values()))
            version, have = info["version"], base / f'{stem}-{info["version"]}.tgz'
        yield name, version, have, tar_members


def fetch_pypi(names, lock, work):
    base = work / "pypi"
    base.mkdir(parents=True, exist_ok=True)
    want = [n + ("==" + lock[n]["version"] if n in lock else "") for n in names]
    run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:",
         "--disable-pip-version-check", *want], base)
    for name in names:
        found = [w for w in base.glob("*.whl") if w.name.split("-")[0].lower().replace("_", "-") == name
                 and (name not in lock or w.name.split("-")[1] == lock[name]["version"])]
        yield name, found[-1].name.split("-")[1], found[-1], zip_members


def tar_members(path):
    with tarfile.open(path, "r:*") as tar:
        for m in tar:
            if m.isfile() and MIN_SIZE <= m.size <= MAX_SIZE and label_of(m.name):
                yield m.name, tar.extractfile(m).read()


def zip_members(path):
    with zipfile.ZipFile(path) as z:
        for m in z.infolist():
            if MIN_SIZE <= m.file_size <= MAX_SIZE and label_of(m.filename):
                yield m.filename, z.read(m)


def dir_members(path):
    for f in sorted(path.rglob("*")):
        rel = f.relative_to(path).as_posix()
        if f.is_file() and not f.is_symlink() and label_of(rel) and MIN_SIZE <= f.stat().st_size <= MAX_SIZE:
            yield rel, f.read_bytes()


FETCH = {"debian": fetch_debian, "crates": fetch_crates, "npm": fetch_npm, "pypi": fetch_pypi}


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--work-dir", type=pathlib.Path, default=default_work_dir())
    ap.add_argument("--relock", action="store_true", help="forget the pinned versions, keep the splits")
    args = ap.parse_args()
    work = args.work_dir
    work.mkdir(parents=True, exist_ok=True)
    packages = tomllib.loads((HERE / "packages.toml").read_text())
    locked = json.loads(LOCK.read_text()) if LOCK.exists() else {}
    lock = {} if args.relock else locked
    new_lock, files = {}, []
    for source, fetch in FETCH.items():
        old = lock.get(source, {})
        for name, version, archive, members in fetch(packages[source]["names"], old, work):
            entry = new_lock.setdefault(source, {}).setdefault(name, {"version": version})
            if archive.is_file():
                digest = sha256_file(archive)
                entry.setdefault("sha256", {})[archive.name] = digest
                pinned = old.get(name, {}).get("sha256", {}).get(archive.name)
                if pinned and pinned != digest:
                    sys.exit(f"{archive.name}: checksum differs from packages.lock.json")
            by_label = {}
            for path, data in members(archive):
                label = label_of(path)
                if acceptable(label, data):
                    by_label.setdefault(label, {})[hashlib.sha256(data).hexdigest()] = (path, data)
            for label, group in by_label.items():
                for digest in sorted(group)[:PER_PACKAGE["train"]]:
                    path, data = group[digest]
                    files.append({"label": label, "package": f"{source}:{name}",
                                  "path": path, "sha256": digest, "data": data})
    split = split_packages(files, locked)
    for f in files:
        f["split"] = split[f["package"].split(":", 1)[1]]
    for source in new_lock:
        for name, entry in new_lock[source].items():
            entry["split"] = split.get(name, "unused")
    LOCK.write_text(json.dumps(new_lock, indent=1, sort_keys=True) + "\n")

    # Duplicates: same bytes, or same first 2048 bytes once white space is collapsed.
    # Training wins, so a held-out file never repeats a training file.
    files.sort(key=lambda f: (["train", "valid", "test"].index(f["split"]), f["sha256"]))
    seen, kept = set(), []
    for f in files:
        near = hashlib.sha256(b" ".join(f["data"][:2048].split())).digest()
        if f["sha256"] in seen or near in seen:
            continue
        seen |= {f["sha256"], near}
        kept.append(f)
    # Caps: take from every package in turn.
    rank, groups = {}, {}
    for f in kept:
        key = (f["package"], f["label"])
        rank[key] = rank.get(key, 0) + 1
        if rank[key] > PER_PACKAGE[f["split"]]:
            continue
        groups.setdefault((f["label"], f["split"]), []).append((rank[key], f["sha256"], f))
    offset, table = 0, {}
    with open(work / "corpus.bin", "wb") as blob, open(work / "index.jsonl", "w") as index:
        for (label, split), group in sorted(groups.items()):
            chosen = [f for _, _, f in sorted(group, key=lambda t: t[:2])[:PER_SPLIT[split]]]
            table.setdefault(label, {})[split] = (len(chosen), len({f["package"] for f in chosen}))
            for f in chosen:
                data = f.pop("data")
                blob.write(data)
                index.write(json.dumps({**f, "offset": offset, "size": len(data)}) + "\n")
                offset += len(data)
    print(f"{'label':12} " + " ".join(f"{s:>14}" for s in PER_SPLIT) + "   (files/packages)")
    for label, row in table.items():
        print(f"{label:12} " + " ".join("%9d/%-4d" % row.get(s, (0, 0)) for s in PER_SPLIT))


if __name__ == "__main__":
    main()
