// The C++17 surface of noodle-deploy, over the C one. Every function may be called from several threads at once.
//
// A call that fails throws noodle::Error; with NOODLE_NO_EXCEPTIONS it returns a noodle::Result instead.

#ifndef NOODLE_DEPLOY_HPP
#define NOODLE_DEPLOY_HPP

#include <chrono>
#include <functional>
#include <future>
#include <string_view>

#include "noodle_deploy_ops.hpp"

namespace noodle {

namespace detail {

template <class T> Returned<T> settle(Result<T> result) {
#ifdef NOODLE_NO_EXCEPTIONS
    return result;
#else
    if (!result) throw result.error();
    return std::move(result).value();
#endif
}

inline Result<Done> check(noodle_status status) {
    if (status != NOODLE_OK) return Error::last();
    return Done{};
}

/// Turns an answer into a value and frees it.
template <class T, class C> Result<T> take(noodle_status status, C *answer, void (*free)(C *)) {
    if (status != NOODLE_OK) return Error::last();
    std::unique_ptr<C, void (*)(C *)> owned(answer, free);
    T value;
    get(static_cast<const C *>(answer), value, Reader{});
    return value;
}

} // namespace detail

/// A view of elements in a row; std::span, vectors and arrays become one by themselves.
template <class T> class span {
public:
    constexpr span() = default;
    constexpr span(T *data, std::size_t size) : data_(data), size_(size) {}
    template <std::size_t N> constexpr span(T (&array)[N]) : data_(array), size_(N) {}
    template <class C, class = std::enable_if_t<std::is_convertible_v<decltype(std::declval<C &>().data()), T *>>>
    constexpr span(C &&container) : data_(container.data()), size_(container.size()) {}

    constexpr T *data() const { return data_; }
    constexpr std::size_t size() const { return size_; }
    constexpr bool empty() const { return size_ == 0; }
    constexpr T *begin() const { return data_; }
    constexpr T *end() const { return data_ + size_; }
    constexpr T &operator[](std::size_t i) const { return data_[i]; }

private:
    T *data_ = nullptr;
    std::size_t size_ = 0;
};

/// The bits of an IEEE 754 half-precision number.
struct Half {
    std::uint16_t bits;
};

/// The element type that a C++ type stands for.
template <class T> struct dtype_of;
template <> struct dtype_of<Half> { static constexpr DType value = DType::f16; };
template <> struct dtype_of<float> { static constexpr DType value = DType::f32; };
template <> struct dtype_of<double> { static constexpr DType value = DType::f64; };
template <> struct dtype_of<std::int8_t> { static constexpr DType value = DType::i8; };
template <> struct dtype_of<std::int16_t> { static constexpr DType value = DType::i16; };
template <> struct dtype_of<std::int32_t> { static constexpr DType value = DType::i32; };
template <> struct dtype_of<std::int64_t> { static constexpr DType value = DType::i64; };
template <> struct dtype_of<std::uint8_t> { static constexpr DType value = DType::u8; };
template <> struct dtype_of<std::uint16_t> { static constexpr DType value = DType::u16; };
template <> struct dtype_of<std::uint32_t> { static constexpr DType value = DType::u32; };
template <> struct dtype_of<std::uint64_t> { static constexpr DType value = DType::u64; };
template <> struct dtype_of<bool> { static constexpr DType value = DType::bool_; };

/// A tensor over memory that somebody else owns: dense, row-major. Shape and data must outlive it.
class TensorView {
public:
    template <class T>
    TensorView(span<const std::size_t> shape, span<const T> data)
        : TensorView(dtype_of<T>::value, shape, data.data(), data.size() * sizeof(T)) {}
    template <class C, class T = std::remove_cv_t<std::remove_pointer_t<decltype(std::declval<C &>().data())>>,
              class = decltype(dtype_of<T>::value)>
    TensorView(span<const std::size_t> shape, const C &data) : TensorView(shape, span<const T>(data)) {}
    TensorView(DType dtype, span<const std::size_t> shape, const void *data, std::size_t bytes) {
        tensor_.dtype = static_cast<std::int32_t>(dtype);
        set(shape);
        tensor_.data = data;
        tensor_.bytes = bytes;
    }
    /// Strings; they must outlive the view.
    TensorView(span<const std::size_t> shape, const std::vector<std::string> &strings) {
        tensor_.dtype = static_cast<std::int32_t>(DType::string);
        set(shape);
        for (const std::string &text : strings) strings_.push_back({text.data(), text.size()});
    }
    explicit TensorView(const noodle_tensor &tensor) : tensor_(tensor) {
        strings_.assign(tensor.strings, tensor.strings + tensor.strings_count);
    }

