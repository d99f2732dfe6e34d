//! The C++ surface.
