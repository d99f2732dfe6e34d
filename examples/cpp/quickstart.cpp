// Deploys a real model, predicts, puts a better version beside it, compares, promotes, and rolls back.
//
// quickstart MODELS DIRECTORY: MODELS is the repository's examples/models.
#include <cstdio>
#include <fstream>
#include <iterator>

#include "noodle_deploy.hpp"

namespace {

constexpr std::size_t window = 8192; // the models look at the first bytes of a file
const std::vector<std::string> samples = {"hello.rs", "hello.py", "hello.go"};

void add(const noodle::Noodle &noodle, const std::string &models, const std::string &version) {
    const std::string stem = models + "/langid-v" + version.substr(0, 1);
    noodle::RegisterVersionInput input;
    input.model = "langid";
    input.path = stem + ".onnx";
    input.version = version;
    input.probes_path = stem + ".probe.json";
    noodle.register_version(input);
}

// Asks the deployment about three files: who answered, and the best label of each.
void guess(const noodle::Noodle &noodle, const std::string &models, const char *step) {
    std::vector<std::int32_t> bytes(samples.size() * window, 256); // 256 stands for "no byte"
    for (std::size_t row = 0; row < samples.size(); row++) {
        std::ifstream file(models + "/samples/" + samples[row], std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        for (std::size_t i = 0; i < text.size() && i < window; i++) {
            bytes[row * window + i] = static_cast<unsigned char>(text[i]);
        }
    }
    const std::size_t shape[] = {samples.size(), window};
    const noodle::Prediction answer = noodle.predict("langid", {{"bytes", {shape, bytes}}});
    std::printf("%-16s %-8s", step, answer.served().version.c_str());
    for (const auto &row : answer.top(1)) std::printf(" %s %.2f ", row[0].first.c_str(), row[0].second);
    std::printf("\n");
}

void run(const std::string &models, const std::string &dir) {
    const noodle::Noodle noodle = noodle::Noodle::open(dir);

    add(noodle, models, "1.0.0");
    noodle::DeployInput first;
    first.deployment = "langid";
    first.version = "1.0.0";
    noodle.deploy(first);
    guess(noodle, models, "deployed 1.0.0");

    // The second version comes up beside the first one; traffic stays where it is until somebody promotes.
    add(noodle, models, "2.0.0");
    noodle::DeployInput second = first;
    second.version = "2.0.0";
    second.strategy = noodle::Strategy::blue_green;
    noodle.deploy(second);
    const noodle::VersionComparison comparison = noodle.compare_versions({"langid", "1.0.0", "2.0.0"});

    noodle.promote({"langid", {}});
    guess(noodle, models, "promoted 2.0.0");
    noodle.rollback({"langid", {}, {}});
    guess(noodle, models, "rolled back");

    std::printf("\n2.0.0 against 1.0.0: %s\n", noodle::name(comparison.compatibility));
    const noodle::Head head = noodle.audit_head();
    noodle::AuditVerifyInput since;
    since.since = head;
    since.artifacts = true;
    const noodle::AuditReport report = noodle.audit_verify(since);
    std::printf("the log has %s events and verifies: %s\n", head.sequence.c_str(),
                report.head.hash == head.hash ? "true" : "false");
}

} // namespace

int main(int argc, char **argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: quickstart MODELS DIRECTORY\n");
        return 2;
    }
    try {
        run(argv[1], argv[2]);
    } catch (const noodle::Error &error) {
        std::fprintf(stderr, "%s %d: %s\n", error.record().kind.c_str(), error.code(), error.what());
        return 1;
    }
    return 0;
}
