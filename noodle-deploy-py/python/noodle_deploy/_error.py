"""The base of every error."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar


class NoodleError(Exception):
    """An error of the library. There is a subclass for each kind."""

    code: ClassVar[int]
    """Four digits, stable for ever."""
    kind: ClassVar[str]
    """Stable snake-case name of the kind."""
    retryable: ClassVar[bool]
    """Whether the same call may succeed later."""
    message: str
    """The message alone."""
    operation: str | None
    """The operation that failed, where known."""
    context: dict[str, str]
    """Names and values: `field`, `value`, `allowed`, `model`, …"""

    def __init__(self, message: str, operation: str | None = None, context: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.message, self.operation, self.context = message, operation, dict(context or {})

    def __str__(self) -> str:
        head = f"{self.operation}: {self.message}" if self.operation else self.message
        pairs = ", ".join(f"{name}: {value}" for name, value in self.context.items())
        return f"{head} ({pairs})" if pairs else head

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.message, self.operation, self.context)
