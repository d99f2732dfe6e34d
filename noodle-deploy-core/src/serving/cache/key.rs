//! What tells two requests apart.

use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};

use crate::tensor::{Data, TensorView};

/// Changes with everything that a key is made of: an entry of another layout is never found.
const DOMAIN: &str = "noodle-deploy response cache 1";

/// What answers: the same request to another version, file or engine has another key, at every level.
#[derive(Clone, Copy)]
pub(crate) struct Scope([u8; 32]);

impl Scope {
    /// `engine` with its version, as in `tract 0.23.9`: engines agree within a tolerance, and not to the last bit.
    pub(crate) fn new(model: &str, version: &str, digest: &str, engine: &str) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key(DOMAIN);
        for text in [model, version, digest, engine] {
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        }
        Scope(hasher.finalize().into())
    }
}

/// BLAKE3 over the scope and over element types, shapes and bytes of every input.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Key([u8; 32]);

impl Key {
    /// `inputs` are in the signature's order. Allocates nothing.
    pub(crate) fn of(scope: &Scope, inputs: &[TensorView<'_>]) -> Self {
        let mut hasher = blake3::Hasher::new_keyed(&scope.0);
        for input in inputs {
            hasher.update(&[input.dtype() as u8]);
            hasher.update(&(input.shape().len() as u64).to_le_bytes());
            for size in input.shape() {
                hasher.update(&(*size as u64).to_le_bytes());
            }
            // The length of the data follows from element type and shape; that of a string does not.
            match input.data() {
                Data::Bytes(bytes) => drop(hasher.update(bytes)),
                Data::Strings(strings) => {
                    for text in strings {
                        hasher.update(&(text.len() as u64).to_le_bytes());
                        hasher.update(text.as_bytes());
                    }
                }
            }
        }
        Key(hasher.finalize().into())
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// A number below `shards`, of bits that a map of one shard does not use.
    pub(crate) fn shard(&self, shards: usize) -> usize {
        usize::from(self.0[31]) % shards
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&blake3::Hash::from_bytes(self.0).to_hex())
    }
}

/// A key is a hash already: its first bytes are as good as any. Nobody can choose them without breaking BLAKE3.
#[derive(Default)]
pub(crate) struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        if let Some(first) = bytes.first_chunk::<8>() {
            self.0 = u64::from_le_bytes(*first);
        }
    }
}

pub(crate) type BuildKeyHasher = BuildHasherDefault<KeyHasher>;

#[cfg(test)]
mod tests {
    use super::*;

    fn scope() -> Scope {
        Scope::new("m", "1.0.0", "blake3:00", "tract 1")
    }

    #[test]
    fn everything_that_tells_requests_apart_is_in_the_key() {
        let data = [1.0f32, 2.0, 3.0, 4.0];
        let ints = [1i32, 2, 3, 4];
        let view = |shape| TensorView::new(shape, &data).unwrap();
        let key = |inputs: &[TensorView<'_>]| Key::of(&scope(), inputs);
        let base = key(&[view(&[1, 4])]);
        let copy = data;
        assert_eq!(base, key(&[TensorView::new(&[1, 4], &copy).unwrap()]));
        let other = [1.0f32, 2.0, 3.0, 5.0];
        let zeros = [0.0f32; 4];
        let signs = [-0.0f32, 0.0, 0.0, 0.0];
        let keys = [
            base,
            key(&[view(&[4])]),
            key(&[view(&[2, 2])]),
            key(&[view(&[4, 1])]),
            key(&[view(&[1, 4]), view(&[1, 4])]),
            key(&[TensorView::new(&[1, 4], &other).unwrap()]),
            key(&[TensorView::new(&[1, 4], &ints).unwrap()]),
            key(&[TensorView::new(&[1, 4], &zeros).unwrap()]),
            key(&[TensorView::new(&[1, 4], &signs).unwrap()]),
            key(&[]),
        ];
        for (i, a) in keys.iter().enumerate() {
            assert!(keys[i + 1..].iter().all(|b| a != b), "{i}");
        }
        let strings = |texts: &[&str]| {
            let texts: Vec<String> = texts.iter().map(|t| (*t).to_owned()).collect();
            key(&[TensorView::strings(&[2], &texts).unwrap()])
        };
        assert_ne!(strings(&["ab", "c"]), strings(&["a", "bc"]));
    }

    #[test]
    fn every_part_of_the_scope_counts() {
        let key = |model, version, digest, engine| Key::of(&Scope::new(model, version, digest, engine), &[]);
        let base = key("m", "1.0.0", "d", "tract 1");
        for other in [
            key("n", "1.0.0", "d", "tract 1"),
            key("m", "2.0.0", "d", "tract 1"),
            key("m", "1.0.0", "e", "tract 1"),
            key("m", "1.0.0", "d", "tract 2"),
            key("m1.0.0", "", "d", "tract 1"),
        ] {
            assert_ne!(base, other);
        }
    }
}
