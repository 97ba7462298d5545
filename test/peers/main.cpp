// A peer: one DDS participant that a test controls by commands on standard input and observes through JSON lines on
// standard output. README.md has the commands. It exits on `quit`, at the end of its input, on SIGTERM, or when its
// lifetime is over.

#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "events.hpp"
#include "session.hpp"

namespace {

using namespace peer;

struct Options {
  Network network;
  int gidOctets = 16;
  // A peer whose test has crashed exits after this time.
  unsigned lifeSeconds = 120;
};

Options parse(int argc, char **argv) {
  static const option longOptions[] = {{"domain", required_argument, nullptr, 'd'},
                                       {"discovery", required_argument, nullptr, 'n'},
                                       {"address", required_argument, nullptr, 'a'},
                                       {"lease", required_argument, nullptr, 'l'},
                                       {"gid", required_argument, nullptr, 'g'},
                                       {"enclave", required_argument, nullptr, 'e'},
                                       {"life", required_argument, nullptr, 't'},
                                       {"big-endian", no_argument, nullptr, 'b'},
                                       {}};
  Options options;
  std::string enclave = "/";
  for (int flag; (flag = getopt_long(argc, argv, "", longOptions, nullptr)) != -1;) {
    switch (flag) {
      case 'd': options.network.domain = static_cast<uint32_t>(atoi(optarg)); break;
      case 'n': options.network.discovery = optarg; break;
      case 'a': options.network.addresses.push_back(optarg); break;
      case 'l': options.network.leaseSeconds = atof(optarg); break;
      case 'g': options.gidOctets = atoi(optarg); break;
      case 'e': enclave = optarg; break;
      case 't': options.lifeSeconds = static_cast<unsigned>(atoi(optarg)); break;
      case 'b': options.network.bigEndian = true; break;
      default: throw Refused("see README.md for the options");
    }
  }
  if (options.network.addresses.empty()) options.network.addresses = {"127.0.0.1"};
  options.network.userData = "enclave=" + enclave + ";";
  return options;
}

// Descriptor of the signals that end a peer cleanly. They are blocked before the DDS threads start, so that no thread
// receives them.
int endSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  return signalfd(-1, &signals, SFD_CLOEXEC);
}

// Complete lines of standard input; `ended` at its end.
class Lines {
  std::string pending;

public:
  bool ended = false;

  std::vector<std::string> read() {
    char chunk[4096];
    const ssize_t count = ::read(STDIN_FILENO, chunk, sizeof chunk);
    if (count <= 0) ended = true;
    else pending.append(chunk, static_cast<size_t>(count));
    std::vector<std::string> lines;
    for (size_t end; (end = pending.find('\n')) != std::string::npos; pending.erase(0, end + 1))
      lines.push_back(pending.substr(0, end));
    return lines;
  }
};

int millisecondsUntil(Clock::time_point time) {
  if (time == Clock::time_point::max()) return -1;
  const Clock::time_point now = Clock::now();
  return time <= now ? 0 : static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(time - now).count());
}

// Returns false for `quit`.
bool carryOut(Session &session, const std::string &line) {
  try {
    return session.run(line);
  } catch (const std::exception &error) {
    emit("refused", "\"command\":" + quoted(line) + ",\"reason\":" + quoted(error.what()));
    return true;
  }
}

void serve(Session &session, int wakeUp, int signals) {
  Lines input;
  for (;;) {
    const Clock::time_point next = session.turn();
    pollfd sources[] = {{STDIN_FILENO, POLLIN, 0}, {wakeUp, POLLIN, 0}, {signals, POLLIN, 0}};
    poll(sources, 3, millisecondsUntil(next));
    if (sources[2].revents) return;
    if (uint64_t wakes; sources[1].revents && read(wakeUp, &wakes, sizeof wakes) < 0) return;
    if (!sources[0].revents) continue;
    for (const std::string &line : input.read())
      if (!carryOut(session, line)) return;
    if (input.ended) return;
  }
}

}  // namespace

int main(int argc, char **argv) try {
  const int signals = endSignals();
  const Options options = parse(argc, argv);
  alarm(options.lifeSeconds);
  const int wakeUp = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  const auto participant = openParticipant(options.network, [wakeUp] { eventfd_write(wakeUp, 1); });
  emit("ready", "\"gid\":\"" + hex(participant->guid()) + "\"");
  {
    Session session(*participant, options.gidOctets);
    bool go = true;
    // Each command-line argument may be a command as well.
    for (int i = optind; go && i < argc; i++) go = carryOut(session, argv[i]);
    if (go) serve(session, wakeUp, signals);
  }
  emit("bye", "");
  return 0;
} catch (const std::exception &error) {
  fprintf(stderr, "%s\n", error.what());
  return 2;
}
