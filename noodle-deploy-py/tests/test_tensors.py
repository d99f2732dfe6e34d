"""What goes in and what comes out: every element type, every form of array, and no copies."""

import array
import gc
import unittest

import numpy as np

from noodle_deploy import _native
from support import TINY, Case, serve

NUMPY = {
    "f16": np.float16,
    "f32": np.float32,
    "f64": np.float64,
    "i8": np.int8,
    "i16": np.int16,
    "i32": np.int32,
    "i64": np.int64,
    "u8": np.uint8,
    "u16": np.uint16,
    "u32": np.uint32,
    "u64": np.uint64,
    "bool": np.bool_,
    "string": np.object_,
}


def arrays(shape):
    """One input of each element type."""
    rng = np.random.default_rng(7)
    inputs = {}
    for name, dtype in NUMPY.items():
        values = rng.integers(0, 2 if name == "bool" else 100, size=shape)
        inputs[f"{name}_in"] = np.array(values, dtype=str).astype(object) if name == "string" else np.asarray(values, dtype)
    return inputs


class Versioned:
    """Exports an array with DLPack as a new library does."""

    def __init__(self, inner):
        self.inner, self.asked = inner, []

    def __dlpack__(self, **options):
        self.asked.append(options.get("max_version"))
        return self.inner.__dlpack__(**options)

    def __dlpack_device__(self):
        return self.inner.__dlpack_device__()


class Unversioned(Versioned):
    """Exports an array with DLPack as a library from before version 1.0 does."""

    def __dlpack__(self, *, stream=None):
        self.asked.append(None)
        return self.inner.__dlpack__(stream=stream)


class OnAGpu(Versioned):
    def __dlpack_device__(self):
        return 2, 0


class Bfloat16(Versioned):
    def __dlpack__(self, **options):
        raise BufferError("bfloat16 has no NumPy type")