    DType dtype() const { return static_cast<DType>(tensor_.dtype); }
    span<const std::size_t> shape() const { return {tensor_.shape, tensor_.rank}; }
    const void *data() const { return tensor_.data; }
    std::size_t bytes() const { return tensor_.bytes; }

    /// The elements, where they are of this type.
    template <class T> Returned<span<const T>> as() const {
        if (dtype() != dtype_of<T>::value) {
            return detail::settle<span<const T>>(Error::invalid("dtype", name(dtype())));
        }
        return span<const T>(static_cast<const T *>(tensor_.data), tensor_.bytes / sizeof(T));
    }

    /// The strings of a tensor of strings.
    std::vector<std::string_view> strings() const {
        std::vector<std::string_view> out;
        for (const noodle_string &text : strings_) out.emplace_back(text.data, text.size);
        return out;
    }

    /// For C, under a name. It points into this view.
    noodle_tensor named(const char *name) const {
        noodle_tensor tensor = tensor_;
        tensor.name = name;
        tensor.strings = strings_.empty() ? nullptr : strings_.data();
        tensor.strings_count = strings_.size();
        return tensor;
    }

private:
    void set(span<const std::size_t> shape) {
        tensor_.size = sizeof(tensor_);
        tensor_.rank = shape.size();
        tensor_.shape = shape.data();
    }

    noodle_tensor tensor_{};
    std::vector<noodle_string> strings_;
};

/// An input: its name and its tensor.
struct Input {
    const char *name;
    TensorView tensor;
};

/// A flag that cancels requests; copies share it.
class Cancel {
public:
    Cancel() {
        noodle_cancel_t *made = nullptr;
        noodle_cancel_new(&made);
        handle_.reset(made, noodle_cancel_free);
    }
    void set() const { noodle_cancel_set(handle_.get()); }
    const noodle_cancel_t *get() const { return handle_.get(); }

private:
    std::shared_ptr<noodle_cancel_t> handle_;
};

/// What a request may say besides its inputs.
struct PredictOptions {
    /// A version or an alias to pin.
    std::optional<std::string> version;
    /// Time after which the answer is of no use.
    std::optional<std::chrono::microseconds> timeout;
    /// Cancels the request.
    std::optional<Cancel> cancel;
    /// Level of priority among requests that wait: 1 is the most urgent, 0 the deployment's default.
    std::uint32_t priority = 0;
    /// What the request is counted under, as a user: while a rollout goes on, all requests of one key go to one revision.
    std::optional<std::string> key;
    /// What the request says of itself, as a segment or a header: the deployment's rules may send it elsewhere by it.
    std::map<std::string, std::string> attributes;
    /// Name by which it can be asked for later, and by which labels find it, 1 to 256 bytes.
    std::optional<std::string> request_id;
};

/// What a session says when it is opened.
struct SessionOptions {
    /// A version or an alias to begin on.
    std::optional<std::string> version{};
    /// What the session is counted under, as a user: while a rollout or an experiment divides the traffic, it begins on the
    /// revision of its key and stays there.
    std::optional<std::string> key{};
    /// What it says of itself: the deployment's rules may begin it elsewhere by it, and segments of an experiment count it.
    std::map<std::string, std::string> attributes{};
    /// Name by which outcomes find the arm that it began on, 1 to 256 bytes.
    std::optional<std::string> request_id{};
};

/// Who answered.
struct Served {
    std::string deployment;
    std::uint32_t revision = 0;
    std::string model;
    std::string version;
    std::vector<std::string> labels;
    Signature signature;

