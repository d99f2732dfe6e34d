//! Built-in steps against numbers that were computed elsewhere.

use std::sync::Arc;

use noodle_deploy_core::ErrorKind;
use noodle_deploy_core::engine::pipeline::steps::{ReadyStep, Steps};
use noodle_deploy_core::engine::{Cancel, Outputs};
use noodle_deploy_core::error::Result;
use noodle_deploy_core::model::signature::TensorSpec;
use noodle_deploy_core::tensor::{Data, Tensor, TensorView};
use serde_json::{Value, json};

fn prepare(step: &str, config: Value, inputs: Value) -> Result<Arc<dyn ReadyStep>> {
    let Value::Object(config) = config else { unreachable!("a config is an object") };
    let specs: Vec<TensorSpec> = serde_json::from_value(inputs).unwrap();
    Steps::default().get(step).unwrap().prepare(&config, &specs)
}

/// Runs one step over inputs, each with its name, in the order of names.
fn run(step: &str, config: Value, inputs: &[(&str, Tensor)]) -> Result<Outputs> {
    let spec = |(name, tensor): &(&str, Tensor)| {
        let shape: Vec<String> = tensor.shape().iter().map(ToString::to_string).collect();
        json!({"name": name, "dtype": tensor.dtype(), "shape": shape})
    };
    let ready = prepare(step, config, inputs.iter().map(spec).collect())?;
    let mut outputs = Outputs::new();
    let views: Vec<TensorView<'_>> = inputs.iter().map(|(_, tensor)| tensor.view()).collect();
    ready.run(&views, &mut outputs, &Cancel::NEVER)?;
    for (spec, tensor) in ready.outputs().iter().zip(&outputs) {
        assert_eq!((spec.dtype, spec.shape.len()), (tensor.dtype(), tensor.shape().len()), "{step} {spec}");
    }
    assert_eq!(ready.outputs().len(), outputs.len());
    Ok(outputs)
}

fn f32s(shape: &[usize], data: &[f32]) -> Tensor {
    Tensor::new(shape, data.to_vec()).unwrap()
}

fn near(tensor: &Tensor, wanted: &[f32], within: f32) {
    let found = tensor.as_slice::<f32>().unwrap();
    assert_eq!(found.len(), wanted.len());
    let worst = found.iter().zip(wanted).map(|(f, w)| (f - w).abs()).fold(0.0, f32::max);
    assert!(worst <= within, "off by {worst}: {found:?} and {wanted:?}");
}

#[test]
fn resize_is_onnx_s_and_pillow_s() {
    let recorded: Value = serde_json::from_str(include_str!("recorded/steps.json")).unwrap();
    let sizes = |case: &Value, of: &str| [0, 1].map(|i| case[of][i].as_u64().unwrap() as usize);
    for case in recorded["resize"].as_array().unwrap() {
        let ([height, width], [to_height, to_width]) = (sizes(case, "from"), sizes(case, "to"));
        let data: Vec<f32> = (0..2 * height * width).map(|i| (i * 37 % 101) as f32).collect();
        let config = |layout: &str| json!({"height": to_height, "width": to_width, "layout": layout, "antialias": case["antialias"]});
        let wanted: Vec<f32> = case["values"].as_array().unwrap().iter().map(|x| x.as_f64().unwrap() as f32).collect();
        let image = f32s(&[1, 2, height, width], &data);
        let planes = run("resize", config("nchw"), &[("image", image)]).unwrap();
        near(&planes[0], &wanted, 5e-4);

        // The same picture with its channels last, and in bytes.
        let area = height * width;
        let bytes: Vec<u8> = (0..area).flat_map(|i| [data[i] as u8, data[area + i] as u8]).collect();
        let image = Tensor::new(&[1, height, width, 2], bytes).unwrap();
        let pixels = run("resize", config("nhwc"), &[("image", image)]).unwrap();
        let to_area = to_height * to_width;
        let found = pixels[0].as_slice::<u8>().unwrap();
        for i in 0..to_area {
            for channel in 0..2 {
                let wanted = wanted[channel * to_area + i];
                assert!((f32::from(found[2 * i + channel]) - wanted).abs() <= 0.501, "{case}");
            }
        }
    }
}

#[test]
fn standardize_scales_centres_and_turns() {
    let image = Tensor::new(&[1, 1, 2, 3], vec![0u8, 51, 255, 102, 204, 153]).unwrap();
    let config = json!({"layout": "nhwc", "output_layout": "nchw", "mean": [0.5, 0.0, 1.0], "std": [0.5, 1.0, 2.0]});
    let found = run("standardize", config, &[("image", image.clone())]).unwrap();
    assert_eq!(found[0].shape(), [1, 3, 1, 2]);
    near(&found[0], &[-1.0, -0.2, 0.2, 0.8, 0.0, -0.2], 1e-6);
    // Without mean and deviation: 0 to 1.
    let found = run("standardize", json!({"layout": "nhwc"}), &[("image", image.clone())]).unwrap();
    near(&found[0], &[0.0, 0.2, 1.0, 0.4, 0.8, 0.6], 1e-6);
    let error = run("standardize", json!({"layout": "nhwc", "mean": [1.0]}), &[("image", image.clone())]).unwrap_err();
    assert_eq!((error.get("field"), error.get("allowed")), (Some("config/mean"), Some("3 numbers")));
    let error = run("standardize", json!({"layout": "nhwc", "std": [0, 1, 1]}), &[("image", image)]).unwrap_err();
    assert_eq!(error.get("field"), Some("config"));
}

