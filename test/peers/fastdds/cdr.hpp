// Serializes idlc's C structures with Fast CDR, the serializer of Fast DDS.
#pragma once

#include <fastcdr/Cdr.h>
#include <fastcdr/exceptions/BadParamException.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <type_traits>

#include "../fields.hpp"

namespace peer {

// Maximum claimed bytes of a received sequence: above any message of the tests.
constexpr size_t maxSequenceOctets = 64u << 20;

template <class T> constexpr bool isNumber = std::is_arithmetic_v<T>;

class CdrWriter {
  eprosima::fastcdr::Cdr &cdr;

  template <class T> requires isNumber<T> void put(T value) { cdr << value; }
  void put(char *value) { cdr << static_cast<const char *>(value ? value : ""); }

  template <class T, size_t N> void put(T (&values)[N]) {
    if constexpr (std::is_same_v<T, char>) cdr << static_cast<const char *>(values);
    else list(values, N);
  }

  template <Sequence S> void put(S &values) {
    cdr << values._length;
    list(values._buffer, values._length);
  }

  template <class M> requires std::is_class_v<M> && (!Sequence<M>) void put(M &m) { fields(m, *this); }

  template <class T> void list(T *values, size_t count) {
    if constexpr (isNumber<T>) cdr.serializeArray(values, count);
    else
      for (size_t i = 0; i < count; i++) put(values[i]);
  }

public:
  explicit CdrWriter(eprosima::fastcdr::Cdr &to) : cdr(to) {}

  template <class T> void operator()(const char *, T &value) { put(value); }

  void wide(const char *, dds_sequence_unsigned_long &units) {
    cdr << std::wstring(units._buffer, units._buffer + units._length);
  }
};

class CdrReader {
  eprosima::fastcdr::Cdr &cdr;

  template <class T> requires isNumber<T> void take(T &value) { cdr >> value; }

  void take(char *&value) {
    std::string text;
    cdr >> text;
    value = strdup(text.c_str());
  }

  template <class T, size_t N> void take(T (&values)[N]) {
    if constexpr (std::is_same_v<T, char>) {
      std::string text;
      cdr >> text;
      strncpy(values, text.c_str(), N - 1);
    } else {
      list(values, N);
    }
  }

  template <Sequence S> void take(S &values) {
    uint32_t count = 0;
    cdr >> count;
    reserve(values, count);
    list(values._buffer, count);
  }

  template <class M> requires std::is_class_v<M> && (!Sequence<M>) void take(M &m) { fields(m, *this); }

  template <class T> void list(T *values, size_t count) {
    if constexpr (isNumber<T>) cdr.deserializeArray(values, count);
    else
      for (size_t i = 0; i < count; i++) take(values[i]);
  }

  // Zeroed, so that a truncated message can still be freed.
  template <class S> static void reserve(S &values, size_t count) {
    constexpr size_t octets = sizeof(*values._buffer);
    if (count > maxSequenceOctets / octets) throw eprosima::fastcdr::exception::BadParamException("sequence too long");
    values._buffer = static_cast<decltype(values._buffer)>(calloc(count, octets));
    values._length = values._maximum = static_cast<uint32_t>(count);
  }

public:
  explicit CdrReader(eprosima::fastcdr::Cdr &from) : cdr(from) {}

  template <class T> void operator()(const char *, T &value) { take(value); }

  void wide(const char *, dds_sequence_unsigned_long &units) {
    std::wstring text;
    cdr >> text;
    reserve(units, text.size());
    for (size_t i = 0; i < text.size(); i++) units._buffer[i] = static_cast<uint32_t>(text[i]);
  }
};

// Frees what a CdrReader allocated.
struct CdrRelease {
  template <class T> void operator()(const char *, T &value) { release(value); }
  void wide(const char *, dds_sequence_unsigned_long &units) { free(units._buffer); }

private:
  template <class T> requires isNumber<T> void release(T) const {}
  void release(char *value) const { free(value); }

  template <class T, size_t N> void release(T (&values)[N]) {
    if constexpr (!isNumber<T>)
      for (T &value : values) release(value);
  }

  template <Sequence S> void release(S &values) {
    if constexpr (!isNumber<Element<S>>)
      for (uint32_t i = 0; i < values._length; i++) release(values._buffer[i]);
    free(values._buffer);
  }

  template <class M> requires std::is_class_v<M> && (!Sequence<M>) void release(M &m) { fields(m, *this); }
};

// Upper bound of a message's bytes: every field with its maximum padding.
struct CdrBound {
  size_t octets = 0;

  template <class T> void operator()(const char *, T &value) { add(value); }
  void wide(const char *, dds_sequence_unsigned_long &units) { octets += 8 + 4 * size_t{units._length}; }

private:
  template <class T> requires isNumber<T> void add(T) { octets += sizeof(T) + 7; }
  void add(char *value) { octets += 8 + (value ? strlen(value) : 0) + 1; }

  template <class T, size_t N> void add(T (&values)[N]) {
    if constexpr (isNumber<T>) octets += 8 + sizeof values;
    else
      for (T &value : values) add(value);
  }

  template <Sequence S> void add(S &values) {
    octets += 16;
    if constexpr (isNumber<Element<S>>) octets += size_t{values._length} * sizeof(Element<S>);
    else
      for (uint32_t i = 0; i < values._length; i++) add(values._buffer[i]);
  }

  template <class M> requires std::is_class_v<M> && (!Sequence<M>) void add(M &m) { fields(m, *this); }
};

}  // namespace peer