    static Served read(const noodle_served &from) {
        Served to;
        to.deployment = from.deployment;
        to.revision = from.revision;
        to.model = from.model;
        to.version = from.version;
        detail::get(from.labels, from.labels_count, to.labels, detail::Reader{});
        detail::get(from.signature, to.signature, detail::Reader{});
        return to;
    }
};

/// The answer to a request: outputs of exactly one version. Copies share it.
class Prediction {
public:
    explicit Prediction(noodle_prediction_t *owned) : handle_(owned, noodle_prediction_free) {}

    std::size_t size() const { return noodle_prediction_count(handle_.get()); }

    /// An output by name; it lives as long as the prediction.
    Returned<TensorView> output(const char *name) const {
        noodle_tensor tensor{};
        tensor.size = sizeof(tensor);
        return view(noodle_prediction_output(handle_.get(), name, &tensor), tensor);
    }
    /// An output by its place in the model's order.
    Returned<TensorView> output(std::size_t index) const {
        noodle_tensor tensor{};
        tensor.size = sizeof(tensor);
        return view(noodle_prediction_output_at(handle_.get(), index, &tensor), tensor);
    }
    /// Names of the outputs, in the model's order.
    std::vector<std::string> names() const {
        std::vector<std::string> out;
        for (std::size_t i = 0; i < size(); i++) {
            noodle_tensor tensor{};
            tensor.size = sizeof(tensor);
            if (noodle_prediction_output_at(handle_.get(), i, &tensor) == NOODLE_OK) out.emplace_back(tensor.name);
        }
        return out;
    }

    Returned<Served> served() const {
        const noodle_served *from = nullptr;
        if (noodle_prediction_served(handle_.get(), &from) != NOODLE_OK) {
            return detail::settle<Served>(Error::last());
        }
        return Served::read(*from);
    }

    /// The `k` best labels of each row, best first.
    Returned<std::vector<std::vector<std::pair<std::string, float>>>> top(std::size_t k) const {
        using Rows = std::vector<std::vector<std::pair<std::string, float>>>;
        noodle_ranking *ranking = nullptr;
        if (noodle_prediction_top(handle_.get(), k, &ranking) != NOODLE_OK) {
            return detail::settle<Rows>(Error::last());
        }
        std::unique_ptr<noodle_ranking, void (*)(noodle_ranking *)> owned(ranking, noodle_free_ranking);
        Rows rows(ranking->rows);
        const noodle_label_score *entry = ranking->entries;
        for (auto &row : rows) {
            for (std::size_t i = 0; i < ranking->per_row; i++, entry++) row.emplace_back(entry->label, entry->score);
        }
        return rows;
    }

    const noodle_prediction_t *get() const { return handle_.get(); }

private:
    static Returned<TensorView> view(noodle_status status, const noodle_tensor &tensor) {
        if (status != NOODLE_OK) return detail::settle<TensorView>(Error::last());
        return TensorView(tensor);
    }

    std::shared_ptr<noodle_prediction_t> handle_;
};

/// A request under way. Destroying it lets the request run on.
class Request {
public:
    explicit Request(noodle_request_t *owned) : handle_(owned, noodle_request_free) {}
    /// Tells the callback `cancelled`, unless it was told already.
    void cancel() const { noodle_request_cancel(handle_.get()); }

private:
    std::shared_ptr<noodle_request_t> handle_;
};

/// What a pull brings.
struct Pulled {
    enum class Type : std::int32_t { empty = 0, event = 1, lagged = 2, closed = 3 };
    Type type = Type::empty;
    /// There where `type` is `event`.
    std::optional<EventRecord> event;
    /// Events that were overwritten before they were pulled.
    std::uint64_t lost = 0;
};

/// A place in the stream of events.
class Subscription {
public:
    explicit Subscription(noodle_subscription_t *owned) : handle_(owned, noodle_subscription_free) {}

