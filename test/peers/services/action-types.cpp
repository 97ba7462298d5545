#include "action-types.hpp"

#include <algorithm>
#include <array>

#include "../dds.hpp"
#include "stamp.hpp"

namespace peer {

namespace {

using Words = std::vector<std::string>;

// Maximum steps: more than any test waits for.
constexpr int mostSteps = 1000;

// example_interfaces/action/Fibonacci: one more number of the sequence per step.
std::vector<int32_t> fibonacci(int done) {
  std::vector<int32_t> numbers{0, 1};
  // Beyond the forty-sixth they wrap around.
  for (int i = 0; i < done; i++) {
    const auto sum = static_cast<uint32_t>(numbers[numbers.size() - 2]) + static_cast<uint32_t>(numbers.back());
    numbers.push_back(static_cast<int32_t>(sum));
  }
  return numbers;
}

std::string toldSequence(CdrIn &in) {
  std::vector<int32_t> numbers;
  in >> numbers;
  std::string list;
  for (const int32_t number : numbers) list += (list.empty() ? "" : ",") + std::to_string(number);
  return "{\"sequence\":[" + list + "]}";
}

const ActionType fibonacciType = {
    "example_interfaces/action/Fibonacci",
    [](CdrIn &in) {
      int32_t order;
      in >> order;
      // The first two numbers exist from the start.
      return std::clamp(order - 1, 0, mostSteps);
    },
    [](CdrOut &out, int done, int) { out << fibonacci(done); },
    [](CdrOut &out, int done, bool) { out << fibonacci(done); },
    [](CdrOut &out, const Words &words) { out << static_cast<int32_t>(words.empty() ? 5 : std::stoi(words[0])); },
    toldSequence,
    toldSequence,
};

// geometry_msgs/msg/PoseStamped.
struct PoseStamped {
  Stamp stamp;
  std::string frame = "map";
  // Position, orientation.
  std::array<double, 7> numbers{};
};

CdrOut &operator<<(CdrOut &out, const PoseStamped &pose) { return out << pose.stamp << pose.frame << pose.numbers; }
CdrIn &operator>>(CdrIn &in, PoseStamped &pose) { return in >> pose.stamp >> pose.frame >> pose.numbers; }

PoseStamped poseAt(double x, double y) { return {Stamp::now(), "map", {x, y, 0, 0, 0, 0, 1}}; }

// nav2_msgs/action/NavigateToPose of Jazzy: a quarter of a metre per step along the x axis.
constexpr int stepsAMetre = 4;

const ActionType navigateType = {
    "nav2_msgs/action/NavigateToPose",
    [](CdrIn &in) {
      PoseStamped pose;
      std::string behaviorTree;
      in >> pose >> behaviorTree;
      return static_cast<int>(std::clamp(pose.numbers[0] * stepsAMetre, 0.0, double{mostSteps}));
    },
    [](CdrOut &out, int done, int steps) {
      const double metres = double{1} / stepsAMetre;
      out << poseAt(done * metres, 0) << Stamp{done, 0} << Stamp{steps - done, 0} << int16_t{0}
          << static_cast<float>((steps - done) * metres);
    },
    [](CdrOut &out, int, bool aborted) {
      if (aborted) out << uint16_t{105} << "Failed to make progress";
      else out << uint16_t{0} << "";
    },
    [](CdrOut &out, const Words &words) { out << poseAt(words.empty() ? 1 : std::stod(words[0]), 0) << ""; },
    [](CdrIn &in) {
      PoseStamped pose;
      Stamp taken, left;
      int16_t recoveries;
      float distance;
      in >> pose >> taken >> left >> recoveries >> distance;
      return "{\"distance_remaining\":" + std::to_string(distance) + "}";
    },
    [](CdrIn &in) {
      uint16_t code;
      std::string message;
      in >> code >> message;
      return "{\"error_code\":" + std::to_string(code) + "}";
    },
};

}  // namespace

const ActionType &actionType(const std::string &type) {
  for (const ActionType *each : {&fibonacciType, &navigateType})
    if (type == each->type) return *each;
  throw Refused("unknown action type " + type);
}

}  // namespace peer
