"""A class for each kind of error. Written by `cargo xtask codegen` from the operations table."""

from __future__ import annotations

from ._error import NoodleError


class InvalidArgumentError(NoodleError, ValueError):
    """An argument is missing, malformed or out of range."""

    code = 4000
    kind = "invalid_argument"
    retryable = False


class UnauthenticatedError(NoodleError):
    """The caller did not say who it is."""

    code = 4001
    kind = "unauthenticated"
    retryable = False


class ForbiddenError(NoodleError, PermissionError):
    """The caller may not do this."""

    code = 4003
    kind = "forbidden"
    retryable = False


class NotFoundError(NoodleError, LookupError):
    """The thing named does not exist."""

    code = 4004
    kind = "not_found"
    retryable = False


class ReadOnlyError(NoodleError):
    """The handle was opened read-only."""

    code = 4005
    kind = "read_only"
    retryable = False


class ConflictError(NoodleError):
    """The state does not allow this now, or it changed meanwhile."""

    code = 4009
    kind = "conflict"
    retryable = True


class FencedError(NoodleError):
    """A newer holder of the deciding lease exists."""

    code = 4010
    kind = "fenced"
    retryable = False


class TooLargeError(NoodleError):
    """More than a limit allows: bytes, nodes, rank, depth."""

    code = 4013
    kind = "too_large"
    retryable = False


class UnsupportedError(NoodleError, NotImplementedError):
    """A format, operator, element type, strategy or target that this build does not support."""

    code = 4015
    kind = "unsupported"
    retryable = False


class NewerFormatError(NoodleError):
    """The directory was written by a newer version of this library."""

    code = 4016
    kind = "newer_format"
    retryable = False


class IntegrityMismatchError(NoodleError):
    """Bytes do not have the digest or signature that they should have."""

    code = 4022
    kind = "integrity_mismatch"
    retryable = False


class InvalidModelError(NoodleError):
    """The model file is damaged, hostile or not a model."""

    code = 4023
    kind = "invalid_model"
    retryable = False


class VerificationFailedError(NoodleError):
    """Outputs of the probe inputs disagree with the stored ones."""

    code = 4024
    kind = "verification_failed"
    retryable = False


class RateLimitedError(NoodleError):
    """Too many requests from one principal."""

    code = 4029
    kind = "rate_limited"
    retryable = True


class CancelledError(NoodleError):
    """The caller cancelled."""

    code = 4099
    kind = "cancelled"
    retryable = False


class InternalError(NoodleError):
    """A fault of this library."""

    code = 5000
    kind = "internal"
    retryable = False


class OverloadedError(NoodleError):
    """The queue is full."""

    code = 5003
    kind = "overloaded"
    retryable = True


class DeadlineExceededError(NoodleError, TimeoutError):
    """The deadline passed."""

    code = 5004
    kind = "deadline_exceeded"
    retryable = True


class UnavailableError(NoodleError):
    """The deployment does not serve now."""

    code = 5005
    kind = "unavailable"
    retryable = True


class ClosedError(NoodleError):
    """The handle is closed."""

    code = 5006
    kind = "closed"
    retryable = False


class ResourceExhaustedError(NoodleError, MemoryError):
    """The memory budget does not suffice."""

    code = 5007
    kind = "resource_exhausted"
    retryable = True


class EngineFailedError(NoodleError):
    """The engine failed or panicked while it ran the model."""

    code = 5010
    kind = "engine_failed"
    retryable = True


class StorageError(NoodleError, OSError):
    """The disk or the database failed."""

    code = 5020
    kind = "storage"
    retryable = True


class CorruptError(NoodleError):
    """The event log or the database is damaged."""

    code = 5021
    kind = "corrupt"
    retryable = False


KINDS: dict[str, type[NoodleError]] = {
    "invalid_argument": InvalidArgumentError,
    "unauthenticated": UnauthenticatedError,
    "forbidden": ForbiddenError,
    "not_found": NotFoundError,
    "read_only": ReadOnlyError,
    "conflict": ConflictError,
    "fenced": FencedError,
    "too_large": TooLargeError,
    "unsupported": UnsupportedError,
    "newer_format": NewerFormatError,
    "integrity_mismatch": IntegrityMismatchError,
    "invalid_model": InvalidModelError,
    "verification_failed": VerificationFailedError,
    "rate_limited": RateLimitedError,
    "cancelled": CancelledError,
    "internal": InternalError,
    "overloaded": OverloadedError,
    "deadline_exceeded": DeadlineExceededError,
    "unavailable": UnavailableError,
    "closed": ClosedError,
    "resource_exhausted": ResourceExhaustedError,
    "engine_failed": EngineFailedError,
    "storage": StorageError,
    "corrupt": CorruptError,
}
"""Every class, by the name of its kind."""

__all__ = [
    "KINDS",
    "NoodleError",
    "CancelledError",
    "ClosedError",
    "ConflictError",
    "CorruptError",
    "DeadlineExceededError",
    "EngineFailedError",
    "FencedError",
    "ForbiddenError",
    "IntegrityMismatchError",
    "InternalError",
    "InvalidArgumentError",
    "InvalidModelError",
    "NewerFormatError",
    "NotFoundError",
    "OverloadedError",
    "RateLimitedError",
    "ReadOnlyError",
    "ResourceExhaustedError",
    "StorageError",
    "TooLargeError",
    "UnauthenticatedError",
    "UnavailableError",
    "UnsupportedError",
    "VerificationFailedError",
]