    /// The next event; waits up to `timeout` for one.
    Returned<Pulled> pull(std::chrono::milliseconds timeout) const {
        noodle_pulled from{};
        from.size = sizeof(from);
        const auto wait = static_cast<std::uint64_t>(timeout.count() > 0 ? timeout.count() : 0);
        if (noodle_subscription_pull(handle_.get(), wait, &from) != NOODLE_OK) {
            return detail::settle<Pulled>(Error::last());
        }
        Pulled to = read(from);
        noodle_free_event_record(from.event);
        return to;
    }

    /// Calls `each(const Pulled &)` with what comes, until it returns false or the handle is closed.
    template <class F> Returned<Done> run(F each) const {
        for (;;) {
            auto next = pull(std::chrono::milliseconds(100));
#ifdef NOODLE_NO_EXCEPTIONS
            if (!next) return next.error();
            const Pulled &pulled = next.value();
#else
            const Pulled &pulled = next;
#endif
            if (!each(pulled) || pulled.type == Pulled::Type::closed) return Done{};
        }
    }

    static Pulled read(const noodle_pulled &from) {
        Pulled to;
        to.type = static_cast<Pulled::Type>(from.type);
        to.lost = from.lost;
        detail::get(static_cast<const noodle_event_record *>(from.event), to.event, detail::Reader{});
        return to;
    }

private:
    std::shared_ptr<noodle_subscription_t> handle_;
};

/// A callback on a thread of its own. Destroying it waits until a callback that is running has returned.
class Listener {
public:
    using Callback = std::function<void(const Pulled &)>;

    Listener(std::unique_ptr<Callback> callback, noodle_listener_t *owned)
        : callback_(std::move(callback)), handle_(owned, noodle_listener_stop) {}

