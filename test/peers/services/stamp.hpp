// builtin_interfaces/msg/Time of now.
#pragma once

#include <chrono>

#include "../serialised.hpp"

namespace peer {

struct Stamp {
  int32_t sec = 0;
  uint32_t nanosec = 0;

  static Stamp now() {
    using namespace std::chrono;
    const auto sinceEpoch = duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count();
    return {static_cast<int32_t>(sinceEpoch / 1'000'000'000), static_cast<uint32_t>(sinceEpoch % 1'000'000'000)};
  }
};

inline CdrOut &operator<<(CdrOut &out, const Stamp &stamp) { return out << stamp.sec << stamp.nanosec; }
inline CdrIn &operator>>(CdrIn &in, Stamp &stamp) { return in >> stamp.sec >> stamp.nanosec; }

}  // namespace peer
