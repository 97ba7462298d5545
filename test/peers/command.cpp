#include "command.hpp"

#include <set>
#include <sstream>

#include "dds.hpp"

namespace peer {

namespace {

const std::set<std::string> known = {"rate",     "count",       "size",     "wait",    "depth", "deadline",
                                     "lifespan", "best_effort", "keep_all", "no_hash", "quiet", "transient_local"};

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

double Command::number(const std::string &option, double otherwise) const {
  const auto found = options.find(option);
  if (found == options.end()) return otherwise;
  try {
    return std::stod(found->second);
  } catch (const std::logic_error &) {
    throw Refused(option + " wants a number, not '" + found->second + "'");
  }
}

}  // namespace peer
