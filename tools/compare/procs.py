"""A server and every process that it starts, known by a mark in the environment: some detach from their parent."""

import os
import signal
import socket
import subprocess
import time
import uuid
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


class Server:
    """Runs until the block ends; then nothing of it is left."""

    def __init__(self, command, environment, cwd, port, log):
        self.command, self.environment, self.cwd, self.port, self.log = command, environment, cwd, port, log
        self.mark = f"COMPARE_MARK={uuid.uuid4()}"

    def __enter__(self):
        name, value = self.mark.split("=")
        self.output = self.log.open("wb")
        self.process = subprocess.Popen(
            self.command,
            env={**os.environ, **self.environment, name: value},
            cwd=self.cwd,
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        return self

    def wait(self, ready, seconds=120):
        """Until `ready()` holds; its last error, with the end of the server's log, where it never does."""
        until, why = time.monotonic() + seconds, None
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            try:
                return ready()
            except Exception as error:  # noqa: BLE001 - whatever a client raises while nothing listens yet
                why = error
                time.sleep(0.2)
        raise RuntimeError(f"{self.command[0]} does not answer: {why}\n{self.log.read_text(errors='replace')[-2000:]}")

    def pids(self):
        """Living processes that carry the mark."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    if self.mark.encode() in (entry / "environ").read_bytes():
                        found.append(int(entry.name))
                except OSError:
                    continue
        return found

    def cpu_seconds(self):
        """Processor time of the living processes; none ends while something is measured."""
        total = 0
        for pid in self.pids():
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            total += int(fields[11]) + int(fields[12])
        return total / TICK

    def memory_bytes(self):
        """Memory of all processes, shared pages counted once."""
        total = 0
        for pid in self.pids():
            try:
                lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            except OSError:
                continue
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024
        return total

    def __exit__(self, *_):
        self._signal(signal.SIGTERM)
        until = time.monotonic() + 10
        while self.pids() and time.monotonic() < until:
            time.sleep(0.1)
        while pids := self.pids():
            self._signal(signal.SIGKILL, pids)
            self.process.poll()
            time.sleep(0.1)
        self.process.wait()
        self.output.close()

    def _signal(self, number, pids=None):
        for pid in pids or self.pids():
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue


def free_port():
    """A port on which nobody listens now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
