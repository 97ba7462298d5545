// One command of a test: words, then options as `name=value` or a bare `name`.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace peer {

using Clock = std::chrono::steady_clock;

class Command {
  std::vector<std::string> words;
  std::map<std::string, std::string> options;

public:
  // `pub /chatter std_msgs/msg/String rate=10 best_effort`: three words, two options. Throws Refused for an unknown
  // option.
  explicit Command(const std::string &line);

  // Returns the word at a position; empty if there is none.
  const std::string &word(size_t place) const;
  // Returns the words from a position on.
  std::vector<std::string> rest(size_t place) const;
  const std::string &verb() const { return word(0); }
  const std::string &topic() const { return word(1); }
  bool has(const std::string &option) const { return options.contains(option); }
  // Throws Refused if the value is not a number.
  double number(const std::string &option, double otherwise) const;
  Clock::duration milliseconds(const std::string &option, double otherwise) const;
  // Returns an empty text if the option is absent.
  std::string text(const std::string &option) const;
};

}  // namespace peer
