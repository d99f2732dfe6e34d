//! Reads an ONNX file's protobuf within budgets.
