#include "command.hpp"

#include <set>
#include <sstream>

#include "dds.hpp"

namespace peer {

namespace {

const std::set<std::string> known = {
    // Options of topics.
    "rate", "count", "size", "wait", "depth", "deadline", "lifespan", "best_effort", "keep_all", "no_hash", "quiet",
    "transient_local",
    // Options of services and their clients.
    "hang", "garbage", "die", "late", "delay", "parallel", "timeout", "nap",
    // Options of actions, their clients, parameters and managed nodes.
    "interval", "reject", "refuse_cancel", "abort", "cancel", "unset", "beacon", "fail"};

}  // namespace

Command::Command(const std::string &line) {
  std::istringstream input(line);
  for (std::string word; input >> word;) {
    const size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    if (known.contains(name)) options[name] = equals == std::string::npos ? "" : word.substr(equals + 1);
    else if (equals != std::string::npos) throw Refused("unknown option " + name);
    else words.push_back(word);
  }
}

const std::string &Command::word(size_t place) const {
  static const std::string none;
  return place < words.size() ? words[place] : none;
}

std::vector<std::string> Command::rest(size_t place) const {
  if (place >= words.size()) return {};
  return {words.begin() + static_cast<long>(place), words.end()};
}

double Command::number(const std::string &option, double otherwise) const {
  const auto found = options.find(option);
  if (found == options.end()) return otherwise;
  try {
    return std::stod(found->second);
  } catch (const std::logic_error &) {
    throw Refused(option + " wants a number, not '" + found->second + "'");
  }
}

std::string Command::text(const std::string &option) const {
  const auto found = options.find(option);
  return found == options.end() ? "" : found->second;
}

Clock::duration Command::milliseconds(const std::string &option, double otherwise) const {
  const std::chrono::duration<double, std::milli> wanted(number(option, otherwise));
  return std::chrono::duration_cast<Clock::duration>(wanted);
}

}  // namespace peer
