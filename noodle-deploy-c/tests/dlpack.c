/* DLPack in and out. dlpack MODELS DIR */
#include "check.h"
#include "dlpack_abi.h"

static int deleted;

static void delete_versioned(DLManagedTensorVersioned *tensor) {
    CHECK(tensor->manager_ctx == &deleted);
    deleted++;
}

static void delete_unversioned(DLManagedTensor *tensor) {
    CHECK(tensor->manager_ctx == &deleted);
    deleted++;
}

static const noodle_prediction_t *ask(noodle_t *noodle, const noodle_value_t *value, const float *expected) {
    noodle_tensor x = {.size = sizeof x};
    OK(noodle_value_tensor(value, &x));
    x.name = "x";
    const noodle_tensor *inputs[] = {&x};
    noodle_prediction_t *prediction = NULL;
    OK(noodle_predict(noodle, "m", inputs, 1, NULL, &prediction));
    noodle_tensor y = {.size = sizeof y};
    OK(noodle_prediction_output(prediction, "y", &y));
    CHECK(memcmp(y.data, expected, 2 * sizeof *expected) == 0);
    return prediction;
}

int main(int argc, char **argv) {
    CHECK(argc == 3);
    noodle_t *noodle = deployed(argv[2], "dlpack", argv[1], "linear.onnx");
    /* Two columns of four rows, so that the transposed tensor is strided; the first element is skipped. */
    float data[] = {0, 1, 9, 2, 9, 3, 9, 4, 9};
    const float expected[] = {10, -8};
    int64_t shape[] = {1, 4}, strides[] = {1, 2}, rows[] = {4, 1};
    DLManagedTensorVersioned tensor = {
        .version = {1, 0}, .manager_ctx = &deleted, .deleter = delete_versioned,
        .dl_tensor = {.data = data, .device = {1, 0}, .ndim = 2, .dtype = {2, 32, 1}, .shape = shape,
                      .strides = strides, .byte_offset = sizeof(float)}};
    noodle_value_t *value = NULL;

    /* Strided: copied, and deleted at once. */
    OK(noodle_value_from_dlpack(&tensor, &value));
    CHECK(deleted == 1);
    noodle_prediction_free((noodle_prediction_t *)ask(noodle, value, expected));
    noodle_value_free(value);
    CHECK(deleted == 1);

    /* Dense: the same memory, and deleted when the value is freed. */
    float row[] = {1, 2, 3, 4};
    tensor.dl_tensor.data = row;
    tensor.dl_tensor.byte_offset = 0;
    tensor.dl_tensor.strides = NULL;
    OK(noodle_value_from_dlpack(&tensor, &value));
    noodle_tensor seen = {.size = sizeof seen};
    OK(noodle_value_tensor(value, &seen));
    CHECK(seen.data == row && deleted == 1 && seen.value == value);
    const noodle_prediction_t *prediction = ask(noodle, value, expected);
    noodle_value_free(value);
    CHECK(deleted == 2);

    /* Out: the tensor outlives its prediction. */
    DLManagedTensorVersioned *out = NULL;
    OK(noodle_prediction_to_dlpack(prediction, 0, &out));
    noodle_prediction_free((noodle_prediction_t *)prediction);
    CHECK(out->version.major == 1 && (out->flags & 1) && out->dl_tensor.ndim == 2 && out->dl_tensor.dtype.bits == 32);
    CHECK(out->dl_tensor.shape[1] == 2 && out->dl_tensor.strides[0] == 2 && out->dl_tensor.device.device_type == 1);
    CHECK(memcmp(out->dl_tensor.data, expected, sizeof expected) == 0);
    out->deleter(out);

    /* Refused: the tensor stays the caller's. */
    tensor.version.major = 2;
    CHECK(noodle_value_from_dlpack(&tensor, &value) == NOODLE_ERROR_UNSUPPORTED && !value);
    tensor.version.major = 1;
    tensor.dl_tensor.device.device_type = 2;
    CHECK(noodle_value_from_dlpack(&tensor, &value) == NOODLE_ERROR_UNSUPPORTED);
    tensor.dl_tensor.device.device_type = 1;
    tensor.dl_tensor.dtype.lanes = 4;
    CHECK(noodle_value_from_dlpack(&tensor, &value) == NOODLE_ERROR_UNSUPPORTED);
    tensor.dl_tensor.dtype.lanes = 1;
    shape[0] = -1;
    CHECK(noodle_value_from_dlpack(&tensor, &value) == NOODLE_ERROR_INVALID_ARGUMENT);
    CHECK(noodle_value_from_dlpack(NULL, &value) == NOODLE_ERROR_INVALID_ARGUMENT);
    CHECK(deleted == 2);

    /* Before version 1; and a tensor without elements, whose data may be NULL. */
    DLManagedTensor before = {.dl_tensor = tensor.dl_tensor, .manager_ctx = &deleted, .deleter = delete_unversioned};
    before.dl_tensor.shape = rows;
    OK(noodle_value_from_dlpack_unversioned(&before, &value));
    OK(noodle_value_tensor(value, &seen));
    CHECK(seen.shape[0] == 4 && seen.shape[1] == 1);
    noodle_value_free(value);
    CHECK(deleted == 3);
    rows[0] = 0;
    before.dl_tensor.data = NULL;
    OK(noodle_value_from_dlpack_unversioned(&before, &value));
    OK(noodle_value_tensor(value, &seen));
    CHECK(seen.bytes == 0);
    noodle_value_free(value);

    noodle_tensor copied = floats("x", (const size_t[]){1, 4}, 2, row, 4);
    OK(noodle_value_copy(&copied, &value));
    OK(noodle_value_tensor(value, &seen));
    CHECK(seen.data != row && memcmp(seen.data, row, sizeof row) == 0);
    noodle_value_free(value);
    noodle_free(noodle);
    printf("dlpack: passed\n");
    return 0;
}
