// Reads JSON into C structs. What a typed struct cannot say is `Inexpressible`.

#ifndef NOODLE_CONFORMANCE_JSON_HPP
#define NOODLE_CONFORMANCE_JSON_HPP

#include <limits>
#include <string>

#include <nlohmann/json.hpp>

#include "noodle_deploy.hpp"

namespace conformance {

using Json = nlohmann::ordered_json;

/// A step whose input no caller of C could write down.
struct Inexpressible {
    std::string what;
};

inline void only(const Json &from, std::initializer_list<const char *> names) {
    if (!from.is_object()) throw Inexpressible{"an input that is no object"};
    for (const auto &item : from.items()) {
        const bool known = std::any_of(names.begin(), names.end(), [&](const char *name) { return item.key() == name; });
        if (!known) throw Inexpressible{"an unknown field `" + item.key() + "`"};
    }
}

/// The field, where it is there and not null.
inline const Json *there(const Json &from, const char *name) {
    const auto found = from.find(name);
    return found == from.end() || found->is_null() ? nullptr : &*found;
}

using Arena = noodle::detail::Arena;

inline void fill(const Json &from, const char *&to, Arena &arena) {
    if (!from.is_string()) throw Inexpressible{from.dump() + " for a string"};
    auto &text = arena.make<std::string>();
    text = from.get<std::string>();
    to = text.c_str();
}
inline void fill(const Json &from, bool &to, Arena &) {
    if (!from.is_boolean()) throw Inexpressible{from.dump() + " for a bool"};
    to = from.get<bool>();
}
template <class N> std::enable_if_t<std::is_arithmetic_v<N>> fill(const Json &from, N &to, Arena &) {
    if constexpr (std::is_floating_point_v<N>) {
        if (!from.is_number()) throw Inexpressible{from.dump() + " for a number"};
    } else if (!from.is_number_unsigned() || from.get<std::uint64_t>() > std::numeric_limits<N>::max()) {
        throw Inexpressible{from.dump() + " for an unsigned number"};
    }
    to = from.get<N>();
}
template <std::size_t N> void fill(const Json &from, std::int32_t &to, const char *const (&names)[N]) {
    for (std::size_t i = 0; i < N; i++) {
        if (from == names[i]) {
            to = static_cast<std::int32_t>(i + 1);
            return;
        }
    }
    throw Inexpressible{from.dump() + " for an enum"};
}
template <std::size_t N>
void fill(const Json &from, const std::int32_t *&items, std::size_t &count, Arena &arena, const char *const (&names)[N]) {
    if (!from.is_array()) throw Inexpressible{from.dump() + " for a list"};
    std::int32_t *out = arena.array<std::int32_t>(from.size());
    std::size_t i = 0;
    for (const Json &item : from) fill(item, out[i++], names);
    items = out;
    count = from.size();
}
template <class C> void fill(const Json &from, const C *&items, std::size_t &count, Arena &arena);
template <class L> auto fill(const Json &from, L &to, Arena &arena) -> decltype(to.items, void()) {
    fill(from, to.items, to.count, arena);
}

// Defined in lists.hpp: after the structs of the operations, which lists may hold.

} // namespace conformance

#endif // NOODLE_CONFORMANCE_JSON_HPP
