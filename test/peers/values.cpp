#include "values.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

namespace peer {

namespace {

// idlc's strings and sequences are not const, although samples to be published are never modified.
char *text(const char *literal) { return const_cast<char *>(literal); }

template <class S, class T> void point(S &sequence, T *elements, size_t count) {
  sequence._buffer = elements;
  sequence._length = sequence._maximum = static_cast<uint32_t>(count);
  sequence._release = false;
}

template <class S, class T, size_t N> void point(S &sequence, std::array<T, N> &elements) {
  point(sequence, elements.data(), N);
}

template <class T> constexpr T lowest = std::numeric_limits<T>::lowest();
template <class T> constexpr T highest = std::numeric_limits<T>::max();

void stamp(std_msgs_msg_dds__Header_ &header, long index, const char *frame) {
  header.stamp = {static_cast<int32_t>(index), static_cast<uint32_t>(index % 1000) * 1000000u};
  header.frame_id = text(frame);
}

}  // namespace

void fill(std_msgs_msg_dds__String_ &m, long index, size_t size) {
  static std::string data;
  data = "Hello World: " + std::to_string(index);
  if (data.size() < size) data.append(size - data.size(), '.');
  m.data = data.data();
}

void fill(std_msgs_msg_dds__Empty_ &, long, size_t) {
  // The single byte stays 0.
}

void fill(geometry_msgs_msg_dds__Twist_ &m, long index, size_t) {
  m.linear = {0.1 * static_cast<double>(index), -0.0, 1.0 / 3.0};
  m.angular = {std::numeric_limits<double>::denorm_min(), -1e300, M_PI};
}

void fill(sensor_msgs_msg_dds__LaserScan_ &m, long index, size_t) {
  static std::array<float, 360> ranges;
  static std::array<float, 2> intensities;
  for (size_t i = 0; i < ranges.size(); i++) ranges[i] = 0.1f * static_cast<float>(i + static_cast<size_t>(index));
  ranges[7] = INFINITY;
  ranges[8] = NAN;
  intensities = {0.5f, -0.0f};
  stamp(m.header, index, "laser");
  m.angle_min = -3.14159274f;
  m.angle_max = 3.14159274f;
  m.angle_increment = 0.0175f;
  m.time_increment = 1e-5f;
  m.scan_time = 0.1f;
  m.range_min = 0.05f;
  m.range_max = 30.0f;
  point(m.ranges, ranges);
  point(m.intensities, intensities);
}

void fill(sensor_msgs_msg_dds__Image_ &m, long index, size_t size) {
  static std::vector<uint8_t> pixels;
  const uint32_t step = 64;
  const uint32_t height = static_cast<uint32_t>(size / step + 1);
  pixels.resize(size_t{height} * step);
  // A pattern without a short period, so that a misplaced fragment changes the hash.
  for (size_t i = 0; i < pixels.size(); i++)
    pixels[i] = static_cast<uint8_t>(i * 31 + i / 251 + static_cast<size_t>(index));
  stamp(m.header, index, "camera");
  m.height = height;
  m.width = m.step = step;
  m.encoding = text("mono8");
  point(m.data, pixels.data(), pixels.size());
}

void fill(rcl_interfaces_msg_dds__Log_ &m, long index, size_t) {
  static std::string message;
  message = "message " + std::to_string(index);
  m.stamp = {1700000000, static_cast<uint32_t>(index)};
  m.level = 30;
  m.name = text("peer");
  m.msg = message.data();
  m.file = text("values.cpp");
  m.function = text("fill");
  m.line = 42;
}

namespace {

using AllTypes = medkit_test_msgs_msg_dds__AllTypes_;
using Part = medkit_test_msgs_msg_dds__Part_;

void empty(AllTypes &m) {
  m.text = m.two_words[0] = m.two_words[1] = m.two_parts[0].label = m.two_parts[1].label = text("");
}

// Every number at one end of its range, every sequence at its maximum length.
template <template <class> class End> void extreme(AllTypes &m) {
  static std::array<uint8_t, 3> octets{End<uint8_t>::of, 1, 2};
  static std::array<int8_t, 3> signedOctets{End<int8_t>::of, 0, -1};
  static std::array<bool, 5> flags{true, false, true, true, false};
  static std::array<int16_t, 3> shorts{End<int16_t>::of, 1, -2};
  static std::array<int64_t, 3> longs{End<int64_t>::of, -9007199254740993, 9007199254740993};
  static std::array<uint64_t, 2> unsignedLongs{End<uint64_t>::of, 9007199254740993u};
  static std::array<float, 2> floats{End<float>::of, 0.1f};
  static std::array<double, 2> doubles{End<double>::of, 0.1};
  static std::array<char *, 3> words{text("one"), text(""), text("three three three")};
  static std::array<uint16_t, 4> four{End<uint16_t>::of, 1, 2, 3};
  static char shortWords[2][9] = {"12345678", ""};
  static std::array<uint32_t, 4> wide{'w', 0xe9, 0x20ac, '!'};
  static std::array<Part, 3> parts;
  parts[0] = {End<uint8_t>::of, text("first"), End<double>::of, {}};
  parts[1] = {1, text(""), -0.5, {}};
  parts[2] = {2, text("third part"), 1e-3, {}};
  point(parts[0].steps, shorts);
  point(parts[2].steps, shorts.data(), 1);

  m.flag = m.after_text = m.last = true;
  m.octet_value = m.character = m.u8 = End<uint8_t>::of;
  m.i8 = End<int8_t>::of;
  m.i16 = End<int16_t>::of;
  m.u16 = End<uint16_t>::of;
  m.i32 = End<int32_t>::of;
  m.u32 = End<uint32_t>::of;
  m.i64 = End<int64_t>::of;
  m.u64 = End<uint64_t>::of;
  m.f32 = End<float>::of;
  m.f64 = End<double>::of;
  m.text = text("plain text");
  strcpy(m.short_text, "12345678");
  point(m.wide_text, wide);
  m.three_flags[0] = m.three_flags[2] = true;
  m.three_numbers[0] = End<int32_t>::of;
  m.three_numbers[2] = -1;
  m.two_doubles[1] = End<double>::of;
  m.two_words[0] = text("a");
  m.two_words[1] = text("bcdef");
  strcpy(m.two_short_words[1], "x");
  m.two_parts[0] = parts[2];
  m.two_parts[1] = parts[0];
  point(m.octets, octets);
  point(m.flags, flags);
  point(m.bytes_signed, signedOctets);
  point(m.shorts, shorts);
  point(m.longs, longs);
  point(m.unsigned_longs, unsignedLongs);
  point(m.floats, floats);
  point(m.doubles, doubles);
  point(m.words, words);
  point(m.parts, parts);
  point(m.at_most_four, four);
  point(m.at_most_three_words, words);
  point(m.at_most_two_short_words, shortWords, 2);
  point(m.at_most_two_parts, parts.data(), 2);
  m.stamp = {End<int32_t>::of, 999999999};
}

template <class T> struct Low { static constexpr T of = lowest<T>; };
template <class T> struct High { static constexpr T of = highest<T>; };

void odd(AllTypes &m) {
  static std::array<float, 6> floats{NAN, INFINITY, -INFINITY, -0.0f, 1e-45f, 16777217.0f};
  static std::array<double, 6> doubles{NAN, INFINITY, -INFINITY, -0.0, 5e-324, 9007199254740993.0};
  // Latin, Greek, Chinese, a character outside the basic plane, quotes, a line feed.
  static std::array<char *, 3> words{text("na\u00efve \u03b1\u03b2\u03b3"), text("\u673a\u5668\u4eba \U0001f916"),
                                     text("\"\\\n\t")};
  // UTF-16: the robot face is a surrogate pair, as ROS sends it.
  static std::array<uint32_t, 5> wide{0x673a, 0xd83e, 0xdd16, '"', '\n'};
  empty(m);
  m.f32 = NAN;
  m.f64 = -0.0;
  m.text = words[1];
  strcpy(m.short_text, "\u20ac\u20ac");  // six octets: the bound of a string counts them, not characters
  point(m.wide_text, wide);
  m.two_doubles[0] = -INFINITY;
  m.two_doubles[1] = NAN;
  point(m.floats, floats);
  point(m.doubles, doubles);
  point(m.words, words);
  m.last = true;
}

}  // namespace

void fill(AllTypes &m, long index, size_t) {
  switch (index % 4) {
    case 0: return empty(m);
    case 1: return extreme<Low>(m);
    case 2: return extreme<High>(m);
    default: return odd(m);
  }
}

}  // namespace peer
