"""What the library says, to `logging`. Loaded at the first open."""

from __future__ import annotations

import atexit
import logging
import sys
import threading

from . import _native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Names that `logging` keeps for itself.
_KEPT = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}

_reader: threading.Thread | None = None


def start() -> None:
    """Hand messages over on a thread of their own."""
    global _reader
    reader = threading.Thread(target=_read, name="noodle-deploy-logging", daemon=True)
    try:
        reader.start()
    except RuntimeError:
        # An interpreter that ends starts no thread, and nobody reads messages any more.
        _native.end_messages()
        return
    _reader = reader


def _read() -> None:
    try:
        while (taken := _native.take_messages()) is not None:
            messages, lost = taken
            for level, target, text, fields, created in messages:
                name = target.replace("noodle_deploy_core", "noodle_deploy", 1).replace("::", ".")
                _log(name, level, text, fields, created)
            if lost:
                text = f"{lost} messages were lost: the handlers are too slow"
                _log("noodle_deploy", logging.WARNING, text, {"lost": lost})
    finally:
        _native.end_messages()


def _log(name: str, level: int, text: str, fields: dict[str, Any], created: float | None = None) -> None:
    try:
        logger = logging.getLogger(name)
        if not logger.isEnabledFor(level):
            return
        extra = {f"{name}_" if name in _KEPT else name: value for name, value in fields.items()}
        record = logger.makeRecord(name, level, "noodle_deploy", 0, text, (), None, None, extra)
        if created is not None:
            record.relativeCreated -= (record.created - created) * 1000
            record.created, record.msecs = created, created * 1000 // 1 % 1000
        logger.handle(record)
    except BaseException:
        # A filter or a handler of the host's own that fails costs one message, not the messages after it. One that
        # means to end the program ends nothing: this is no thread of the program's.
        _show()


def _show() -> None:
    try:
        sys.excepthook(*sys.exc_info())
    except BaseException:
        # A hook of the host's own that fails as well.
        sys.__excepthook__(*sys.exc_info())


@atexit.register
def _end() -> None:
    # Registered after `logging`'s own, and so called before it: handlers still write.
    _native.leave()
    _native.end_messages()
    if _reader is not None:
        _reader.join(5)
