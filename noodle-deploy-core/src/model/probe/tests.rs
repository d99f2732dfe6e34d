use half::f16;
use proptest::prelude::*;

use super::*;
use crate::error::ErrorKind;
use crate::tensor::{DType, Data, Element};

fn data(json: &str) -> TensorData {
    serde_json::from_str(json).unwrap()
}

fn refused(json: &str) -> Error {
    data(json).to_tensor().unwrap_err()
}

fn f32s(values: &[f32]) -> Tensor {
    Tensor::new(&[values.len()], values.to_vec()).unwrap()
}

fn agreement(expected: &Tensor, found: &Tensor) -> Agreement {
    compare(&expected.view(), &found.view(), Tolerance::default()).unwrap()
}

#[test]
fn a_probe_file_parses_and_checks_against_its_signature() {
    let json = br#"{"probes": [{"inputs": {"bytes": {"dtype": "i32", "shape": [1, 3], "data": [104, 105, 0]}},
        "outputs": {"probabilities": {"dtype": "f32", "shape": [1, 2], "data": [0.25, 7.5e-1]}}}],
        "tolerance": {"rtol": 1e-3}, "note": "more fields are fine"}"#;
    let set = ProbeSet::from_json(json).unwrap();
    assert_eq!(set.tolerance, Tolerance { rtol: 1e-3, atol: 1e-5 });
    let inputs = set.probes[0].tensors().unwrap();
    assert_eq!(inputs[0].0, "bytes");
    assert_eq!(inputs[0].1.as_slice::<i32>().unwrap(), &[104, 105, 0]);
    let again = ProbeSet::from_json(&serde_json::to_vec(&set).unwrap()).unwrap();
    assert_eq!(again, set);

    let signature = |input: &str, output: &str| -> Signature {
        serde_json::from_str(&format!(
            r#"{{"inputs": [{{"name": "bytes", "dtype": "{input}", "shape": ["batch", "length"]}}],
                 "outputs": [{{"name": "{output}", "dtype": "f32", "shape": ["batch", "2"]}}]}}"#
        ))
        .unwrap()
    };
    set.check_signature(&signature("i32", "probabilities")).unwrap();
    let error = set.check_signature(&signature("i64", "probabilities")).unwrap_err();
    assert_eq!((error.get("tensor"), error.get("probe")), (Some("bytes"), Some("0")));
    let error = set.check_signature(&signature("i32", "y")).unwrap_err();
    assert_eq!((error.get("value"), error.get("allowed")), (Some("probabilities"), Some("y")));
}

