#include "events.hpp"

#include <cstdio>

#include "json.hpp"

namespace peer {

std::string quoted(const std::string &text) {
  Json json;
  json.string(text);
  return json.text;
}

std::string hex(const Guid &guid) {
  std::string digits;
  for (uint8_t octet : guid) {
    char two[3];
    snprintf(two, sizeof two, "%02x", octet);
    digits += two;
  }
  return digits;
}

void emit(const char *name, const std::string &members) {
  printf("{\"event\":\"%s\"%s%s}\n", name, members.empty() ? "" : ",", members.c_str());
  fflush(stdout);
}

}  // namespace peer
