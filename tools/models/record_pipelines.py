#!/usr/bin/env python3
"""Record what the tests of pipelines compare with.

    record_pipelines.py --models DIR     DIR is what `fetch.py --minilm` filled

Writes noodle-deploy-core/tests/pipeline/recorded/: `steps.json`, pictures that
ONNX Runtime's Resize and Pillow made smaller and larger, and `sentences.json`,
token ids of Hugging Face's `tokenizers` and sentence embeddings of MiniLM by
ONNX Runtime and NumPy. Run it with the packages of requirements.txt, `pillow`
and `tokenizers` 0.23.
"""

import argparse
import json
import pathlib

import numpy as np
import onnxruntime
import PIL
from onnx import TensorProto, helper
from PIL import Image
from tokenizers import Tokenizer

HERE = pathlib.Path(__file__).resolve().parent
RECORDED = HERE.parent.parent / "noodle-deploy-core/tests/pipeline/recorded"
SENTENCES = [
    "A man is eating food.",
    "A man is eating a piece of bread.",
    "How do I reset my account password?",
    "Steps to recover a forgotten login.",
    "Ünïcödé, 漢字 and emoji 🎉 — naïve café!",
    "",
    " ".join(f"word{i}" for i in range(400)),
]
# (height, width) of the picture, and of what it becomes.
SIZES = [((5, 7), (3, 4)), ((5, 7), (11, 9)), ((64, 48), (7, 7)), ((4, 4), (4, 4)), ((1, 9), (5, 2))]


def session(model):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def resized(picture, size):
    """By ONNX's Resize: linear, half_pixel."""
    node = helper.make_node("Resize", ["x", "", "", "sizes"], ["y"], mode="linear",
                            coordinate_transformation_mode="half_pixel")
    sizes = [*picture.shape[:2], *size]
    graph = helper.make_graph(
        [node], "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, picture.shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, sizes)],
        [helper.make_tensor("sizes", TensorProto.INT64, [4], sizes)])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    return session(model.SerializeToString()).run(None, {"x": picture})[0]


def antialiased(picture, size):
    """By Pillow, each channel as a picture of floats."""
    height, width = size
    return [np.asarray(Image.fromarray(channel).resize((width, height), Image.BILINEAR)) for channel in picture[0]]


def numbers(array):
    return [float(f"{x:.8g}") for x in np.asarray(array, np.float64).ravel()]


def steps():
    cases = []
    for (height, width), size in SIZES:
        count = 2 * height * width
        picture = (np.arange(count, dtype=np.float32) * 37 % 101).reshape(1, 2, height, width)
        for antialias, by in ((False, resized), (True, antialiased)):
            cases.append({"from": [height, width], "to": list(size), "antialias": antialias,
                          "values": numbers(by(picture, size))})
    return {"runtime": f"onnxruntime {onnxruntime.__version__}, Pillow {PIL.__version__}", "resize": cases}


def tokenizer(vocabulary):
    """The tokenizer.json of BERT without case, around a vocabulary."""
    tokens = [line.rstrip("\n") for line in vocabulary.open(encoding="utf-8")]
    ids = {token: i for i, token in enumerate(tokens)}
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    piece = lambda token, kind: {"SpecialToken": {"id": token, "type_id": kind}}
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [{"id": ids[token], "content": token, "single_word": False, "lstrip": False,
                          "rstrip": False, "normalized": False, "special": True} for token in special],
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
                       "strip_accents": None, "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [piece("[CLS]", 0), {"Sequence": {"id": "A", "type_id": 0}}, piece("[SEP]", 0)],
            "pair": [piece("[CLS]", 0), {"Sequence": {"id": "A", "type_id": 0}}, piece("[SEP]", 0),
                     {"Sequence": {"id": "B", "type_id": 1}}, piece("[SEP]", 1)],
            "special_tokens": {token: {"id": token, "ids": [ids[token]], "tokens": [token]}
                               for token in ("[CLS]", "[SEP]")}},
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100, "vocab": ids},
    }


def sentences(folder):
    encoder = Tokenizer.from_str(json.dumps(tokenizer(folder / "minilm-vocab.txt")))
    encoder.enable_truncation(256)
    encoder.enable_padding()
    encoded = encoder.encode_batch(SENTENCES)
    table = lambda rows: np.array(rows, np.int64)
    ids, mask = table([e.ids for e in encoded]), table([e.attention_mask for e in encoded])
    types = table([e.type_ids for e in encoded])
    hidden = session(str(folder / "minilm.onnx")).run(["last_hidden_state"], {
        "input_ids": ids, "attention_mask": mask, "token_type_ids": types})[0]
    pooled = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
    pooled /= np.linalg.norm(pooled, axis=1, keepdims=True)
    pairs = encoder.encode_batch([("A man is eating.", "He eats bread."), ("One", "two three")])
    return {
        "runtime": f"onnxruntime {onnxruntime.__version__}",
        "texts": SENTENCES,
        "ids": [row[:sum(kept)].tolist() for row, kept in zip(ids, mask)],
        "pairs": [{"ids": e.ids, "type_ids": e.type_ids, "mask": e.attention_mask} for e in pairs],
        # Every sixth number of each embedding, and how alike all of them are.
        "embeddings": [numbers(row[::6]) for row in pooled],
        "cosines": [numbers(row) for row in pooled @ pooled.T],
    }


def main():
    parser = argparse.ArgumentParser(description="Record what the tests of pipelines compare with.")
    parser.add_argument("--models", required=True, type=pathlib.Path, help="what fetch.py --minilm filled")
    folder = parser.parse_args().models
    RECORDED.mkdir(parents=True, exist_ok=True)
    for name, recorded in (("steps", steps()), ("sentences", sentences(folder))):
        text = json.dumps(recorded, ensure_ascii=False, separators=(",", ":"))
        text = text.replace('],"', '],\n"').replace("},{", "},\n{")
        (RECORDED / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