class EveryType(Case):
    def setUp(self):
        super().setUp()
        serve(self.noodle, "every-dtype")
        serve(self.noodle, "every-dtype-scalar")

    def check(self, deployment, inputs, expected=None):
        answer = self.noodle.predict(deployment, inputs)
        for name, value in (expected or inputs).items():
            found = answer[name.replace("_in", "_out")]
            np.testing.assert_array_equal(found, value)
            self.assertEqual(found.dtype, np.asarray(value).dtype, name)
            self.assertEqual(found.shape, np.shape(value), name)
        return answer

    def test_all_types_go_through(self):
        for shape in [(1, 1), (2, 3), (0, 3), (2, 0)]:
            with self.subTest(shape):
                before = _native.copies()
                self.check("every-dtype", arrays(shape))
                self.assertEqual(_native.copies(), before, "an array that is dense is not copied")

    def test_arrays_without_axes(self):
        self.check("every-dtype-scalar", arrays(()))

    def test_scalars_of_numpy_and_of_python(self):
        inputs = arrays(())
        typed = {name: value[()] for name, value in inputs.items()}
        self.check("every-dtype-scalar", typed, inputs)
        self.check("every-dtype-scalar", {name: value.item() for name, value in inputs.items()}, inputs)

    def test_lists_take_the_element_type_of_the_signature(self):
        for shape in [(2, 3), (1, 1), (2, 0)]:
            inputs = arrays(shape)
            self.check("every-dtype", {name: value.tolist() for name, value in inputs.items()}, inputs)
            self.check("every-dtype", {name: tuple(value.tolist()) for name, value in inputs.items()}, inputs)

    def test_special_floats_in_lists(self):
        inputs = arrays((1, 3))
        inputs["f32_in"] = [[float("nan"), float("inf"), -0.0]]
        found = self.noodle.predict("every-dtype", inputs)["f32_out"]
        np.testing.assert_array_equal(found, np.array([[np.nan, np.inf, -0.0]], np.float32))
        self.assertTrue(np.signbit(found[0, 2]))

    def test_lists_that_do_not_fit(self):
        for name, value, kind in [
            ("u8_in", [[256]], "invalid_argument"),
            ("i8_in", [[1.5]], "invalid_argument"),
            ("f32_in", [[1e39]], "invalid_argument"),
            ("f32_in", [["1"]], "invalid_argument"),
            ("bool_in", [[1]], "invalid_argument"),
            ("string_in", [[1]], "invalid_argument"),
            ("string_in", [["\ud800"]], "invalid_argument"),
            ("i64_in", [[2**63]], "invalid_argument"),
            ("u64_in", [[2**64]], "invalid_argument"),
            ("f32_in", [[1.0], [2.0, 3.0]], "invalid_argument"),
            ("f32_in", [[1.0], 2.0], "invalid_argument"),
            ("f32_in", [1.0, [2.0]], "invalid_argument"),
            ("f32_in", [[], [1.0]], "invalid_argument"),
            ("f32_in", [[object()]], "invalid_argument"),
            ("f32_in", None, "invalid_argument"),
            ("f32_in", [[None]], "invalid_argument"),
        ]:
            with self.subTest(name=name, value=str(value)), self.fails(kind, input=name):
                self.noodle.predict("every-dtype", arrays((1, 1)) | {name: value})
        nested = [1.0]
        for _ in range(100):
            nested = [nested]
        with self.fails("too_large", input="f32_in"):
            self.noodle.predict("every-dtype", arrays((1, 1)) | {"f32_in": nested})

    def test_strided_arrays_are_copied_once(self):
        inputs = {name: value.T for name, value in arrays((3, 2)).items() if name != "string_in"}
        inputs["string_in"] = arrays((2, 3))["string_in"]
        inputs["f32_in"] = np.arange(24, dtype=np.float32).reshape(4, 6)[::2, ::2]
        inputs["i64_in"] = np.arange(6, dtype=np.int64).reshape(2, 3)[::-1, ::-1]
        before = _native.copies()
        self.check("every-dtype", inputs)
        self.assertEqual(_native.copies() - before, 12)

    def test_overlapping_and_broadcast_arrays(self):
        inputs = arrays((2, 3))
        inputs["f32_in"] = np.broadcast_to(np.float32(7), (2, 3))
        self.check("every-dtype", inputs)

    def test_another_byte_order_is_converted(self):
        inputs = arrays((2, 3))
        swapped = {
            name: value.astype(value.dtype.newbyteorder()) if value.dtype != object else value
            for name, value in inputs.items()
        }
        self.assertFalse(swapped["f32_in"].dtype.isnative)
        self.check("every-dtype", swapped, inputs)

    def test_arrays_that_are_not_aligned(self):
        raw = np.zeros(25, np.uint8)
        odd = raw[1:].view(np.float32).reshape(2, 3)
        odd[:] = [[1, 2, 3], [4, 5, 6]]
        self.assertFalse(odd.flags.aligned)
        self.check("every-dtype", arrays((2, 3)) | {"f32_in": odd})

    def test_read_only_arrays(self):
        inputs = arrays((2, 3))
        for value in inputs.values():
            value.setflags(write=False)
        self.check("every-dtype", inputs)

    def test_strings_in_every_form(self):
        text = [["a", "größe", "結果 🍜"], ["", "nul\0inside", "x" * 1000]]
        wide = np.array(text)
        self.assertEqual(wide.dtype.kind, "U")
        expected = np.array(text, object)
        variable = np.array(text, np.dtypes.StringDType())
        for form in (text, wide, expected, variable, expected.T.copy().T):
            answer = self.noodle.predict("every-dtype", arrays((2, 3)) | {"string_in": form})
            self.assertEqual(answer["string_out"].tolist(), text)
        with self.fails("unsupported", dtype="S"):
            self.noodle.predict("every-dtype", arrays((2, 3)) | {"string_in": np.array([[b"a", b"b", b"c"]] * 2)})

    def test_buffers(self):
        inputs = arrays((1, 3))
        for form in (memoryview(b"abc"), bytearray(b"abc"), b"abc", array.array("B", b"abc")):
            answer = self.noodle.predict("every-dtype", inputs | {"u8_in": np.asarray(np.frombuffer(form, np.uint8))[None]})
            self.assertEqual(answer["u8_out"].tobytes(), b"abc")
        serve(self.noodle, "flat", TINY / "unicode-names.onnx")
        for form in (array.array("f", [1, 2]), memoryview(array.array("f", [1, 2]))):
            answer = self.noodle.predict("flat", {"größe": form})
            self.assertEqual(answer["結果 🍜"].tolist(), [1, 2])
        with self.fails("invalid_argument", value="u8", allowed="f32"):
            self.noodle.predict("flat", {"größe": b"ab"})

    def test_arrays_that_do_not_fit_are_not_copied(self):
        # Each says that it has terabytes, and has a few bytes.
        huge = lambda dtype, *shape: np.broadcast_to(np.zeros((), dtype), shape)  # noqa: E731
        inputs = arrays((1, 1))
        for name, array, kind, context in [
            ("f32_in", huge("f4", 1 << 20, 1 << 20, 1), "invalid_argument", {"field": "shape", "tensor": "f32_in"}),
            ("f32_in", huge("f8", 1 << 20, 1 << 20), "invalid_argument", {"field": "dtype", "allowed": "f32"}),
            ("f32_in", huge(">f4", 1 << 20, 1 << 20, 1), "invalid_argument", {"field": "shape"}),
            ("f32_in", huge("f4", 1 << 20, 1 << 20), "too_large", {"input": "f32_in", "allowed": "1073741824"}),
            ("f32_in", huge(">f4", 1 << 20, 1 << 20), "too_large", {"input": "f32_in"}),
            ("string_in", huge("O", 1 << 20, 1 << 20, 1), "invalid_argument", {"field": "shape"}),
            ("string_in", huge("O", 1 << 20, 1 << 20), "too_large", {"input": "string_in"}),
            ("other", huge("f4", 1 << 20, 1 << 20), "invalid_argument", {"value": "other"}),
        ]:
            before = _native.copies()
            for predict in (self.noodle.predict, lambda *args: self.noodle._submit(*args, None, None, None)):
                with self.subTest(name, shape=array.shape, dtype=array.dtype), self.fails(kind, **context):
                    predict("every-dtype", inputs | {name: array})
            self.assertEqual(_native.copies(), before)
        # A dense one is borrowed, and only copied where nobody waits for the answer.
        before = _native.copies()
        dense = np.zeros((4, 1 << 20, 1), np.float32)
        with self.fails("invalid_argument", field="shape"):
            self.noodle._submit("every-dtype", inputs | {"f32_in": dense}, None, None, None)
        self.assertEqual(_native.copies(), before)

    def test_tensors_as_json_has_them(self):
        inputs = arrays((1, 2))
        inputs["i64_in"] = {"dtype": "i64", "shape": [1, 2], "data": ["-9223372036854775808", 7]}
        answer = self.noodle.predict("every-dtype", inputs)
        self.assertEqual(answer["i64_out"].tolist(), [[-(2**63), 7]])
        with self.fails("invalid_argument", input="i64_in"):
            self.noodle.predict("every-dtype", inputs | {"i64_in": {"dtype": "i65", "shape": [], "data": []}})

    def test_element_types_that_there_are_none_of(self):
        for dtype in (np.complex64, np.longdouble, "datetime64[s]", "V4", [("a", "f4")]):
            with self.subTest(str(dtype)), self.fails("unsupported", input="f32_in"):
                self.noodle.predict("every-dtype", arrays((1, 1)) | {"f32_in": np.zeros((1, 1), dtype)})
        import ml_dtypes

        with self.fails("unsupported", input="f32_in", dtype="bfloat16"):
            self.noodle.predict("every-dtype", arrays((1, 1)) | {"f32_in": np.zeros((1, 1), ml_dtypes.bfloat16)})

    def test_bools_are_zero_or_one(self):
        bad = np.array([[2]], np.uint8).view(np.bool_)
        with self.fails("invalid_argument", allowed="0 or 1"):
            self.noodle.predict("every-dtype", arrays((1, 1)) | {"bool_in": bad})

    def test_dlpack_in(self):
        for wrap, asked in [(Versioned, (1, 0)), (Unversioned, None)]:
            for shape in [(2, 3), (1, 1)]:
                inputs = arrays(shape)
                wrapped = {name: wrap(value) if value.dtype != object else value for name, value in inputs.items()}
                before = _native.copies()
                self.check("every-dtype", wrapped, inputs)
                self.assertEqual(_native.copies(), before)
                self.assertEqual(wrapped["f32_in"].asked[-1], asked)
        read_only = np.ones((1, 1), np.float32)
        read_only.setflags(write=False)
        self.check("every-dtype", arrays((1, 1)) | {"f32_in": Versioned(read_only)}, {"f32_in": read_only})

    def test_dlpack_that_cannot_be_read(self):
        for wrap, reason in [(OnAGpu, "not on the CPU"), (Bfloat16, "bfloat16")]:
            with self.subTest(wrap.__name__), self.fails("unsupported", input="f32_in", reason=reason):
                self.noodle.predict("every-dtype", arrays((1, 1)) | {"f32_in": wrap(np.ones((1, 1), np.float32))})

    def test_dlpack_out(self):
        answer = self.noodle.predict("every-dtype", arrays((2, 3)))
        for name in answer.keys():
            if name == "string_out":
                continue
            shared = np.from_dlpack(answer[name])
            self.assertEqual(shared.ctypes.data, _native.data_address(answer, name))
            self.assertFalse(shared.flags.writeable)
            # Without a version DLPack cannot say that memory is not to be written to.
            with self.assertRaises(BufferError):
                answer[name].__dlpack__()

    def test_dlpack_out_for_readers_of_any_version(self):
        answer = self.noodle.predict("every-dtype", arrays((2, 3)))
        for name in answer.keys():
            if name == "string_out":
                with self.assertRaises(BufferError):
                    answer.dlpack(name).__dlpack__()
                continue
            output = answer.dlpack(name)
            self.assertEqual(output.__dlpack_device__(), (1, 0))
            self.assertIn('"dltensor_versioned"', repr(output.__dlpack__(max_version=(1, 0))))
            shared = np.from_dlpack(output)
            self.assertEqual(shared.ctypes.data, _native.data_address(answer, name))
            self.assertFalse(shared.flags.writeable)
            for options in ({}, {"stream": None}, {"max_version": (0, 8)}):
                self.assertIn('"dltensor"', repr(output.__dlpack__(**options)))
            copied = np.from_dlpack(Unversioned(output))
            np.testing.assert_array_equal(copied, answer[name])
            self.assertEqual((copied.dtype, copied.shape), (shared.dtype, shared.shape))
            self.assertNotEqual(copied.ctypes.data, shared.ctypes.data)
            # Whoever cannot be told that memory is read-only gets none of the engine's.
            with self.assertRaises(BufferError):
                output.__dlpack__(copy=False)
        with self.assertRaisesRegex(KeyError, "f32_out"):
            answer.dlpack("f32")

    def test_dlpack_capsules_that_nobody_takes_are_freed(self):
        answer = self.noodle.predict("every-dtype", arrays((2, 3)))
        for options in ({}, {"max_version": (1, 0)}):
            output = answer.dlpack("f32_out")
            output.__dlpack__(**options)
            kept = np.from_dlpack(output)
            del output
            gc.collect()
            np.testing.assert_array_equal(kept, answer["f32_out"])

    def test_outputs_are_the_engines_memory(self):
        answer = self.noodle.predict("every-dtype", arrays((2, 3)))
        for name in answer.keys():
            found = answer[name]
            self.assertFalse(found.flags.writeable)
            if name != "string_out":
                self.assertEqual(found.ctypes.data, _native.data_address(answer, name))
                self.assertIsNotNone(found.base)
        with self.assertRaises(ValueError):
            answer["f32_out"][0, 0] = 1
        with self.assertRaises(ValueError):
            answer["f32_out"].setflags(write=True)

    def test_outputs_outlive_everything(self):
        answer = self.noodle.predict("every-dtype", arrays((50, 100)))
        kept = answer["f64_out"]
        expected = kept.copy()
        del answer
        self.noodle.close()
        del self.noodle
        gc.collect()
        np.testing.assert_array_equal(kept, expected)
        self.noodle = type("Closed", (), {"close": staticmethod(lambda: None)})

    def test_an_answer_is_a_mapping(self):
        answer = self.noodle.predict("every-dtype", arrays((1, 1)))
        self.assertEqual(len(answer), 13)
        self.assertEqual(list(answer), answer.keys())
        self.assertIn("f32_out", answer)
        self.assertNotIn("f32", answer)
        self.assertEqual(set(answer.outputs), set(dict(answer)))
        with self.assertRaisesRegex(KeyError, "f32_out"):
            answer["f32"]

    def test_inputs_of_other_forms(self):
        from types import MappingProxyType

        self.check("every-dtype", MappingProxyType(arrays((1, 2))), arrays((1, 2)))
        for wrong in ([1, 2], 7, None, {1: 2}):
            with self.subTest(str(wrong)), self.fails("invalid_argument", field="inputs"):
                self.noodle.predict("every-dtype", wrong)
        with self.fails("invalid_argument", value="other"):
            self.noodle.predict("every-dtype", arrays((1, 1)) | {"other": [1.0]})
        with self.fails("invalid_argument", value="other"):
            self.noodle.predict("every-dtype", arrays((1, 1)) | {"other": np.ones(1)})
        with self.fails("not_found", deployment="nobody"):
            self.noodle.predict("nobody", {"x": [1.0]})


if __name__ == "__main__":
    unittest.main()
