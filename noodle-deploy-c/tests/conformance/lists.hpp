// Lists and maps of inputs, whose elements may be structs of the operations: included after those are declared.
#ifndef NOODLE_CONFORMANCE_LISTS_HPP
#define NOODLE_CONFORMANCE_LISTS_HPP

#include "json.hpp"
#include "ops.hpp"

namespace conformance {

template <class C, class = void> struct is_entry : std::false_type {};
template <class C> struct is_entry<C, std::void_t<decltype(std::declval<C &>().key)>> : std::true_type {};
template <class C> void fill(const Json &from, const C *&items, std::size_t &count, Arena &arena) {
    C *out = arena.array<C>(from.size());
    std::size_t i = 0;
    if constexpr (is_entry<C>::value) {
        if (!from.is_object()) throw Inexpressible{from.dump() + " for a map"};
        for (const auto &item : from.items()) {
            fill(Json(item.key()), out[i].key, arena);
            fill(item.value(), out[i++].value, arena);
        }
    } else {
        if (!from.is_array()) throw Inexpressible{from.dump() + " for a list"};
        for (const Json &item : from) fill(item, out[i++], arena);
    }
    items = out;
    count = from.size();
}

} // namespace conformance

#endif // NOODLE_CONFORMANCE_LISTS_HPP
