//! The hash chain: each event carries the hash of the one before, so that an edit, a reorder, a removed event or a cut
//! tail shows against a head that was kept.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Head, NewEvent, Projection, StoredEvent};
use crate::clock::Millis;
use crate::error::{Error, ErrorKind, Result};

/// A BLAKE3 hash, written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// The hash before the first event.
    pub const ZERO: Hash = Hash([0; 32]);

    /// The hash of bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Hash(*blake3::hash(bytes).as_bytes())
    }

    /// From a stored blob of 32 bytes.
    ///
    /// # Errors
    /// `corrupt` for another length.
    pub fn from_slice(bytes: &[u8]) -> Result<Self> {
        bytes
            .try_into()
            .map(Hash)
            .map_err(|_| Error::new(ErrorKind::Corrupt, "a hash has not 32 bytes").with("bytes", bytes.len()))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for Hash {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        blake3::Hash::from_hex(text)
            .map(|h| Hash(*h.as_bytes()))
            .map_err(|e| Error::invalid("hash", text, "64 hexadecimal digits").source(e))
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Hash {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Hash".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9a-f]{64}$", "description": "BLAKE3, hexadecimal" })
    }
}

/// 64-bit numbers travel as strings, since JavaScript's numbers do not hold them.
pub mod u64_string {
    use serde::{Deserialize, Deserializer, Serializer};

    /// Writes a string.
    pub fn serialize<S: Serializer>(value: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    /// Reads a string.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// As [`u64_string`], for a number that may be absent.
pub mod optional_u64_string {
    use serde::{Deserialize, Deserializer, Serializer};

    /// Writes a string, or null.
    pub fn serialize<S: Serializer>(value: &Option<u64>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.collect_str(value),
            None => serializer.serialize_none(),
        }
    }

    /// Reads a string, or null.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| text.parse().map_err(serde::de::Error::custom)).transpose()
    }
}

/// Hash of an event: BLAKE3 over the previous hash, sequence, stream version and time (u64, little-endian), then
/// stream, kind, payload, actor, operation and request, each behind its length in bytes (u64, little-endian).
pub fn hash(previous: Hash, sequence: u64, version: u64, at: Millis, event: &NewEvent) -> Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&previous.0);
    for number in [sequence, version, at] {
        hasher.update(&number.to_le_bytes());
    }
    for text in [&event.stream, &event.kind, &event.payload, &event.actor, &event.operation, &event.request] {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    }
    Hash(*hasher.finalize().as_bytes())
}

/// Digest of a state: BLAKE3 over its rows in the order of kind and key; of each the kind, key, stream and value, each
/// behind its length in bytes (u64, little-endian).
pub fn digest(rows: &[Projection]) -> Hash {
    let mut hasher = blake3::Hasher::new();
    for row in rows {
        for text in [&row.kind, &row.key, &row.stream].into_iter().chain(&row.value) {
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        }
    }
    Hash(*hasher.finalize().as_bytes())
}

fn differs(sequence: u64) -> Error {
    Error::new(ErrorKind::Corrupt, "the log differs from the head that was kept").with("sequence", sequence)
}

/// Checks a log event by event.
#[derive(Debug)]
pub struct Checker {
    head: Head,
    since: Option<Head>,
}

impl Checker {
    /// Starts after `from`, the head of what was cut away. `since` is a head that the log must contain.
    ///
    /// # Errors
    /// `invalid_argument` for a `since` below `from`, `corrupt` for another one of the same sequence.
    pub fn new(from: Head, since: Option<Head>) -> Result<Self> {
        match since {
            Some(since) if since.sequence < from.sequence => Err(Error::invalid(
                "since",
                since.sequence,
                format!("a head from {} on: earlier events were cut away", from.sequence),
            )),
            Some(since) if since.sequence == from.sequence && since.hash != from.hash => Err(differs(from.sequence)),
            _ => Ok(Checker { head: from, since }),
        }
    }

    /// Sequence of the last event that was checked.
    pub fn sequence(&self) -> u64 {
        self.head.sequence
    }

    /// Checks the next event.
    ///
    /// # Errors
    /// `corrupt` with the sequence and what does not fit.
    pub fn push(&mut self, stored: &StoredEvent) -> Result<()> {
        let corrupt =
            |what: &'static str| Err(Error::new(ErrorKind::Corrupt, what).with("sequence", self.head.sequence + 1));
        if stored.sequence != self.head.sequence + 1 {
            return corrupt("an event is missing from the log");
        }
        if stored.previous != self.head.hash {
            return corrupt("an event does not follow the one before it");
        }
        if stored.hash != hash(stored.previous, stored.sequence, stored.version, stored.at, &stored.event) {
            return corrupt("an event was edited");
        }
        if let Some(since) = self.since
            && since.sequence == stored.sequence
            && since.hash != stored.hash
        {
            return Err(differs(stored.sequence));
        }
        self.head = Head { sequence: stored.sequence, hash: stored.hash };
        Ok(())
    }

    /// The head that the log leads to.
    ///
    /// # Errors
    /// `corrupt` where the kept head lies beyond the end.
    pub fn finish(self) -> Result<Head> {
        match self.since {
            Some(since) if since.sequence > self.head.sequence => {
                Err(Error::new(ErrorKind::Corrupt, "the log was cut: it ends before the head that was kept")
                    .with("log_sequence", self.head.sequence)
                    .with("kept_sequence", since.sequence))
            }
            _ => Ok(self.head),
        }
    }
}
