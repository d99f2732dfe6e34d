// Tensors in the corpus's JSON, as the core's `TensorData` has them.

#ifndef NOODLE_CONFORMANCE_TENSORS_HPP
#define NOODLE_CONFORMANCE_TENSORS_HPP

#include <charconv>
#include <cmath>

#include "json.hpp"

namespace conformance {

/// An input with the memory behind it.
struct Tensor {
    std::string name;
    std::vector<std::size_t> shape;
    std::vector<unsigned char> bytes;
    std::vector<std::string> texts;
    std::vector<noodle_string> strings;
    noodle_tensor tensor{};
};

inline float from_half(std::uint16_t bits) {
    const float sign = bits >> 15 ? -1.0f : 1.0f;
    const int exponent = bits >> 10 & 31;
    const float fraction = static_cast<float>(bits & 1023);
    if (exponent == 31) return fraction != 0 ? std::nanf("") : sign * INFINITY;
    if (exponent == 0) return sign * std::ldexp(fraction, -24);
    return sign * std::ldexp(1024.0f + fraction, exponent - 25);
}

/// The nearest half, found among all of them; ties go to the even one.
inline std::uint16_t to_half(double value) {
    if (std::isnan(value)) return 0x7e00;
    if (std::isinf(value)) return value > 0 ? 0x7c00 : 0xfc00;
    std::uint16_t best = 0;
    for (std::uint32_t bits = 0; bits < 0x7c00; bits++) {
        const double off = std::fabs(from_half(static_cast<std::uint16_t>(bits)) - std::fabs(value));
        const double least = std::fabs(from_half(best) - std::fabs(value));
        if (off < least || (off == least && bits % 2 == 0)) best = static_cast<std::uint16_t>(bits);
    }
    if (std::fabs(value) >= 65520.0) throw Inexpressible{"a number beyond f16"};
    return static_cast<std::uint16_t>(best | (std::signbit(value) ? 0x8000 : 0));
}

inline double number(const Json &from) {
    if (from == "nan") return std::nan("");
    if (from == "inf") return INFINITY;
    if (from == "-inf") return -INFINITY;
    if (!from.is_number()) throw Inexpressible{from.dump() + " for a float"};
    return from.get<double>();
}

template <class N> N integer(const Json &from) {
    if (from.is_string() && sizeof(N) == 8) {
        const std::string text = from.get<std::string>();
        N value{};
        const auto end = text.data() + text.size();
        if (std::from_chars(text.data(), end, value).ptr != end) throw Inexpressible{text + " for an integer"};
        return value;
    }
    const bool fits = from.is_number_unsigned()
                          ? from.get<std::uint64_t>() <= static_cast<std::uint64_t>(std::numeric_limits<N>::max())
                          : from.is_number_integer() && std::numeric_limits<N>::is_signed &&
                                from.get<std::int64_t>() >= static_cast<std::int64_t>(std::numeric_limits<N>::min());
    if (!fits) throw Inexpressible{from.dump() + " for an integer"};
    return from.get<N>();
}

template <class N> void append(std::vector<unsigned char> &bytes, N value) {
    const auto *raw = reinterpret_cast<const unsigned char *>(&value);
    bytes.insert(bytes.end(), raw, raw + sizeof(value));
}

inline void element(Tensor &to, noodle::DType dtype, const Json &from) {
    using noodle::DType;
    switch (dtype) {
    case DType::f16: return append(to.bytes, to_half(number(from)));
    case DType::f32: {
        const double value = number(from);
        if (std::isfinite(value) && std::isinf(static_cast<float>(value))) throw Inexpressible{"a number beyond f32"};
        return append(to.bytes, static_cast<float>(value));
    }
    case DType::f64: return append(to.bytes, number(from));
    case DType::i8: return append(to.bytes, integer<std::int8_t>(from));
    case DType::i16: return append(to.bytes, integer<std::int16_t>(from));
    case DType::i32: return append(to.bytes, integer<std::int32_t>(from));
    case DType::i64: return append(to.bytes, integer<std::int64_t>(from));
    case DType::u8: return append(to.bytes, integer<std::uint8_t>(from));
    case DType::u16: return append(to.bytes, integer<std::uint16_t>(from));
    case DType::u32: return append(to.bytes, integer<std::uint32_t>(from));
    case DType::u64: return append(to.bytes, integer<std::uint64_t>(from));
    case DType::bool_:
        if (!from.is_boolean()) throw Inexpressible{from.dump() + " for a bool"};
        return to.bytes.push_back(from.get<bool>());
    case DType::string:
        if (!from.is_string()) throw Inexpressible{from.dump() + " for a string"};
        return to.texts.push_back(from.get<std::string>());
    }
}

inline void read(const std::string &name, const Json &from, Tensor &to) {
    to.name = name;
    for (const Json &size : from.at("shape")) to.shape.push_back(integer<std::size_t>(size));
    to.tensor.size = sizeof(to.tensor);
    for (int i = 1; i <= static_cast<int>(noodle::DType::string); i++) {
        if (from.at("dtype") == noodle::name(static_cast<noodle::DType>(i))) to.tensor.dtype = i;
    }
    if (to.tensor.dtype == 0) throw Inexpressible{from.at("dtype").dump() + " for an element type"};
    for (const Json &item : from.at("data")) element(to, static_cast<noodle::DType>(to.tensor.dtype), item);
    for (const std::string &text : to.texts) to.strings.push_back({text.data(), text.size()});
    to.tensor.name = to.name.c_str();
    to.tensor.rank = to.shape.size();
    to.tensor.shape = to.shape.data();
    to.tensor.data = to.bytes.data();
    to.tensor.bytes = to.bytes.size();
    to.tensor.strings = to.strings.data();
    to.tensor.strings_count = to.strings.size();
}

inline Json shown(double value) {
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
    return value;
}

/// The shortest decimal that reads back as this float.
inline Json shortest(float value) {
    if (!std::isfinite(value)) return shown(value);
    char text[64];
    const auto end = std::to_chars(text, text + sizeof(text), value).ptr;
    return std::stod(std::string(text, end));
}

template <class T> void each(const noodle_tensor &from, Json &to) {
    for (std::size_t i = 0; i < from.bytes / sizeof(T); i++) {
        T value;
        std::memcpy(&value, static_cast<const unsigned char *>(from.data) + i * sizeof(T), sizeof(T));
        to.push_back(value);
    }
}

inline Json show(const noodle_tensor &from) {
    using noodle::DType;
    const auto dtype = static_cast<DType>(from.dtype);
    Json to;
    to["dtype"] = noodle::name(dtype);
    to["shape"] = std::vector<std::size_t>(from.shape, from.shape + from.rank);
    Json data = Json::array(), raw = Json::array();
    switch (dtype) {
    case DType::f16:
        each<std::uint16_t>(from, raw);
        for (const Json &bits : raw) data.push_back(shortest(from_half(bits.get<std::uint16_t>())));
        break;
    case DType::f32:
        for (std::size_t i = 0; i < from.bytes / 4; i++) {
            data.push_back(shortest(static_cast<const float *>(from.data)[i]));
        }
        break;
    case DType::f64:
        for (std::size_t i = 0; i < from.bytes / 8; i++) data.push_back(shown(static_cast<const double *>(from.data)[i]));
        break;
    case DType::i8: each<std::int8_t>(from, data); break;
    case DType::i16: each<std::int16_t>(from, data); break;
    case DType::i32: each<std::int32_t>(from, data); break;
    case DType::i64: each<std::int64_t>(from, data); break;
    case DType::u8: each<std::uint8_t>(from, data); break;
    case DType::u16: each<std::uint16_t>(from, data); break;
    case DType::u32: each<std::uint32_t>(from, data); break;
    case DType::u64: each<std::uint64_t>(from, data); break;
    case DType::bool_:
        for (std::size_t i = 0; i < from.bytes; i++) data.push_back(static_cast<const unsigned char *>(from.data)[i] != 0);
        break;
    case DType::string:
        for (std::size_t i = 0; i < from.strings_count; i++) {
            data.push_back(std::string(from.strings[i].data, from.strings[i].size));
        }
        break;
    }
    to["data"] = data;
    return to;
}

} // namespace conformance

#endif // NOODLE_CONFORMANCE_TENSORS_HPP
