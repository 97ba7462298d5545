#include "log.hpp"

#include <algorithm>
#include <map>

#include "stamp.hpp"

namespace peer {

namespace {

// rcl_interfaces/msg/Log.
const std::map<std::string, uint8_t> levels = {{"debug", 10}, {"info", 20}, {"warn", 30}, {"error", 40}, {"fatal", 50}};

// `/robot/arm` logs as `robot.arm`.
std::string loggerOf(const std::string &fqn) {
  std::string name = fqn.substr(fqn.starts_with('/'));
  std::ranges::replace(name, '/', '.');
  return name;
}

// rcl's profile for rosout.
Qos rosoutQos() {
  Qos qos;
  qos.transientLocal = true;
  qos.depth = 1000;
  qos.lifespan = 10;
  return qos;
}

}  // namespace

Log::Log(const Command &command, Node &owner)
    : node(owner.fqn), rosout(owner.writer("rt/rosout", "rcl_interfaces::msg::dds_::Log_", rosoutQos())) {
  write(command);
}

bool Log::carryOut(const Command &command) {
  if (command.verb() != "log") return false;
  write(command);
  return true;
}

void Log::write(const Command &command) {
  const auto level = levels.find(command.word(1));
  if (level == levels.end()) throw Refused("no log level " + command.word(1));
  std::string text;
  for (const std::string &word : command.rest(2)) text += (text.empty() ? "" : " ") + word;
  const Opaque message{.cdr = CdrOut() << Stamp::now() << level->second << loggerOf(node) << text << "peer.cpp" << "work"
                                       << uint32_t{42}};
  rosout->write(&message);
}

}  // namespace peer
