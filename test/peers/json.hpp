// Lossless JSON of a message: 64-bit integers, and floating-point values that JSON cannot represent, are strings; long
// byte sequences are replaced by their length and hash.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <type_traits>

#include "fields.hpp"

namespace peer {

class Json {
public:
  // Longer byte sequences are printed as {"octets": length, "fnv1a": hash}.
  static constexpr uint32_t octetsInFull = 64;

  std::string text;

  template <class T> void operator()(const char *name, T &value) {
    key(name);
    put(value);
  }

  void wide(const char *name, const dds_sequence_unsigned_long &units) {
    key(name);
    text += '"';
    for (uint32_t i = 0; i < units._length; i++) escape(units._buffer[i]);
    text += '"';
  }

  template <class M> void message(M &m) {
    text += '{';
    first = true;
    fields(m, *this);
    text += '}';
    first = false;
  }

  void string(std::string_view value) {
    text += '"';
    for (unsigned char c : value) {
      if (c < 0x20 || c == '"' || c == '\\' || c == 0x7f) escape(c);
      else text += static_cast<char>(c);
    }
    text += '"';
  }

private:
  bool first = true;

  void key(const char *name) {
    if (!first) text += ',';
    first = false;
    string(name);
    text += ':';
  }

  void escape(uint32_t unit) {
    char escaped[16];
    snprintf(escaped, sizeof escaped, "\\u%04x", unit & 0xffff);
    text += escaped;
  }

  void put(bool value) { text += value ? "true" : "false"; }
  void put(const char *value) { string(value ? value : ""); }
  void put(float value) { put(static_cast<double>(value)); }

  void put(double value) {
    char digits[32];
    // Seventeen digits represent every double exactly; -0 keeps its sign in JSON.
    snprintf(digits, sizeof digits, "%.17g", value);
    if (std::isnan(value)) text += "\"NaN\"";
    else if (std::isinf(value)) text += value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
    else text += digits;
  }

  template <class T> requires std::is_integral_v<T> void put(T value) {
    const bool quoted = sizeof(T) == 8;
    if (quoted) text += '"';
    text += std::to_string(value);
    if (quoted) text += '"';
  }

  template <class T, size_t N> void put(T (&values)[N]) {
    if constexpr (std::is_same_v<T, char>) string(values);
    else list(values, N);
  }

  template <Sequence S> void put(S &values) {
    if constexpr (std::is_same_v<Element<S>, uint8_t>) {
      if (values._length > octetsInFull) return digest(values._buffer, values._length);
    }
    list(values._buffer, values._length);
  }

  template <class M> requires std::is_class_v<M> && (!Sequence<M>) void put(M &m) { message(m); }

  template <class T> void list(T *values, size_t count) {
    text += '[';
    for (size_t i = 0; i < count; i++) {
      if (i > 0) text += ',';
      put(values[i]);
    }
    text += ']';
    first = false;
  }

  void digest(const uint8_t *octets, uint32_t count) {
    uint32_t hash = 0x811c9dc5;  // FNV-1a
    for (uint32_t i = 0; i < count; i++) hash = (hash ^ octets[i]) * 0x01000193;
    text += "{\"octets\":" + std::to_string(count) + ",\"fnv1a\":" + std::to_string(hash) + "}";
  }
};

}  // namespace peer