    static void tell(void *context, const noodle_pulled *pulled) noexcept {
        (*static_cast<Callback *>(context))(Subscription::read(*pulled));
    }

private:
    std::unique_ptr<Callback> callback_;
    std::unique_ptr<noodle_listener_t, void (*)(noodle_listener_t *)> handle_;
};

/// How severe a message is; each asks for the ones before it too.
enum class LogLevel : std::int32_t {
    error = NOODLE_LOG_ERROR,
    warn = NOODLE_LOG_WARN,
    info = NOODLE_LOG_INFO,
    debug = NOODLE_LOG_DEBUG,
    trace = NOODLE_LOG_TRACE,
};

/// A message of the library.
struct LogRecord {
    LogLevel level = LogLevel::error;
    /// Which part of the library speaks.
    std::string target;
    /// What happened.
    std::string message;
    /// The message, and in parentheses its names and values.
    std::string text;
    std::map<std::string, std::string> fields;
};

/// Tells the messages of the whole process to `on_log`, in the place of the callback before; an empty function tells
/// nobody. It runs on whichever thread has something to say, several at once; it must not throw or call this library.
/// It is destroyed when no thread is inside it any more.
inline Returned<Done> set_log(LogLevel level, std::function<void(const LogRecord &)> on_log) {
    using Callback = std::function<void(const LogRecord &)>;
    if (!on_log) return detail::settle(detail::check(noodle_set_log(0, nullptr, nullptr, nullptr)));
    auto callback = std::make_unique<Callback>(std::move(on_log));
    const auto tell = [](void *context, const noodle_log_record *from) noexcept {
        LogRecord record;
        record.level = static_cast<LogLevel>(from->level);
        record.target = from->target;
        record.message = from->message;
        record.text = from->text;
        for (std::size_t i = 0; i < from->fields_count; i++) record.fields[from->fields[i].key] = from->fields[i].value;
        (*static_cast<Callback *>(context))(record);
    };
    const auto release = [](void *context) noexcept { delete static_cast<Callback *>(context); };
    const noodle_status status = noodle_set_log(static_cast<std::int32_t>(level), tell, callback.get(), release);
    // The library's now.
    if (status == NOODLE_OK) callback.release();
    return detail::settle(detail::check(status));
}

/// What a principal may do; each may do what the ones before it may.
enum class Role : std::int32_t {
    viewer = NOODLE_ROLE_VIEWER,
    operator_ = NOODLE_ROLE_OPERATOR,
    deployer = NOODLE_ROLE_DEPLOYER,
    admin = NOODLE_ROLE_ADMIN,
};

/// Who calls.
struct Caller {
    std::string actor;
    Role role = Role::admin;
    std::optional<std::string> request_id;
};

namespace detail {

/// Calls operations, as the host or as somebody.
template <class Self> class Calls : public Operations<Self> {
public:
    /// The same operations, and `each` is called now and then with how far a long one is, on the thread of the call. It
    /// must not throw.
    Self on_progress(std::function<void(const Progress &)> each) const {
        Self heard = static_cast<const Self &>(*this);
        heard.progress_ = std::move(each);
        return heard;
    }

protected:
    static void tell_progress(void *context, const noodle_progress *from) noexcept {
        Progress to;
        get(from, to, Reader{});
        (*static_cast<const std::function<void(const Progress &)> *>(context))(to);
    }

    template <class F> noodle_status with_caller(F call) const {
        if (!caller_ && !progress_) return call(nullptr);
        noodle_caller caller{};
        caller.size = sizeof(caller);
        if (caller_) {
            caller.actor = caller_->actor.c_str();
            caller.role = static_cast<std::int32_t>(caller_->role);
            caller.request_id = caller_->request_id ? caller_->request_id->c_str() : nullptr;
        }
        if (progress_) {
            caller.progress = tell_progress;
            caller.progress_context = const_cast<std::function<void(const Progress &)> *>(&progress_);
        }
        return call(&caller);
    }

    friend class Operations<Self>;

    template <class T, class I, class CI, class C>
    Returned<T> call(const I &input,
                     noodle_status (*function)(const noodle_t *, const noodle_caller *, const CI *, C **),
                     void (*free)(C *)) const {
        Arena arena;
        const CI *given = nullptr;
        put(input, given, arena);
        if (arena.holds_nul) return settle<T>(Error::invalid("input", "strings without NUL"));
        C *answer = nullptr;
        const noodle_status status =
            with_caller([&](const noodle_caller *caller) { return function(handle_.get(), caller, given, &answer); });
        return settle(take<T>(status, answer, free));
    }

    template <class T, class C>
    Returned<T> call(noodle_status (*function)(const noodle_t *, const noodle_caller *, C **), void (*free)(C *)) const {
        C *answer = nullptr;
        const noodle_status status =
            with_caller([&](const noodle_caller *caller) { return function(handle_.get(), caller, &answer); });
        return settle(take<T>(status, answer, free));
    }

    std::shared_ptr<noodle_t> handle_;
    std::optional<Caller> caller_;
    std::function<void(const Progress &)> progress_;
};

} // namespace detail

/// The operations in somebody's name.
class Acting : public detail::Calls<Acting> {
public:
    Acting(std::shared_ptr<noodle_t> handle, Caller caller) {
        handle_ = std::move(handle);
        caller_ = std::move(caller);
    }
    friend class Operations<Acting>;
};

namespace detail {

/// Inputs as C has them.
struct Views {
    explicit Views(const std::vector<Input> &inputs) {
        tensors.reserve(inputs.size());
        for (const Input &input : inputs) tensors.push_back(input.tensor.named(input.name));
        for (const noodle_tensor &tensor : tensors) pointers.push_back(&tensor);
    }
    std::vector<noodle_tensor> tensors;
    std::vector<const noodle_tensor *> pointers;
};

/// Options as C takes them, which refer to those of C++.
class CallOptions {
public:
    explicit CallOptions(const PredictOptions &options) {
        for (const auto &[name, value] : options.attributes) entries_.push_back({name.c_str(), value.c_str()});
        given_.size = sizeof(given_);
        given_.version = options.version ? options.version->c_str() : nullptr;
        given_.has_timeout = options.timeout.has_value();
        given_.timeout_us =
            options.timeout && options.timeout->count() > 0 ? static_cast<std::uint64_t>(options.timeout->count()) : 0;
        given_.cancel = options.cancel ? options.cancel->get() : nullptr;
        given_.priority = options.priority;
        given_.key = options.key ? options.key->c_str() : nullptr;
        given_.attributes = entries_.data();
        given_.attributes_count = entries_.size();
        given_.request_id = options.request_id ? options.request_id->c_str() : nullptr;
    }
    CallOptions(const CallOptions &) = delete;
    CallOptions &operator=(const CallOptions &) = delete;

