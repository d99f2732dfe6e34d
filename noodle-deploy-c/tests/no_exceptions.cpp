// The C++ surface where errors are returned, asynchronous requests, events and callers. no_exceptions MODELS DIR
#define NOODLE_NO_EXCEPTIONS 1
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "noodle_deploy.hpp"

#define CHECK(condition)                                                                \
    do {                                                                                \
        if (!(condition)) {                                                             \
            std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);        \
            std::exit(1);                                                               \
        }                                                                               \
    } while (0)

int main(int argc, char **argv) {
    CHECK(argc == 3);
    std::mutex mutex;
    std::vector<noodle::LogRecord> said;
    auto kept = std::make_shared<int>(0);
    CHECK(!noodle::set_log(static_cast<noodle::LogLevel>(9), [](const noodle::LogRecord &) {}).ok());
    CHECK(noodle::set_log(noodle::LogLevel::info, [&mutex, &said, kept](const noodle::LogRecord &record) {
              const std::lock_guard<std::mutex> held(mutex);
              said.push_back(record);
          }).ok());
    CHECK(kept.use_count() == 2);
    noodle::Settings settings;
    settings.actor = "ada";
    auto opened = noodle::Noodle::open(std::string(argv[2]) + "/cpp", settings);
    CHECK(opened.ok());
    const noodle::Noodle noodle = *opened;
    CHECK(noodle.settings()->actor == "ada" && noodle.settings()->plan_cache_bytes == 256u << 20);

    auto subscription = noodle.subscribe();
    CHECK(subscription.ok());
    noodle::RegisterVersionInput version;
    version.model = "m";
    version.path = std::string(argv[1]) + "/linear.onnx";
    version.tags = {{"team", "search"}};
    version.metrics = {{"accuracy", 0.5}};
    auto record = noodle.register_version(version);
    CHECK(record.ok() && record->tags == version.tags && record->metrics == version.metrics && !record->parent);
    auto pulled = subscription->pull(std::chrono::seconds(5));
    CHECK(pulled.ok() && pulled->event && pulled->event->actor == "ada");
    const auto *registered = std::get_if<noodle::EventVersionRegistered>(&pulled->event->event);
    CHECK(registered && registered->record.signature.inputs[0].name == "x");

    noodle::DeployInput deploy;
    deploy.deployment = "m";
    deploy.shapes = {{{"x", {1, 4}}}};
    auto view = noodle.deploy(deploy);
    CHECK(view.ok() && view->desired.revisions[0].shapes == deploy.shapes && view->serving == "1.0.0");

    auto denied = noodle.as({"eve", noodle::Role::viewer, {}}).scale({"m", 2});
    CHECK(!denied.ok() && denied.error().code() == NOODLE_ERROR_FORBIDDEN);
    CHECK(denied.error().record().operation == "scale" && denied.error().record().kind == "forbidden");
    std::vector<noodle::Progress> reports;
    const auto hears = [&reports](const noodle::Progress &progress) { reports.push_back(progress); };
    CHECK(noodle.on_progress(hears).scale({"m", 2}).ok());
    CHECK(reports.size() == 2 && reports[0].done == 0 && reports[1].done == 2 && reports[1].total == 2u);
    CHECK(reports[1].stage == noodle::ProgressStage::load && reports[1].unit == noodle::ProgressUnit::replicas);
    reports.clear();
    CHECK(!noodle.as({"eve", noodle::Role::viewer, {}}).on_progress(hears).scale({"m", 1}).ok() && reports.empty());
    CHECK(noodle.scale({"m", 1}).ok() && reports.empty());

    auto nul = noodle.get_deployment({std::string("m\0n", 3)});
    CHECK(!nul.ok() && nul.error().code() == NOODLE_ERROR_INVALID_ARGUMENT);
    CHECK(std::string(nul.error().what()).find("allowed: strings without NUL") != std::string::npos);
    CHECK(std::string(denied.error().what()).find("scale: ") == 0);

    const std::vector<float> row = {1, 2, 3, 4};
    const std::vector<std::size_t> shape = {1, 4};
    auto answer = noodle.predict("m", {{"x", {shape, row}}});
    CHECK(answer.ok() && answer->names() == std::vector<std::string>{"y"});
    auto y = answer->output("y");
    CHECK(y.ok() && y->as<float>().ok() && (*y->as<float>())[0] == 10 && !y->as<double>().ok());
    CHECK(answer->served()->version == "1.0.0" && !answer->top(1).ok() && !answer->output(7).ok());

    noodle::PredictOptions options;
    options.timeout = std::chrono::microseconds(0);
    CHECK(noodle.predict("m", {{"x", {shape, row}}}, options).error().code() == NOODLE_ERROR_DEADLINE_EXCEEDED);
    auto future = noodle.predict_future("m", {{"x", {shape, row}}});
    CHECK(future.ok());
    const auto later = future->get();
    CHECK(later.ok());
    auto missing = noodle.predict_future("nobody", {{"x", {shape, row}}});
    CHECK(missing->get().error().code() == NOODLE_ERROR_NOT_FOUND);

    {
        auto session = noodle.session("m");
        CHECK(session.ok() && session->served()->version == "1.0.0" && session->reset().ok());
        auto once = session->predict({{"x", {shape, row}}});
        CHECK(once.ok() && (*once->output("y")->as<float>())[0] == 10);
        std::promise<bool> told;
        const auto tell = [&told](noodle::Result<noodle::Prediction> result) { told.set_value(result.ok()); };
        CHECK(session->predict_async({{"x", {shape, row}}}, tell).ok() && told.get_future().get());
        CHECK(session->predict_stream({{"x", {shape, row}}}).error().code() == NOODLE_ERROR_UNSUPPORTED);
        CHECK(noodle.session("nobody").error().code() == NOODLE_ERROR_NOT_FOUND);
        noodle::SessionOptions said;
        said.key = "somebody";
        said.attributes["country"] = "ch";
        said.request_id = "first";
        CHECK(noodle.session("m", said).ok());
        said.request_id = "";
        CHECK(noodle.session("m", said).error().code() == NOODLE_ERROR_INVALID_ARGUMENT);
        CHECK(noodle.session("m", {"9.9.9"}).error().code() == NOODLE_ERROR_NOT_FOUND);
        noodle::DeployInput repeating;
        repeating.deployment = "repeating";
        repeating.model = "m";
        noodle::StreamConfigRepeat twice;
        twice.max_steps = 2;
        repeating.stream = noodle::StreamConfig(twice);
        CHECK(noodle.deploy(repeating).ok());
        auto stream = noodle.predict_stream("repeating", {{"x", {shape, row}}});
        CHECK(stream.ok());
        std::size_t answers = 0;
        for (auto next = stream->next(); next.ok() && next->has_value(); next = stream->next()) answers++;
        CHECK(answers == 2);
    }

    std::promise<std::string> promoted;
    {
        auto listener = noodle.listen([&promoted](const noodle::Pulled &told) {
            if (told.event) promoted.set_value(told.event->operation);
        });
        CHECK(listener.ok());
        CHECK(noodle.set_alias({"m", "best", "1.0.0"})->aliases.at("best") == "1.0.0");
        CHECK(promoted.get_future().get() == "set_alias");
    }
    CHECK(noodle.close().ok() && noodle.close().ok());
    CHECK(noodle.list_models().error().code() == NOODLE_ERROR_CLOSED);
    std::size_t seen = 0;
    auto ended = subscription->run([&seen](const noodle::Pulled &told) {
        seen += told.event.has_value();
        return true;
    });
    CHECK(ended.ok() && seen >= 4);
    CHECK(noodle::set_log(noodle::LogLevel::info, nullptr).ok());
    for (int i = 0; i < 5000 && kept.use_count() > 1; i++) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    CHECK(kept.use_count() == 1);
    const auto up = std::find_if(said.begin(), said.end(),
                                 [](const noodle::LogRecord &record) { return record.message == "revision is up"; });
    CHECK(up != said.end() && up->level == noodle::LogLevel::info && up->fields.at("deployment") == "m");
    CHECK(up->text.find("revision is up (deployment: m") == 0 && up->target.find("noodle_deploy_core") == 0);
    std::printf("C++ without exceptions: passed\n");
    return 0;
}
