#include "canned.hpp"

#include <algorithm>

#include "../dds.hpp"
#include "../events.hpp"

namespace peer {

namespace {

using Words = std::vector<std::string>;

std::string word(const Words &words, size_t place) { return place < words.size() ? words[place] : ""; }
int64_t integer(const Words &words, size_t place) { return std::stoll(word(words, place)); }

// An empty message has one byte, as in rosidl.
Octets nothing() { return CdrOut() << uint8_t{0}; }

void readNothing(CdrIn &in) {
  uint8_t octet;
  in >> octet;
}

std::string toldNothing(CdrIn &in) {
  readNothing(in);
  return "{}";
}

Octets outcome(bool success, const std::string &message) { return CdrOut() << success << message; }

std::string toldOutcome(CdrIn &in) {
  bool success;
  std::string message;
  in >> success >> message;
  return std::string("{\"success\":") + (success ? "true" : "false") + ",\"message\":" + quoted(message) + "}";
}

// std_srvs/srv/Trigger: the message counts the calls.
Octets trigger(CdrIn &in) {
  static long count = 0;
  readNothing(in);
  count += 1;
  return outcome(true, "triggered " + std::to_string(count));
}

Octets setBool(CdrIn &in) {
  bool data;
  in >> data;
  return outcome(data, data ? "on" : "off");
}

Octets addTwoInts(CdrIn &in) {
  int64_t a, b;
  in >> a >> b;
  return CdrOut() << static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
}

// medkit_test_msgs/srv/Mirror: returns the same values, sequences in reverse order, with the requested amount of
// filling.
constexpr uint32_t mostFilling = 8u << 20;

Octets mirror(CdrIn &in) {
  std::vector<std::string> words;
  std::vector<int64_t> longs;
  uint64_t number;
  uint32_t fillingSize;
  Octets filling;
  in >> words >> longs >> number >> fillingSize >> filling;
  if (fillingSize > mostFilling) throw Malformed("so much filling is never asked for");
  std::ranges::reverse(words);
  std::ranges::reverse(longs);
  const uint32_t received = static_cast<uint32_t>(filling.size());
  filling.resize(fillingSize);
  for (uint32_t i = 0; i < fillingSize; i++) filling[i] = static_cast<uint8_t>(i * 31 + i / 251);
  return CdrOut() << words << longs << number << received << filling;
}

// `call … NUMBER FILLING WORDS…`
Octets askMirror(const Words &words) {
  const Words texts(words.begin() + std::min<long>(2, static_cast<long>(words.size())), words.end());
  return CdrOut() << texts << std::vector<int64_t>{INT64_MIN, -1, INT64_MAX} << static_cast<uint64_t>(integer(words, 0))
                  << static_cast<uint32_t>(integer(words, 1)) << Octets{1, 2, 3};
}

std::string toldMirror(CdrIn &in) {
  std::vector<std::string> words;
  std::vector<int64_t> longs;
  uint64_t number;
  uint32_t received;
  Octets filling;
  in >> words >> longs >> number >> received >> filling;
  std::string texts, numbers;
  for (const std::string &text : words) texts += (texts.empty() ? "" : ",") + quoted(text);
  for (const int64_t value : longs) numbers += (numbers.empty() ? "\"" : ",\"") + std::to_string(value) + "\"";
  return "{\"words\":[" + texts + "],\"longs\":[" + numbers + "],\"number\":\"" + std::to_string(number) +
         "\",\"received\":" + std::to_string(received) + ",\"filling\":" + std::to_string(filling.size()) + "}";
}

// ros2_medkit_msgs/srv/ReportFault. `call … CODE EVENT SEVERITY SOURCE DESCRIPTION…`
Octets askReportFault(const Words &words) {
  std::string description;
  for (size_t i = 4; i < words.size(); i++) description += (i > 4 ? " " : "") + words[i];
  return CdrOut() << word(words, 0) << static_cast<uint8_t>(integer(words, 1)) << static_cast<uint8_t>(integer(words, 2))
                  << description << word(words, 3);
}

const CannedService services[] = {
    {"std_srvs/srv/Empty",
     [](CdrIn &in) {
       readNothing(in);
       return nothing();
     },
     [](const Words &) { return nothing(); }, toldNothing},
    {"std_srvs/srv/Trigger", trigger, [](const Words &) { return nothing(); }, toldOutcome},
    {"std_srvs/srv/SetBool", setBool,
     [](const Words &words) -> Octets { return CdrOut() << (word(words, 0) == "true"); }, toldOutcome},
    {"example_interfaces/srv/AddTwoInts", addTwoInts,
     [](const Words &words) -> Octets { return CdrOut() << integer(words, 0) << integer(words, 1); },
     [](CdrIn &in) {
       int64_t sum;
       in >> sum;
       return "{\"sum\":\"" + std::to_string(sum) + "\"}";
     }},
    {"medkit_test_msgs/srv/Mirror", mirror, askMirror, toldMirror},
    {"ros2_medkit_msgs/srv/ReportFault", nullptr, askReportFault,
     [](CdrIn &in) {
       bool accepted;
       in >> accepted;
       return std::string("{\"accepted\":") + (accepted ? "true" : "false") + "}";
     }},
};

}  // namespace

const CannedService &cannedService(const std::string &type) {
  for (const CannedService &service : services)
    if (type == service.type) return service;
  for (const CannedService &service : nodeServices)
    if (type == service.type) return service;
  throw Refused("unknown service type " + type);
}

}  // namespace peer
