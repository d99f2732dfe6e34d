//! Steps against numbers that were computed elsewhere.