    const noodle_predict_options *get() const { return &given_; }

private:
    std::vector<noodle_text_entry> entries_;
    noodle_predict_options given_{};
};

/// Tells a callback on the heap how a request ended, and frees it.
inline void tell(void *context, noodle_status status, noodle_prediction_t *prediction,
                 const noodle_error_record *error) noexcept {
    std::unique_ptr<std::function<void(Result<Prediction>)>> done(
        static_cast<std::function<void(Result<Prediction>)> *>(context));
    if (status == NOODLE_OK) {
        (*done)(Prediction(prediction));
    } else {
        (*done)(Error(Error::read(error)));
    }
}

/// Submits a request, whose callback is called exactly once where this succeeds.
template <class F> Returned<Request> submit(std::function<void(Result<Prediction>)> done, F start) {
    auto context = std::make_unique<std::function<void(Result<Prediction>)>>(std::move(done));
    noodle_request_t *request = nullptr;
    if (start(context.get(), &request) != NOODLE_OK) return settle<Request>(Error::last());
    // `tell` frees it.
    context.release();
    return Request(request);
}

} // namespace detail

/// The answers to one request, in order; each is made when it is asked for. Copies share it; the last one ends it.
class PredictionStream {
public:
    explicit PredictionStream(noodle_stream_t *owned) : handle_(owned, noodle_stream_free) {}

    /// The next answer; none after the last one. An error ends the stream.
    Returned<std::optional<Prediction>> next() const {
        noodle_prediction_t *prediction = nullptr;
        if (noodle_stream_next(handle_.get(), &prediction) != NOODLE_OK) {
            return detail::settle<std::optional<Prediction>>(Error::last());
        }
        std::optional<Prediction> answer;
        if (prediction != nullptr) answer.emplace(prediction);
        return answer;
    }

private:
    std::shared_ptr<noodle_stream_t> handle_;
};

/// Calls that belong together: each begins with what the one before left, all on the version that the session began on.
/// Copies share it; the last one ends it.
class Session {
public:
    explicit Session(noodle_session_t *owned) : handle_(owned, noodle_session_free) {}

    /// Answers a call on this thread. Inputs that are carried are not given.
    Returned<Prediction> predict(const std::vector<Input> &inputs, const PredictOptions &options = {}) const {
        const detail::Views views(inputs);
        const detail::CallOptions given(options);
        noodle_prediction_t *prediction = nullptr;
        const noodle_status status = noodle_session_predict(handle_.get(), views.pointers.data(), views.pointers.size(),
                                                            given.get(), &prediction);
        if (status != NOODLE_OK) return detail::settle<Prediction>(Error::last());
        return Prediction(prediction);
    }

    /// Answers a call on a worker thread. `done(Result<Prediction>)` is called exactly once where this succeeds; it must
    /// not throw.
    Returned<Request> predict_async(const std::vector<Input> &inputs, std::function<void(Result<Prediction>)> done,
                                    const PredictOptions &options = {}) const {
        const detail::Views views(inputs);
        const detail::CallOptions given(options);
        return detail::submit(std::move(done), [&](void *context, noodle_request_t **request) {
            return noodle_session_predict_async(handle_.get(), views.pointers.data(), views.pointers.size(), given.get(),
                                                detail::tell, context, request);
        });
    }

