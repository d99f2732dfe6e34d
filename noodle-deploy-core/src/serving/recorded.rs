//! A recorded request as bytes: the form of a kept answer ([`cache`](super::cache)), whose first tensors say what the others
//! are.
//!
//! ```text
//! strings: model, version, the name of each input · u64: time, nanoseconds in the engine · each input · each output
//! ```

use std::io::Read;
use std::path::Path;

use super::cache::{EXPIRY_END, decode_tensors, encode_tensors, expiry_of};
use crate::artifact::durable::failed;
use crate::clock::Millis;
use crate::engine::Outputs;
use crate::error::{Error, ErrorKind, Result};
use crate::tensor::{Data, Tensor};

/// Bytes of a file beyond which it is none of ours.
const MOST_BYTES: u64 = 32 << 20;

/// A request that was answered.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Recorded {
    pub(crate) model: String,
    pub(crate) version: String,
    /// By name.
    pub(crate) inputs: Vec<(String, Tensor)>,
    /// In the order of the version's signature.
    pub(crate) outputs: Outputs,
    pub(crate) at: Millis,
    pub(crate) compute_ns: u64,
}

/// As bytes, with the time from which on it counts no more.
///
/// # Errors
/// `too_large` for what the form cannot say.
pub(crate) fn encode(request: &Recorded, expires_at: Millis) -> Result<Vec<u8>> {
    let names = request.inputs.iter().map(|(name, _)| name);
    let about: Vec<String> = [&request.model, &request.version].into_iter().chain(names).cloned().collect();
    let mut tensors =
        vec![Tensor::strings(&[about.len()], about)?, Tensor::new(&[2], vec![request.at, request.compute_ns])?];
    tensors.extend(request.inputs.iter().map(|(_, tensor)| tensor.clone()));
    tensors.extend(request.outputs.iter().cloned());
    encode_tensors(&tensors, Some(expires_at))
}

fn damaged(what: &'static str) -> Error {
    Error::new(ErrorKind::Corrupt, "a recorded request does not read").with("field", what)
}

/// Reads what [`encode`] wrote, and until when it counts.
///
/// # Errors
/// `corrupt`. Nothing is allocated beyond what the bytes themselves can fill.
pub(crate) fn decode(bytes: &[u8]) -> Result<(Recorded, Millis)> {
    let (tensors, expires_at) = decode_tensors(bytes)?;
    Ok((of_tensors(tensors)?, expires_at.unwrap_or(Millis::MAX)))
}

fn of_tensors(tensors: Outputs) -> Result<Recorded> {
    let mut tensors = tensors.into_iter();
    let about = tensors.next().ok_or_else(|| damaged("about"))?;
    let Data::Strings([model, version, names @ ..]) = about.data() else { return Err(damaged("about")) };
    let times = tensors.next().ok_or_else(|| damaged("times"))?;
    let [at, compute_ns] = *times.as_slice::<u64>().map_err(|_| damaged("times"))? else {
        return Err(damaged("times"));
    };
    let inputs: Vec<_> = names.iter().cloned().zip(tensors.by_ref()).collect();
    if inputs.len() != names.len() {
        return Err(damaged("inputs"));
    }
    let (model, version, outputs) = (model.clone(), version.clone(), tensors.collect());
    Ok(Recorded { model, version, inputs, outputs, at, compute_ns })
}

/// Reads a file.
///
/// # Errors
/// As [`decode`], and `storage`; each names the file.
pub(crate) fn read(path: &Path) -> Result<(Recorded, Millis)> {
    let failed = |error| failed("reading a recorded request failed", path, error);
    let length = std::fs::metadata(path).map_err(failed)?.len();
    if length > MOST_BYTES {
        return Err(damaged("length").with("file", path.display()));
    }
    decode(&std::fs::read(path).map_err(failed)?).map_err(|error| error.with("file", path.display()))
}

/// Until when a file counts, as its beginning says; none where it does not read.
pub(crate) fn expires_at(path: &Path) -> Option<Millis> {
    let mut begin = [0; EXPIRY_END];
    std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut begin)).ok()?;
    expiry_of(&begin)
}

/// Any tensors, read as a recorded request. What is read once is written and read the same.
pub(crate) fn fuzz(tensors: Outputs) {
    let Ok(request) = of_tensors(tensors) else { return };
    let bytes = encode(&request, 7).expect("what was read can be written");
    let (again, expires_at) = decode(&bytes).expect("what was written can be read");
    assert_eq!(expires_at, 7);
    assert!(again == request, "{again:?} is not {request:?}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Recorded {
        Recorded {
            model: "m".into(),
            version: "1.0.0".into(),
            inputs: vec![
                ("x".into(), Tensor::new(&[1, 2], vec![1.0_f32, 2.0]).unwrap()),
                ("text".into(), Tensor::strings(&[1], vec!["é".into()]).unwrap()),
            ],
            outputs: Outputs::from_iter([Tensor::new(&[1], vec![7_i64]).unwrap()]),
            at: 1_795_392_000_000,
            compute_ns: 42,
        }
    }

    #[test]
    fn a_request_comes_back_as_it_was() {
        let bytes = encode(&sample(), 9).unwrap();
        let (again, expires_at) = decode(&bytes).unwrap();
        assert!(again == sample() && expires_at == 9, "{again:?}");
        assert_eq!(expiry_of(bytes.first_chunk().unwrap()), Some(9));
        fuzz(decode_tensors(&bytes).unwrap().0);
        for end in 0..bytes.len() {
            assert_eq!(decode(&bytes[..end]).unwrap_err().kind(), ErrorKind::Corrupt);
        }
    }

    #[test]
    fn tensors_that_are_no_request_are_refused() {
        let strings =
            |of: &[&str]| Tensor::strings(&[of.len()], of.iter().map(|text| (*text).to_owned()).collect()).unwrap();
        let times = || Tensor::new(&[2], vec![1_u64, 2]).unwrap();
        for tensors in [
            vec![],
            vec![times()],
            vec![strings(&["m"]), times()],
            vec![strings(&["m", "1.0.0"])],
            vec![strings(&["m", "1.0.0"]), Tensor::new(&[3], vec![1_u64, 2, 3]).unwrap()],
            vec![strings(&["m", "1.0.0", "x"]), times()],
        ] {
            let bytes = encode_tensors(&tensors, Some(1)).unwrap();
            assert_eq!(decode(&bytes).unwrap_err().kind(), ErrorKind::Corrupt);
        }
    }
}