#[test]
fn pool_keeps_what_the_mask_keeps() {
    let hidden = f32s(&[2, 3, 2], &[1.0, 2.0, 3.0, 4.0, -9.0, 9.0, 5.0, -6.0, 7.0, -8.0, 100.0, 100.0]);
    let mask = Tensor::new(&[2, 3], vec![1i64, 1, 0, 1, 0, 0]).unwrap();
    let pooled = |kind: &str, masked: bool| {
        let mut inputs = vec![("hidden", hidden.clone())];
        inputs.extend(masked.then(|| ("mask", mask.clone())));
        run("pool", json!({ "kind": kind }), &inputs).unwrap().remove(0)
    };
    near(&pooled("mean", true), &[2.0, 3.0, 5.0, -6.0], 0.0);
    near(&pooled("max", true), &[3.0, 4.0, 5.0, -6.0], 0.0);
    near(&pooled("cls", false), &[1.0, 2.0, 5.0, -6.0], 0.0);
    near(&pooled("max", false), &[3.0, 9.0, 100.0, 100.0], 0.0);
    // A row that the mask empties is zeros and not NaN.
    let nothing = Tensor::new(&[2, 3], vec![false; 6]).unwrap();
    let inputs = [("hidden", hidden.clone()), ("mask", nothing)];
    near(&run("pool", json!({"kind": "mean"}), &inputs).unwrap()[0], &[0.0; 4], 0.0);
    near(&run("pool", json!({"kind": "max"}), &inputs).unwrap()[0], &[0.0; 4], 0.0);
    let short = [("hidden", hidden), ("mask", Tensor::new(&[2, 2], vec![true; 4]).unwrap())];
    assert_eq!(run("pool", json!({"kind": "mean"}), &short).unwrap_err().get("field"), Some("inputs/mask"));
}

#[test]
fn softmax_and_normalize_work_along_any_axis() {
    let x = f32s(&[2, 3], &[1.0, 2.0, 3.0, 1000.0, 1000.0, 1000.0]);
    let rows = run("softmax", json!({}), &[("input", x.clone())]).unwrap();
    near(&rows[0], &[0.090_030_57, 0.244_728_47, 0.665_240_94, 1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0], 1e-6);
    let columns = run("softmax", json!({"axis": 0}), &[("input", f32s(&[2, 2], &[0.0, 1.0, 0.0, -1.0]))]).unwrap();
    near(&columns[0], &[0.5, 0.880_797_1, 0.5, 0.119_202_92], 1e-6);
    let x = f32s(&[2, 2], &[3.0, 0.0, 4.0, 0.0]);
    near(&run("normalize", json!({"axis": 0}), &[("input", x)]).unwrap()[0], &[0.6, 0.0, 0.8, 0.0], 1e-7);
    // Squares of these do not fit f32, and those of these vanish.
    near(&run("normalize", json!({}), &[("input", f32s(&[2], &[3e30, 4e30]))]).unwrap()[0], &[0.6, 0.8], 1e-6);
    let error = run("softmax", json!({"axis": 2}), &[("input", f32s(&[1, 1], &[0.0]))]).unwrap_err();
    assert_eq!((error.get("field"), error.get("allowed")), (Some("config/axis"), Some("-2 to 1")));
}

#[test]
fn top_k_sorts_ties_and_nan_in_a_fixed_order() {
    let scores = f32s(&[2, 4], &[0.1, 0.7, 0.1, 0.7, f32::NAN, 0.2, -1.0, 0.3]);
    let labels = ["a", "b", "c", "d"];
    let found = run("top_k", json!({"k": 3, "labels": labels}), &[("scores", scores.clone())]).unwrap();
    near(&found[0], &[0.7, 0.7, 0.1, 0.3, 0.2, -1.0], 0.0);
    assert_eq!(found[1].as_slice::<i64>().unwrap(), [1, 3, 0, 3, 1, 2]);
    let Data::Strings(named) = found[2].data() else { panic!("labels are strings") };
    assert_eq!(named, ["b", "d", "a", "d", "b", "c"]);
    for (config, field, allowed) in [
        (json!({"k": 5}), "config/k", "1 to 4"),
        (json!({"k": 0}), "config/k", "1 to 4"),
        (json!({"k": 1, "labels": ["a"]}), "config/labels", "4 labels"),
        (json!({"k": "one"}), "config/k", "usize"),
        (json!({}), "config/k", "a value"),
        (json!({"k": 1, "n": 2}), "config/n", "k, labels"),
    ] {
        let error = run("top_k", config.clone(), &[("scores", scores.clone())]).unwrap_err();
        assert_eq!(error.get("field"), Some(field), "{config}");
        if allowed != "usize" {
            assert_eq!(error.get("allowed"), Some(allowed), "{config}");
        }
    }
}