    /// Answers one request many times, beginning with what the call before left.
    Returned<PredictionStream> predict_stream(const std::vector<Input> &inputs,
                                              const PredictOptions &options = {}) const {
        const detail::Views views(inputs);
        const detail::CallOptions given(options);
        noodle_stream_t *stream = nullptr;
        const noodle_status status = noodle_session_predict_stream(handle_.get(), views.pointers.data(),
                                                                   views.pointers.size(), given.get(), &stream);
        if (status != NOODLE_OK) return detail::settle<PredictionStream>(Error::last());
        return PredictionStream(stream);
    }

    /// Begins anew, with zeros, after the calls before it.
    Returned<Done> reset() const { return detail::settle(detail::check(noodle_session_reset(handle_.get()))); }

    /// Who answers.
    Returned<Served> served() const {
        const noodle_served *from = nullptr;
        if (noodle_session_served(handle_.get(), &from) != NOODLE_OK) return detail::settle<Served>(Error::last());
        return Served::read(*from);
    }

private:
    std::shared_ptr<noodle_session_t> handle_;
};

/// An open directory. Copies share it; the last one closes it.
class Noodle : public detail::Calls<Noodle> {
public:
    explicit Noodle(noodle_t *owned) { handle_.reset(owned, noodle_free); }
    friend class Operations<Noodle>;

    /// Opens a directory; makes it where it is missing.
    static Returned<Noodle> open(const std::string &dir, const Settings &settings = {}) {
        detail::Arena arena;
        const noodle_settings *given = nullptr;
        detail::put(settings, given, arena);
        if (arena.holds_nul) return detail::settle<Noodle>(Error::invalid("settings", "strings without NUL"));
        noodle_t *handle = nullptr;
        if (noodle_open(dir.c_str(), given, &handle) != NOODLE_OK) return detail::settle<Noodle>(Error::last());
        return Noodle(handle);
    }

    /// Copies a backup to a new directory.
    static Returned<BackupReport> restore(const std::string &backup, const std::string &to) {
        noodle_backup_report *report = nullptr;
        const noodle_status status = noodle_restore(backup.c_str(), to.c_str(), &report);
        return detail::settle(detail::take<BackupReport>(status, report, noodle_free_backup_report));
    }

    /// The library's version.
    static std::string version() { return noodle_version(); }

    /// Closes the directory; later calls fail with NOODLE_ERROR_CLOSED.
    Returned<Done> close() const { return detail::settle(detail::check(noodle_close(handle_.get()))); }

    std::string dir() const { return noodle_dir(handle_.get()); }

    Returned<Settings> settings() const {
        noodle_settings *from = nullptr;
        const noodle_status status = noodle_get_settings(handle_.get(), &from);
        return detail::settle(detail::take<Settings>(status, from, noodle_free_settings));
    }

    /// The operations in somebody's name.
    Acting as(Caller caller) const { return Acting(handle_, std::move(caller)); }

    /// Asks a deployment on this thread.
    Returned<Prediction> predict(const std::string &deployment, const std::vector<Input> &inputs) const {
        return predicted(deployment, inputs, nullptr);
    }
    Returned<Prediction> predict(const std::string &deployment, const std::vector<Input> &inputs,
                                 const PredictOptions &options) const {
        const detail::CallOptions given(options);
        return predicted(deployment, inputs, given.get());
    }

    /// Asks on a worker thread. `done(Result<Prediction>)` is called exactly once where this succeeds; it must not throw.
    Returned<Request> predict_async(const std::string &deployment, const std::vector<Input> &inputs,
                                    std::function<void(Result<Prediction>)> done,
                                    const PredictOptions &options = {}) const {
        const detail::Views views(inputs);
        const detail::CallOptions given(options);
        return detail::submit(std::move(done), [&](void *context, noodle_request_t **request) {
            return noodle_predict_async(handle_.get(), deployment.c_str(), views.pointers.data(), views.pointers.size(),
                                        given.get(), detail::tell, context, request);
        });
    }

