// The fields of every message, named once, in the order of the wire. A visitor (JSON printer, CDR writer, CDR reader ...)
// is called as visit("name", field); wide() marks a ROS wstring.
#pragma once

#include <type_traits>
#include <utility>

#include "ros.h"

namespace peer {

template <class V> void fields(builtin_interfaces_msg_dds__Time_ &m, V &&visit) {
  visit("sec", m.sec);
  visit("nanosec", m.nanosec);
}

template <class V> void fields(std_msgs_msg_dds__Header_ &m, V &&visit) {
  visit("stamp", m.stamp);
  visit("frame_id", m.frame_id);
}

template <class V> void fields(std_msgs_msg_dds__String_ &m, V &&visit) { visit("data", m.data); }

template <class V> void fields(std_msgs_msg_dds__Empty_ &m, V &&visit) {
  visit("structure_needs_at_least_one_member", m.structure_needs_at_least_one_member);
}

template <class V> void fields(geometry_msgs_msg_dds__Vector3_ &m, V &&visit) {
  visit("x", m.x);
  visit("y", m.y);
  visit("z", m.z);
}

template <class V> void fields(geometry_msgs_msg_dds__Twist_ &m, V &&visit) {
  visit("linear", m.linear);
  visit("angular", m.angular);
}

template <class V> void fields(sensor_msgs_msg_dds__LaserScan_ &m, V &&visit) {
  visit("header", m.header);
  visit("angle_min", m.angle_min);
  visit("angle_max", m.angle_max);
  visit("angle_increment", m.angle_increment);
  visit("time_increment", m.time_increment);
  visit("scan_time", m.scan_time);
  visit("range_min", m.range_min);
  visit("range_max", m.range_max);
  visit("ranges", m.ranges);
  visit("intensities", m.intensities);
}

template <class V> void fields(sensor_msgs_msg_dds__Image_ &m, V &&visit) {
  visit("header", m.header);
  visit("height", m.height);
  visit("width", m.width);
  visit("encoding", m.encoding);
  visit("is_bigendian", m.is_bigendian);
  visit("step", m.step);
  visit("data", m.data);
}

template <class V> void fields(rcl_interfaces_msg_dds__Log_ &m, V &&visit) {
  visit("stamp", m.stamp);
  visit("level", m.level);
  visit("name", m.name);
  visit("msg", m.msg);
  visit("file", m.file);
  visit("function", m.function);
  visit("line", m.line);
}

template <class V> void fields(rmw_dds_common_msg_dds__Gid_ &m, V &&visit) { visit("data", m.data); }

template <class V> void fields(rmw_dds_common_msg_dds__NodeEntitiesInfo_ &m, V &&visit) {
  visit("node_namespace", m.node_namespace);
  visit("node_name", m.node_name);
  visit("reader_gid_seq", m.reader_gid_seq);
  visit("writer_gid_seq", m.writer_gid_seq);
}

template <class V> void fields(rmw_dds_common_msg_dds__ParticipantEntitiesInfo_ &m, V &&visit) {
  visit("gid", m.gid);
  visit("node_entities_info_seq", m.node_entities_info_seq);
}

template <class V> void fields(rmw_dds_common_humble_msg_dds__Gid_ &m, V &&visit) { visit("data", m.data); }

template <class V> void fields(rmw_dds_common_humble_msg_dds__NodeEntitiesInfo_ &m, V &&visit) {
  visit("node_namespace", m.node_namespace);
  visit("node_name", m.node_name);
  visit("reader_gid_seq", m.reader_gid_seq);
  visit("writer_gid_seq", m.writer_gid_seq);
}

template <class V> void fields(rmw_dds_common_humble_msg_dds__ParticipantEntitiesInfo_ &m, V &&visit) {
  visit("gid", m.gid);
  visit("node_entities_info_seq", m.node_entities_info_seq);
}

template <class V> void fields(medkit_test_msgs_msg_dds__Part_ &m, V &&visit) {
  visit("id", m.id);
  visit("label", m.label);
  visit("weight", m.weight);
  visit("steps", m.steps);
}

template <class V> void fields(medkit_test_msgs_msg_dds__AllTypes_ &m, V &&visit) {
  visit("flag", m.flag);
  visit("octet_value", m.octet_value);
  visit("character", m.character);
  visit("i8", m.i8);
  visit("u8", m.u8);
  visit("i64", m.i64);
  visit("i16", m.i16);
  visit("u16", m.u16);
  visit("u64", m.u64);
  visit("i32", m.i32);
  visit("f32", m.f32);
  visit("u32", m.u32);
  visit("f64", m.f64);
  visit("text", m.text);
  visit("after_text", m.after_text);
  visit("short_text", m.short_text);
  visit.wide("wide_text", m.wide_text);
  visit("three_flags", m.three_flags);
  visit("three_numbers", m.three_numbers);
  visit("two_doubles", m.two_doubles);
  visit("two_words", m.two_words);
  visit("two_short_words", m.two_short_words);
  visit("two_parts", m.two_parts);
  visit("octets", m.octets);
  visit("flags", m.flags);
  visit("bytes_signed", m.bytes_signed);
  visit("shorts", m.shorts);
  visit("longs", m.longs);
  visit("unsigned_longs", m.unsigned_longs);
  visit("floats", m.floats);
  visit("doubles", m.doubles);
  visit("words", m.words);
  visit("parts", m.parts);
  visit("at_most_four", m.at_most_four);
  visit("at_most_three_words", m.at_most_three_words);
  visit("at_most_two_short_words", m.at_most_two_short_words);
  visit("at_most_two_parts", m.at_most_two_parts);
  visit("stamp", m.stamp);
  visit("last", m.last);
}

// idlc's structure for an IDL sequence.
template <class T>
concept Sequence = requires(T s) {
  s._maximum;
  s._length;
  s._buffer;
  s._release;
};

template <Sequence S> using Element = std::remove_reference_t<decltype(*std::declval<S>()._buffer)>;

}  // namespace peer
