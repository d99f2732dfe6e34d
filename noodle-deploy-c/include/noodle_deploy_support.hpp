// What the generated part of the C++ surface is written with. Include noodle_deploy.hpp.

#ifndef NOODLE_DEPLOY_SUPPORT_HPP
#define NOODLE_DEPLOY_SUPPORT_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#if !defined(NOODLE_NO_EXCEPTIONS) && !defined(__cpp_exceptions) && !defined(_CPPUNWIND)
#define NOODLE_NO_EXCEPTIONS 1
#endif

namespace noodle {

class Error;

/// A value, or the error that came in its place.
template <class T, class E = Error> class Result {
public:
    Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}
    Result(E error) : content_(std::in_place_index<1>, std::move(error)) {}

    /// Whether there is a value.
    bool ok() const { return content_.index() == 0; }
    explicit operator bool() const { return ok(); }

    /// The value; only where `ok()`.
    T &value() & { return *std::get_if<0>(&content_); }
    const T &value() const & { return *std::get_if<0>(&content_); }
    T &&value() && { return std::move(*std::get_if<0>(&content_)); }
    T &operator*() { return value(); }
    T *operator->() { return std::get_if<0>(&content_); }

    /// The error; only where not `ok()`.
    const E &error() const { return *std::get_if<1>(&content_); }

private:
    std::variant<T, E> content_;
};

/// Nothing, where a call answers nothing.
using Done = std::monostate;

/// What a call returns: the value, and an error is thrown; with NOODLE_NO_EXCEPTIONS a Result.
#ifdef NOODLE_NO_EXCEPTIONS
template <class T> using Returned = Result<T>;
#else
template <class T> using Returned = T;
#endif

namespace detail {

/// Memory behind the pointers of one call.
class Arena {
public:
    /// A zeroed object that stays where it is.
    template <class T> T &make() {
        auto object = std::make_shared<T>();
        kept_.push_back(object);
        return *object;
    }

    /// Zeroed objects in a row; never null.
    template <class T> T *array(std::size_t count) {
        auto items = std::make_shared<std::vector<T>>(count + 1);
        kept_.push_back(items);
        return items->data();
    }

    /// C ends a string at its first NUL.
    bool holds_nul = false;

private:
    std::vector<std::shared_ptr<void>> kept_;
};

/// A struct of the library's version: what that lacks is zero.
template <class C> C whole(const C *from) {
    C copy;
    std::memset(&copy, 0, sizeof(copy));
    std::memcpy(&copy, from, from->size < sizeof(copy) ? from->size : sizeof(copy));
    return copy;
}

// C++ to C.

inline void put(const std::string &from, const char *&to, Arena &arena) {
    arena.holds_nul = arena.holds_nul || from.find('\0') != std::string::npos;
    to = from.c_str();
}
inline void put(bool from, bool &to, Arena &) { to = from; }
inline void put(std::uint32_t from, std::uint32_t &to, Arena &) { to = from; }
inline void put(std::uint64_t from, std::uint64_t &to, Arena &) { to = from; }
inline void put(double from, double &to, Arena &) { to = from; }
template <class E, class = std::enable_if_t<std::is_enum_v<E>>> void put(E from, std::int32_t &to, Arena &) {
    to = static_cast<std::int32_t>(from);
}
template <class T, class C>
void put(const std::vector<T> &from, const C *&items, std::size_t &count, Arena &arena);
template <class T, class Entry>
void put(const std::map<std::string, T> &from, const Entry *&entries, std::size_t &count, Arena &arena);
template <class T, class L> void put(const std::vector<T> &from, L &to, Arena &arena) {
    put(from, to.items, to.count, arena);
}
template <class T, class M> void put(const std::map<std::string, T> &from, M &to, Arena &arena) {
    put(from, to.items, to.count, arena);
}
template <class T, class C>
void put(const std::vector<T> &from, const C *&items, std::size_t &count, Arena &arena) {
    C *out = arena.array<C>(from.size());
    for (std::size_t i = 0; i < from.size(); i++) put(from[i], out[i], arena);
    items = out;
    count = from.size();
}
template <class T, class Entry>
void put(const std::map<std::string, T> &from, const Entry *&entries, std::size_t &count, Arena &arena) {
    Entry *out = arena.array<Entry>(from.size());
    std::size_t i = 0;
    for (const auto &[key, value] : from) {
        put(key, out[i].key, arena);
        put(value, out[i++].value, arena);
    }
    entries = out;
    count = from.size();
}

// C to C++.

/// Makes the functions of this namespace visible to the templates, whatever they read.
struct Reader {};

inline void get(const char *from, std::string &to, Reader) { to = from ? from : ""; }
inline void get(const char *from, std::optional<std::string> &to, Reader) {
    if (from) to = from;
}
template <class T> std::enable_if_t<std::is_arithmetic_v<T>> get(T from, T &to, Reader) { to = from; }
template <class T> std::enable_if_t<std::is_arithmetic_v<T>> get(T from, std::optional<T> &to, Reader) { to = from; }
template <class E> std::enable_if_t<std::is_enum_v<E>> get(std::int32_t from, E &to, Reader) {
    to = static_cast<E>(from);
}
template <class E> std::enable_if_t<std::is_enum_v<E>> get(std::int32_t from, std::optional<E> &to, Reader) {
    if (from) to = static_cast<E>(from);
}
template <class C, class T> void get(const C *from, std::optional<T> &to, Reader in) {
    if (from) get(from, to.emplace(), in);
}
template <class C, class T> void get(const C *items, std::size_t count, std::vector<T> &to, Reader in);
template <class Entry, class T>
void get(const Entry *entries, std::size_t count, std::map<std::string, T> &to, Reader in);
template <class C, class T> void get(const C *items, std::size_t count, std::optional<T> &to, Reader in) {
    if (items) get(items, count, to.emplace(), in);
}
template <class L, class T> std::enable_if_t<std::is_class_v<L>> get(const L &from, std::vector<T> &to, Reader in) {
    get(from.items, from.count, to, in);
}
template <class M, class T>
std::enable_if_t<std::is_class_v<M>> get(const M &from, std::map<std::string, T> &to, Reader in) {
    get(from.items, from.count, to, in);
}
template <class C, class T> void get(const C *items, std::size_t count, std::vector<T> &to, Reader in) {
    to.resize(count);
    for (std::size_t i = 0; i < count; i++) get(items[i], to[i], in);
}
template <class Entry, class T>
void get(const Entry *entries, std::size_t count, std::map<std::string, T> &to, Reader in) {
    for (std::size_t i = 0; i < count; i++) get(entries[i].value, to[entries[i].key], in);
}

} // namespace detail
} // namespace noodle

#endif // NOODLE_DEPLOY_SUPPORT_HPP