    /// Asks on a worker thread; the future holds a Result.
    Returned<std::future<Result<Prediction>>> predict_future(const std::string &deployment,
                                                             const std::vector<Input> &inputs,
                                                             const PredictOptions &options = {}) const {
        auto promise = std::make_shared<std::promise<Result<Prediction>>>();
        auto future = promise->get_future();
        auto request = predict_async(
            deployment, inputs, [promise](Result<Prediction> result) { promise->set_value(std::move(result)); }, options);
#ifdef NOODLE_NO_EXCEPTIONS
        if (!request) return request.error();
#else
        static_cast<void>(request);
#endif
        return future;
    }

    /// Begins a session on the revision that serves, on the one of its key while several do, or on the loaded one of a version.
    Returned<Session> session(const std::string &deployment, const SessionOptions &options = {}) const {
        std::vector<noodle_text_entry> entries;
        for (const auto &[name, value] : options.attributes) entries.push_back({name.c_str(), value.c_str()});
        noodle_session_options given{};
        given.size = sizeof(given);
        given.version = options.version ? options.version->c_str() : nullptr;
        given.key = options.key ? options.key->c_str() : nullptr;
        given.attributes = entries.data();
        given.attributes_count = entries.size();
        given.request_id = options.request_id ? options.request_id->c_str() : nullptr;
        noodle_session_t *session = nullptr;
        if (noodle_session_open(handle_.get(), deployment.c_str(), &given, &session) != NOODLE_OK) {
            return detail::settle<Session>(Error::last());
        }
        return Session(session);
    }

    /// Answers one request many times, as the deployment's `stream` says. The timeout bounds the whole stream.
    Returned<PredictionStream> predict_stream(const std::string &deployment, const std::vector<Input> &inputs,
                                              const PredictOptions &options = {}) const {
        const detail::Views views(inputs);
        const detail::CallOptions given(options);
        noodle_stream_t *stream = nullptr;
        const noodle_status status = noodle_predict_stream(handle_.get(), deployment.c_str(), views.pointers.data(),
                                                           views.pointers.size(), given.get(), &stream);
        if (status != NOODLE_OK) return detail::settle<PredictionStream>(Error::last());
        return PredictionStream(stream);
    }

    /// Events from now on.
    Returned<Subscription> subscribe() const {
        noodle_subscription_t *subscription = nullptr;
        if (noodle_subscribe(handle_.get(), &subscription) != NOODLE_OK) {
            return detail::settle<Subscription>(Error::last());
        }
        return Subscription(subscription);
    }

    /// Calls `on_event` for each event from now on, on a thread of its own. It must not throw.
    Returned<Listener> listen(Listener::Callback on_event) const {
        auto callback = std::make_unique<Listener::Callback>(std::move(on_event));
        noodle_listener_t *listener = nullptr;
        if (noodle_listen(handle_.get(), Listener::tell, callback.get(), &listener) != NOODLE_OK) {
            return detail::settle<Listener>(Error::last());
        }
        return Listener(std::move(callback), listener);
    }

    noodle_t *get() const { return handle_.get(); }

private:
    Returned<Prediction> predicted(const std::string &deployment, const std::vector<Input> &inputs,
                                   const noodle_predict_options *options) const {
        const detail::Views views(inputs);
        noodle_prediction_t *prediction = nullptr;
        const noodle_status status = noodle_predict(handle_.get(), deployment.c_str(), views.pointers.data(),
                                                    views.pointers.size(), options, &prediction);
        if (status != NOODLE_OK) return detail::settle<Prediction>(Error::last());
        return Prediction(prediction);
    }
};

} // namespace noodle

#endif // NOODLE_DEPLOY_HPP