#[test]
fn mean_and_vote_join_models() {
    let (a, b, c) = (f32s(&[1, 3], &[0.6, 0.3, 0.1]), f32s(&[1, 3], &[0.2, 0.5, 0.3]), f32s(&[1, 3], &[0.0, 0.9, 0.1]));
    let inputs = [("a", a), ("b", b), ("c", c)];
    near(&run("mean", json!({}), &inputs).unwrap()[0], &[0.8 / 3.0, 1.7 / 3.0, 0.5 / 3.0], 1e-6);
    near(&run("vote", json!({}), &inputs).unwrap()[0], &[1.0 / 3.0, 2.0 / 3.0, 0.0], 1e-6);
    let weights = json!({"weights": {"a": 3, "b": 1, "c": 0}});
    near(&run("vote", weights, &inputs).unwrap()[0], &[0.75, 0.25, 0.0], 1e-6);
    for (weights, value) in [(json!({"z": 1}), "z"), (json!({"a": -1}), "-1"), (json!({"a": 0, "b": 0, "c": 0}), "0")] {
        let error = run("mean", json!({ "weights": weights }), &inputs).unwrap_err();
        assert_eq!((error.get("field"), error.get("value")), (Some("config/weights"), Some(value)));
    }
    let wrong = [("a", f32s(&[1, 3], &[0.0; 3])), ("b", f32s(&[1, 2], &[0.0; 2]))];
    assert_eq!(run("mean", json!({}), &wrong).unwrap_err().get("field"), Some("inputs/b"));
}

#[test]
fn sizes_that_show_only_when_a_request_runs_are_checked_then() {
    let open = |name: &str, dtype: &str, rank: usize| json!({"name": name, "dtype": dtype, "shape": vec!["?"; rank]});
    let check = |step: &str, config: Value, specs: Value, tensors: &[Tensor]| {
        let ready = prepare(step, config, specs).unwrap();
        let views: Vec<_> = tensors.iter().map(Tensor::view).collect();
        let error = ready.run(&views, &mut Outputs::new(), &Cancel::NEVER).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{step}: {error:?}");
    };
    let matrix = f32s(&[1, 2], &[0.0; 2]);
    check("softmax", json!({}), json!([open("input", "f32", 1)]), std::slice::from_ref(&matrix));
    check("normalize", json!({}), json!([open("input", "f32", 3)]), std::slice::from_ref(&matrix));
    check("top_k", json!({"k": 3}), json!([open("scores", "f32", 2)]), std::slice::from_ref(&matrix));
    check("top_k", json!({"k": 1, "labels": ["a"]}), json!([open("scores", "f32", 2)]), std::slice::from_ref(&matrix));
    check(
        "mean",
        json!({}),
        json!([open("a", "f32", 2), open("b", "f32", 2)]),
        &[matrix.clone(), f32s(&[2, 1], &[0.0; 2])],
    );
    let mask = Tensor::new(&[1, 3], vec![1i64; 3]).unwrap();
    let pool = json!([open("hidden", "f32", 3), open("mask", "i64", 2)]);
    check("pool", json!({"kind": "mean"}), pool.clone(), &[f32s(&[1, 2, 1], &[0.0; 2]), mask.clone()]);
    check("pool", json!({"kind": "mean"}), pool, &[f32s(&[1, 0, 1], &[]), mask]);
    let image = json!([open("image", "f32", 4)]);
    let resize = json!({"height": 2, "width": 2, "layout": "nchw"});
    check("resize", resize, image.clone(), &[f32s(&[1, 1, 0, 2], &[])]);
    let three = json!({"layout": "nchw", "mean": [0, 0, 0]});
    check("standardize", three, image, &[f32s(&[1, 1, 1, 2], &[0.0; 2])]);
}

#[test]
fn bytes_that_are_not_aligned_are_as_good() {
    let numbers = [0.0f32, 1.0, 2.0];
    let mut bytes = [0u8; 13];
    bytes[1..].copy_from_slice(&numbers.map(f32::to_ne_bytes).concat());
    let view = TensorView::from_bytes(noodle_deploy_core::DType::F32, &[1, 3], &bytes[1..]).unwrap();
    let ready = prepare("softmax", json!({}), json!([{"name": "input", "dtype": "f32", "shape": ["n", "3"]}])).unwrap();
    let mut outputs = Outputs::new();
    ready.run(&[view], &mut outputs, &Cancel::NEVER).unwrap();
    near(&outputs[0], &[0.090_030_57, 0.244_728_47, 0.665_240_94], 1e-6);
}
