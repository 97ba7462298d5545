// Serialized messages, written and read value by value: for the many service types, which have no C structure here.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace peer {

using Octets = std::vector<uint8_t>;

static_assert(std::endian::native == std::endian::little, "the encapsulation header says little-endian");

// Received data does not match its type.
struct Malformed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

constexpr size_t encapsulationOctets = 4;

template <class T>
concept Number = std::is_arithmetic_v<T>;

// Plain CDR in little-endian order, including its encapsulation header.
class CdrOut {
  Octets octets{0, 1, 0, 0};

public:
  template <Number T> CdrOut &operator<<(T value) & {
    while ((octets.size() - encapsulationOctets) % sizeof value) octets.push_back(0);
    const auto *first = reinterpret_cast<const uint8_t *>(&value);
    octets.insert(octets.end(), first, first + sizeof value);
    return *this;
  }

  CdrOut &operator<<(const std::string &text) & {
    *this << static_cast<uint32_t>(text.size() + 1);
    octets.insert(octets.end(), text.c_str(), text.c_str() + text.size() + 1);
    return *this;
  }

  // Without this a literal would become a bool.
  CdrOut &operator<<(const char *text) & { return *this << std::string(text); }

  template <class T, size_t N> CdrOut &operator<<(const std::array<T, N> &values) & {
    for (const T &value : values) *this << value;
    return *this;
  }

  template <class T> CdrOut &operator<<(const std::vector<T> &values) & {
    *this << static_cast<uint32_t>(values.size());
    for (const T &value : values) *this << value;
    return *this;
  }

  operator Octets() const { return octets; }
};

// `CdrOut() << a << b` is a whole message.
template <class T> CdrOut &&operator<<(CdrOut &&out, const T &value) {
  static_cast<CdrOut &>(out) << value;
  return std::move(out);
}

class CdrIn {
  const Octets &octets;
  size_t at = encapsulationOctets;
  bool swapped;

  const uint8_t *next(size_t count) {
    if (count > octets.size() - at) throw Malformed("it ends too early");
    at += count;
    return octets.data() + at - count;
  }

public:
  // `data` must outlive this object.
  explicit CdrIn(const Octets &data) : octets(data) {
    if (data.size() < encapsulationOctets || data[0] != 0 || data[1] > 1) throw Malformed("it is not in plain CDR");
    swapped = data[1] == 0;
  }

  template <Number T> CdrIn &operator>>(T &value) {
    while ((at - encapsulationOctets) % sizeof value) next(1);
    uint8_t raw[sizeof value];
    memcpy(raw, next(sizeof value), sizeof value);
    if (swapped) std::reverse(raw, raw + sizeof value);
    if (std::same_as<T, bool> && *raw > 1) throw Malformed("a boolean is neither 0 nor 1");
    memcpy(&value, raw, sizeof value);
    return *this;
  }

  CdrIn &operator>>(std::string &text) {
    uint32_t length;
    *this >> length;
    const auto *first = reinterpret_cast<const char *>(next(length));
    if (length == 0 || first[length - 1] != '\0') throw Malformed("a string does not end in a zero");
    text.assign(first, length - 1);
    return *this;
  }

  template <class T, size_t N> CdrIn &operator>>(std::array<T, N> &values) {
    for (T &value : values) *this >> value;
    return *this;
  }

  template <class T> CdrIn &operator>>(std::vector<T> &values) {
    uint32_t count;
    *this >> count;
    // Each element has at least one byte, so a count above the remaining data is rejected.
    if (count > octets.size() - at) throw Malformed("a sequence is longer than the data");
    values.clear();
    for (uint32_t i = 0; i < count; i++) {
      T value{};
      *this >> value;
      values.push_back(value);
    }
    return *this;
  }

  // Only padding may be left: a request in the style of another RMW has additional bytes.
  void end() const {
    if (octets.size() - at >= 4) throw Malformed("octets are left over");
  }
};

}  // namespace peer