#[test]
fn a_probe_file_is_bounded_and_typed() {
    let error = ProbeSet::from_json(&vec![b' '; MAX_PROBE_FILE_BYTES + 1]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    for bad in [
        "",
        "[]",
        "{}",
        r#"{"probes": []}"#,
        r#"{"probes": [{"inputs": {}, "outputs": {}}]}"#,
        r#"{"probes": [{"inputs": {}, "outputs": {"y": {"dtype": "f32", "shape": [2], "data": [1]}}}]}"#,
        r#"{"probes": [{"inputs": {}, "outputs": {"y": {"dtype": "f32", "shape": [1], "data": [[1]]}}}]}"#,
        r#"{"probes": [{"inputs": {}, "outputs": {"y": {"dtype": "f31", "shape": [1], "data": [1]}}}]}"#,
        r#"{"probes": [{"inputs": {}, "outputs": {"y": {"dtype": "f32", "shape": [-1], "data": [1]}}}]}"#,
        r#"{"probes": [{"inputs": {}, "outputs": {"y": {"dtype": "f32", "shape": [1], "data": [1]}}}],
            "tolerance": {"atol": -1}}"#,
    ] {
        assert_eq!(ProbeSet::from_json(bad.as_bytes()).unwrap_err().kind(), ErrorKind::InvalidArgument, "{bad}");
    }
    let deep = format!("{}{}", r#"{"probes": "#, "[".repeat(100_000));
    assert!(ProbeSet::from_json(deep.as_bytes()).is_err());
    let probe = Probe { outputs: [("y".to_owned(), (&f32s(&[1.0])).into())].into(), ..Probe::default() };
    let many = ProbeSet { probes: vec![probe; MAX_PROBES + 1], ..ProbeSet::default() };
    assert_eq!(many.validate().unwrap_err().kind(), ErrorKind::TooLarge);
}

#[test]
fn integers_are_exact_and_bounded() {
    let top = data(r#"{"dtype": "u64", "shape": [2], "data": [18446744073709551615, "18446744073709551614"]}"#);
    assert_eq!(top.to_tensor().unwrap().as_slice::<u64>().unwrap(), &[u64::MAX, u64::MAX - 1]);
    let low = data(r#"{"dtype": "i64", "shape": [], "data": [-9223372036854775808]}"#);
    assert_eq!(low.to_tensor().unwrap().as_slice::<i64>().unwrap(), &[i64::MIN]);
    assert_eq!(serde_json::to_value(&top).unwrap()["data"][0], u64::MAX);
    for (dtype, value) in [
        ("i8", "128"),
        ("i8", "-129"),
        ("i16", "32768"),
        ("i32", "2147483648"),
        ("i64", "9223372036854775808"),
        ("u8", "-1"),
        ("u8", "256"),
        ("u16", "65536"),
        ("u32", "4294967296"),
        ("u64", "18446744073709551616"),
        ("u64", "-1"),
        ("i32", "1.5"),
        ("i32", "true"),
        ("i32", "\"1\""),
        ("u64", "\"+1\""),
        ("bool", "1"),
        ("string", "1"),
        ("f32", "1e39"),
        ("f16", "65520"),
        ("f64", "\"NaN\""),
        ("f64", "false"),
    ] {
        let error = refused(&format!(r#"{{"dtype": "{dtype}", "shape": [2, 1], "data": [{value}, 0]}}"#));
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{dtype} {value}");
        assert_eq!((error.get("field"), error.get("index")), (Some("data"), Some("0")), "{dtype} {value}");
        assert!(error.get("allowed").is_some(), "{dtype} {value}");
    }
    assert_eq!(refused(r#"{"dtype": "f32", "shape": [2], "data": [1]}"#).get("field"), Some("shape"));
    let axes = TensorData { dtype: DType::F32, shape: vec![1; MAX_RANK + 1], data: vec![Scalar::Int(1)] };
    assert_eq!(axes.to_tensor().unwrap_err().kind(), ErrorKind::TooLarge);
}

#[test]
fn floats_are_short_and_special_values_are_words() {
    let tensor = f32s(&[0.1, -0.0, f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 3.0]);
    let json = serde_json::to_string(&TensorData::from(&tensor)).unwrap();
    assert_eq!(json, r#"{"dtype":"f32","shape":[6],"data":[0.1,-0.0,"nan","inf","-inf",3.0]}"#);
    let back = data(&json).to_tensor().unwrap();
    assert_eq!(back.as_slice::<f32>().unwrap()[1].to_bits(), (-0.0f32).to_bits());
    assert!(agreement(&tensor, &back).agrees());
}

#[test]
fn tolerance_is_absolute_plus_relative() {
    let expected = f32s(&[0.0, 1.0, 1000.0]);
    let near = agreement(&expected, &f32s(&[0.000_009, 1.000_1, 1000.09]));
    assert_eq!((near.mismatches, near.elements), (0, 3));
    assert!(near.agrees() && near.max_abs > 0.08 && near.max_rel > 0.9e-4);
    let far = agreement(&expected, &f32s(&[0.000_02, 1.0, 1000.2]));
    assert_eq!((far.mismatches, far.worst_index), (2, Some(0)));
    assert_eq!(agreement(&expected, &expected).worst_index, None);
    let exact = Tolerance { rtol: 0.0, atol: 0.0 };
    let one = compare(&expected.view(), &f32s(&[0.0, 1.0, 1_000.000_1]).view(), exact).unwrap();
    assert_eq!((one.mismatches, one.worst_index), (1, Some(2)));
    let bad = Tolerance { rtol: f64::NAN, atol: 0.0 };
    assert!(compare(&expected.view(), &expected.view(), bad).is_err());
}

#[test]
fn nan_and_infinity_have_their_places() {
    let (nan, inf) = (f32::NAN, f32::INFINITY);
    let expected = f32s(&[nan, inf, 1.0, -inf]);
    assert!(agreement(&expected, &expected).agrees());
    let moved = agreement(&expected, &f32s(&[1.0, inf, nan, -inf]));
    assert_eq!((moved.mismatches, moved.nan, moved.worst_index), (2, 2, Some(0)));
    let flipped = agreement(&expected, &f32s(&[nan, -inf, 1.0, 0.0]));
    assert_eq!((flipped.mismatches, flipped.nan, flipped.max_abs), (2, 0, f64::MAX));
    let json = serde_json::to_string(&flipped).unwrap();
    assert_eq!(serde_json::from_str::<Agreement>(&json).unwrap(), flipped);
}

#[test]
fn integers_bools_and_strings_must_be_equal() {
    let ids = |values: &[i64]| Tensor::new(&[values.len()], values.to_vec()).unwrap();
    let off_by_one = agreement(&ids(&[1 << 60, 20_000]), &ids(&[1 << 60, 20_001]));
    assert_eq!((off_by_one.mismatches, off_by_one.max_abs, off_by_one.worst_index), (1, 1.0, Some(1)));
    let extremes = agreement(&ids(&[i64::MIN]), &ids(&[i64::MAX]));
    assert_eq!(extremes.max_abs, u64::MAX as f64);
    let bools = |values: &[bool]| Tensor::new(&[values.len()], values.to_vec()).unwrap();
    assert_eq!(agreement(&bools(&[true, false]), &bools(&[true, true])).mismatches, 1);
    let texts = |value: &str| Tensor::strings(&[], vec![value.to_owned()]).unwrap();
    assert!(agreement(&texts("a"), &texts("a")).agrees());
    assert!(!agreement(&texts("a"), &texts("b")).agrees());
}

#[test]
fn another_type_or_shape_fails_verification() {
    let a = f32s(&[1.0, 2.0]);
    for b in [Tensor::new(&[2], vec![1.0f64, 2.0]).unwrap(), Tensor::new(&[2, 1], vec![1.0f32, 2.0]).unwrap()] {
        let error = compare(&a.view(), &b.view(), Tolerance::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::VerificationFailed);
        assert!(error.get("allowed").is_some());
    }
}

#[test]
fn a_probe_gives_one_verdict() {
    let outputs = [("y".to_owned(), (&f32s(&[1.0, 2.0])).into()), ("z".to_owned(), (&f32s(&[0.0])).into())];
    let probe = Probe { outputs: outputs.into(), ..Probe::default() };
    let (y, z, bad) = (f32s(&[1.0, 2.0]), f32s(&[0.0]), f32s(&[1.0, 2.5]));
    let verdict = probe.check(&[("z", z.view()), ("y", y.view())], Tolerance::default()).unwrap();
    assert_eq!((verdict.agrees, verdict.elements, verdict.worst.as_deref()), (true, 3, None));
    assert!(verdict.into_result().is_ok());
    let verdict = probe.check(&[("z", z.view()), ("y", bad.view())], Tolerance::default()).unwrap();
    assert_eq!((verdict.mismatches, verdict.worst.as_deref(), verdict.worst_index), (1, Some("y"), Some(1)));
    let error = verdict.into_result().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::VerificationFailed);
    assert_eq!((error.get("tensor"), error.get("mismatches")), (Some("y"), Some("1 of 3")));
    let error = probe.check(&[("y", y.view())], Tolerance::default()).unwrap_err();
    assert_eq!((error.kind(), error.get("tensor")), (ErrorKind::VerificationFailed, Some("z")));
}

#[test]
fn generated_inputs_are_the_same_for_the_same_seed() {
    let specs: Vec<String> = DType::ALL
        .iter()
        .map(|dtype| format!(r#"{{"name": "{dtype}", "dtype": "{dtype}", "shape": ["batch", "3", "?"]}}"#))
        .collect();
    let signature: Signature =
        serde_json::from_str(&format!(r#"{{"inputs": [{}], "outputs": []}}"#, specs.join(","))).unwrap();
    let sizes = |symbol: &str| if symbol == "batch" { 2 } else { 40 };
    let inputs = generate(&signature, 7, Spread::Unit, sizes).unwrap();
    assert_eq!(inputs, generate(&signature, 7, Spread::Unit, sizes).unwrap());
    assert_ne!(inputs, generate(&signature, 8, Spread::Unit, sizes).unwrap());
    let views: Vec<_> = inputs.iter().map(|(name, tensor)| (name.as_str(), tensor.view())).collect();
    signature.bind(&views).unwrap();
    for (name, tensor) in &inputs {
        assert_eq!(tensor.shape(), &[2, 3, 40], "{name}");
    }
    let of = |name: &str| &inputs.iter().find(|(n, _)| n == name).unwrap().1;
    let floats = of("f32").as_slice::<f32>().unwrap();
    assert!(floats.iter().all(|v| (0.0..1.0).contains(v)) && floats.iter().any(|v| *v > 0.9));
    assert!(of("f16").as_slice::<f16>().unwrap().iter().all(|v| (0.0..1.0).contains(&v.to_f32())));
    let ints = of("i64").as_slice::<i64>().unwrap();
    assert!(ints.contains(&0) && ints.contains(&1) && ints.iter().all(|v| (0..2).contains(v)));
    assert_eq!(&of("bool").as_slice::<bool>().unwrap()[..3], &[false, true, false]);
    assert_eq!(of("string").as_strings().unwrap()[0], "a");
    let error = generate(&signature, 7, Spread::Unit, |_| 1 << 20).unwrap_err();
    assert_eq!((error.kind(), error.get("tensor")), (ErrorKind::TooLarge, Some("f16")));
}

fn same(a: &Tensor, b: &Tensor) -> bool {
    let nan_blind = |t: &Tensor| match (t.dtype(), t.data()) {
        (DType::F16, _) => canonical(t.as_slice::<f16>().unwrap(), |v| v.is_nan(), f16::NAN),
        (DType::F32, _) => canonical(t.as_slice::<f32>().unwrap(), |v| v.is_nan(), f32::NAN),
        (DType::F64, _) => canonical(t.as_slice::<f64>().unwrap(), |v| v.is_nan(), f64::NAN),
        (_, Data::Bytes(bytes)) => bytes.to_vec(),
        (_, Data::Strings(strings)) => strings.join("\0").into_bytes(),
    };
    a.dtype() == b.dtype() && a.shape() == b.shape() && nan_blind(a) == nan_blind(b)
}

fn canonical<T: Element>(values: &[T], is_nan: impl Fn(&T) -> bool, nan: T) -> Vec<u8> {
    values.iter().flat_map(|v| bytemuck::bytes_of(if is_nan(v) { &nan } else { v }).to_vec()).collect()
}

fn tensors() -> impl Strategy<Value = Tensor> {
    let bytes = (prop::sample::select(DType::ALL.to_vec()), 0usize..4, 0usize..4).prop_flat_map(|(dtype, a, b)| {
        let len = a * b * dtype.size().unwrap_or(1);
        let bytes = prop::collection::vec(any::<u8>(), len);
        let strings = prop::collection::vec(any::<String>(), a * b);
        (Just(dtype), Just([a, b]), bytes, strings)
    });
    bytes.prop_map(|(dtype, shape, mut bytes, strings)| match dtype {
        DType::String => Tensor::strings(&shape, strings).unwrap(),
        _ => {
            if dtype == DType::Bool {
                bytes.iter_mut().for_each(|b| *b &= 1);
            }
            Tensor::from_bytes(dtype, &shape, &bytes).unwrap()
        }
    })
}

proptest! {
    #[test]
    fn tensors_round_trip(tensor in tensors()) {
        let back = TensorData::from(&tensor).to_tensor().unwrap();
        prop_assert!(same(&tensor, &back), "{:?}", tensor);
        let exact = Tolerance { rtol: 0.0, atol: 0.0 };
        prop_assert!(compare(&tensor.view(), &back.view(), exact).unwrap().agrees());
    }

    #[test]
    fn tensors_round_trip_through_text(tensor in tensors()) {
        let json = serde_json::to_string(&TensorData::from(&tensor)).unwrap();
        let back = data(&json).to_tensor().unwrap();
        if tensor.dtype() == DType::F64 {
            // The JSON reader may be off by one unit in the last place.
            let near = Tolerance { rtol: 4.0 * f64::EPSILON, atol: f64::MIN_POSITIVE };
            prop_assert!(compare(&tensor.view(), &back.view(), near).unwrap().agrees());
        } else {
            prop_assert!(same(&tensor, &back), "{json}");
        }
    }

    #[test]
    fn any_bytes_are_a_set_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = ProbeSet::from_json(&bytes);
    }

    #[test]
    fn every_f32_is_written_short_and_read_back(bits in any::<u32>()) {
        let value = f32::from_bits(bits);
        let back = data(&serde_json::to_string(&TensorData::from(&f32s(&[value]))).unwrap()).to_tensor().unwrap();
        let back = back.as_slice::<f32>().unwrap()[0];
        prop_assert!(back.to_bits() == bits || (back.is_nan() && value.is_nan()));
    }
}
