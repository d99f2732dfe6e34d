// Compares what was found with what a case expects: the rules of conformance/README.md. C does not tell a field that is
// absent from one that is null or empty, so those fit each other here.

#ifndef NOODLE_CONFORMANCE_MATCHING_HPP
#define NOODLE_CONFORMANCE_MATCHING_HPP

#include <cmath>

#include "json.hpp"

namespace conformance {

inline bool is_hash(const std::string &text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

/// Whether C shows it as it shows nothing.
inline bool is_nothing(const Json &value) {
    return value.is_null() || value == "" || value == false || ((value.is_object() || value.is_array()) && value.empty());
}

inline std::string differ(const std::string &at, const Json &expected, const Json &found) {
    return at + ": expected " + expected.dump() + ", found " + found.dump();
}

/// Where and how the two differ; empty where they agree.
inline std::string difference(const Json &expected, const Json &found, double tolerance, const std::string &at) {
    if (expected == "$any") return {};
    if (expected.is_string() && found.is_string()) {
        const auto pattern = expected.get<std::string>(), text = found.get<std::string>();
        const bool digest = text.rfind("blake3:", 0) == 0 && is_hash(text.substr(7));
        const bool fits = pattern == "$digest" ? digest : pattern == "$hash" ? is_hash(text) : pattern == text;
        return fits ? "" : differ(at, expected, found);
    }
    if (expected.is_object() && expected.contains("$contains") && found.is_string()) {
        const bool fits = found.get<std::string>().find(expected["$contains"].get<std::string>()) != std::string::npos;
        return fits ? "" : differ(at, expected, found);
    }
    if (expected.is_object() && found.is_object()) {
        const bool subset = expected.contains("$subset");
        for (const auto &item : expected.items()) {
            if (item.key() == "$subset") continue;
            const auto there = found.find(item.key());
            if (there == found.end()) {
                if (is_nothing(item.value())) continue;
                return at + "/" + item.key() + ": expected " + item.value().dump() + ", found nothing";
            }
            const std::string inner = difference(item.value(), *there, tolerance, at + "/" + item.key());
            if (!inner.empty()) return inner;
        }
        for (const auto &item : found.items()) {
            if (!subset && !expected.contains(item.key()) && !is_nothing(item.value())) {
                return at + "/" + item.key() + ": expected nothing, found " + item.value().dump();
            }
        }
        return {};
    }
    if (expected.is_array() && found.is_array() && expected.size() == found.size()) {
        for (std::size_t i = 0; i < expected.size(); i++) {
            const std::string inner = difference(expected[i], found[i], tolerance, at + "/" + std::to_string(i));
            if (!inner.empty()) return inner;
        }
        return {};
    }
    if (expected.is_number() && found.is_number()) {
        const bool close = std::fabs(expected.get<double>() - found.get<double>()) <= tolerance;
        return expected == found || close ? "" : differ(at, expected, found);
    }
    return expected == found ? "" : differ(at, expected, found);
}

} // namespace conformance

#endif // NOODLE_CONFORMANCE_MATCHING_HPP
