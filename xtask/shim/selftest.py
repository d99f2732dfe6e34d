"""A scenario for `cargo xtask faults` that proves the preload library on SQLite and on plain files.

    selftest.py run STYLE DIR          works in DIR; prints `ack N` once item N must survive
    selftest.py verify STYLE DIR OUT   judges DIR against what was printed to OUT; exits 1 when something is lost

Styles: `sqlite` (WAL, synchronous=FULL), `files` (write, sync, rename, sync the directory), and two that are wrong on
purpose and that a power loss must show: `sqlite-nosync` (synchronous=OFF), `files-nosync`.
"""

import os
import pathlib
import sqlite3
import sys

ITEMS = 5


def ack(number):
    os.write(1, f"ack {number}\n".encode())


def run_sqlite(directory, sync):
    db = sqlite3.connect(directory / "state.db", isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute(f"PRAGMA synchronous={'FULL' if sync else 'OFF'}")
    db.execute("PRAGMA wal_autocheckpoint=3")
    db.execute("CREATE TABLE IF NOT EXISTS items (n INTEGER PRIMARY KEY, bytes BLOB)")
    for number in range(ITEMS):
        db.execute("INSERT INTO items VALUES (?, ?)", (number, bytes([number]) * 9000))
        ack(number)
    db.close()


def verify_sqlite(directory, acked):
    if not (directory / "state.db").exists():
        return acked, []
    db = sqlite3.connect(directory / "state.db")
    verdict = db.execute("PRAGMA integrity_check").fetchone()[0]
    tables = db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'items'").fetchone()[0]
    rows = db.execute("SELECT n, bytes FROM items").fetchall() if tables else []
    torn = [number for number, content in rows if content != bytes([number]) * 9000]
    if verdict != "ok":
        torn.append(verdict)
    return acked - {number for number, _ in rows}, torn


def run_files(directory, sync):
    for number in range(ITEMS):
        temporary, final = directory / "temporary", directory / f"item-{number}"
        fd = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o644)
        os.write(fd, bytes([number]) * 9000)
        if sync:
            os.fsync(fd)
        os.close(fd)
        os.rename(temporary, final)
        if sync:
            parent = os.open(directory, os.O_RDONLY)
            os.fsync(parent)
            os.close(parent)
        ack(number)


def verify_files(directory, acked):
    there = {int(path.name[5:]): path.read_bytes() for path in directory.glob("item-*")}
    torn = [number for number, content in there.items() if content != bytes([number]) * 9000]
    return acked - set(there), torn


def main():
    verb, style, directory = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    kind, _, variant = style.partition("-")
    if verb == "run":
        {"sqlite": run_sqlite, "files": run_files}[kind](directory, variant != "nosync")
        return
    acked = {int(line.split()[1]) for line in open(sys.argv[4]) if line.startswith("ack ")}
    lost, torn = {"sqlite": verify_sqlite, "files": verify_files}[kind](directory, acked)
    if lost or torn:
        sys.exit(f"lost {sorted(lost)}, torn {torn}")


main()
