// Values that the peers publish: the same value for the same index in both vendors' processes.
#pragma once

#include <cstddef>

#include "ros.h"

namespace peer {

// Each fills a zeroed message. Pointers in a message are valid until the next call for that type.
void fill(std_msgs_msg_dds__String_ &m, long index, size_t size);
void fill(std_msgs_msg_dds__Empty_ &m, long index, size_t size);
void fill(geometry_msgs_msg_dds__Twist_ &m, long index, size_t size);
void fill(sensor_msgs_msg_dds__LaserScan_ &m, long index, size_t size);
void fill(sensor_msgs_msg_dds__Image_ &m, long index, size_t size);
void fill(rcl_interfaces_msg_dds__Log_ &m, long index, size_t size);
// Index modulo 4: all empty, all lowest, all highest, unusual characters and special floating-point values.
void fill(medkit_test_msgs_msg_dds__AllTypes_ &m, long index, size_t size);

}  // namespace peer
