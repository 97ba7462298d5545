export { ROS2_DEFAULTS, type Ros2RuntimeOptions, type Ros2Settings, ros2Runtime } from './ros2-runtime.ts';
