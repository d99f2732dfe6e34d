"""Embeds sentences from text with MiniLM: tokenizer, encoder, pooling and normalisation as one version.

`python examples/python/sentence_embeddings.py [MODELS]`; MODELS holds `minilm.onnx` and `minilm-vocab.txt`, as
`cargo xtask models --minilm` fetches them.
"""

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import noodle_deploy

SENTENCES = [
    "A man is eating food.",
    "A man is eating a piece of bread.",
    "The girl is carrying a baby.",
    "Two men pushed carts through the woods.",
    "How do I reset my account password?",
    "Steps to recover a forgotten login.",
]


def tokenizer(vocabulary: str) -> dict[str, Any]:
    """What the `tokenizer.json` of MiniLM holds. A model that comes with the file needs none of this."""
    ids = {token: i for i, token in enumerate(vocabulary.splitlines())}

    def special(token: str) -> dict[str, Any]:
        flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
        return {"id": ids[token], "content": token, **flags}

    def piece(token: str, kind: int) -> dict[str, Any]:
        return {"SpecialToken": {"id": token, "type_id": kind}}

    begin, end, text = piece("[CLS]", 0), piece("[SEP]", 0), {"Sequence": {"id": "A", "type_id": 0}}
    pair = {"Sequence": {"id": "B", "type_id": 1}}
    known = {token: {"id": token, "ids": [ids[token]], "tokens": [token]} for token in ("[CLS]", "[SEP]")}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [special(token) for token in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")],
        "normalizer": {
            "type": "BertNormalizer",
            "clean_text": True,
            "handle_chinese_chars": True,
            "strip_accents": None,
            "lowercase": True,
        },
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [begin, text, end],
            "pair": [begin, text, end, pair, piece("[SEP]", 1)],
            "special_tokens": known,
        },
        "decoder": None,
        "model": {
            "type": "WordPiece",
            "unk_token": "[UNK]",
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100,
            "vocab": ids,
        },
    }


def pipeline(vocabulary: str) -> dict[str, Any]:
    """Texts to unit vectors. The vectors' dot products are cosines."""
    tokens = {"input_ids": "tokens.ids", "attention_mask": "tokens.mask", "token_type_ids": "tokens.type_ids"}
    return {
        "pipeline": 1,
        "inputs": [{"name": "text", "dtype": "string", "shape": ["batch"]}],
        "nodes": [
            {
                "name": "tokens",
                "step": "tokenizer",
                "config": {"tokenizer": tokenizer(vocabulary), "max_length": 256},
                "inputs": {"text": "inputs.text"},
            },
            {"name": "encoder", "model": "minilm", "version": "1.0.0", "inputs": tokens},
            {
                "name": "sentence",
                "step": "pool",
                "config": {"kind": "mean"},
                "inputs": {"hidden": "encoder.last_hidden_state", "mask": "tokens.mask"},
            },
            {"name": "unit", "step": "normalize", "inputs": {"input": "sentence.output"}},
        ],
        "outputs": [{"name": "embedding", "from": "unit.output"}],
    }


def main(models: Path, dir: Path) -> None:
    with noodle_deploy.open(dir / "directory") as noodle:
        noodle.register_version(model="minilm", path=models / "minilm.onnx", version="1.0.0")
        document = dir / "sentences.json"
        vocabulary = (models / "minilm-vocab.txt").read_text(encoding="utf-8")
        document.write_text(json.dumps(pipeline(vocabulary)))
        noodle.register_version(model="sentences", path=document, version="1.0.0")
        noodle.deploy(deployment="sentences", version="1.0.0")

        embedding = noodle.predict("sentences", {"text": SENTENCES})["embedding"]
        cosines = embedding @ embedding.T
        print(f"{len(SENTENCES)} sentences, {embedding.shape[1]} numbers each; cosines:")
        for sentence, row in zip(SENTENCES, cosines):
            print(" ".join(f"{cosine:6.3f}" for cosine in row), sentence, sep="  ")
        # What means the same is near, whatever its words.
        assert cosines[4][5] > cosines[4][0] + 0.3


if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("NOODLE_MODELS_DIR", ""))
    if not (folder / "minilm.onnx").is_file():
        print("MiniLM is not there: fetch it with `cargo xtask models --minilm`, and name its folder")
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(folder, Path(temporary))
