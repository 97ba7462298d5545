import type { CompactDefinitions } from './compact.ts';

/**
 * The services of common_interfaces and tf2, some small packages for navigation, and the messages with a `byte` field.
 * The npm package replaces `byte` by `uint8`, which has the same octets but another type hash.
 */
export const COMMON_INTERFACES: CompactDefinitions = {
  'std_srvs/srv/Empty': '---',
  'std_srvs/srv/SetBool': 'bool data --- bool success; string message',
  'std_srvs/srv/Trigger': '--- bool success; string message',
  'std_msgs/msg/Byte': 'byte data',
  'std_msgs/msg/ByteMultiArray': 'MultiArrayLayout layout; byte[] data',
  'diagnostic_msgs/srv/AddDiagnostics': 'string load_namespace --- bool success; string message',
  'diagnostic_msgs/srv/SelfTest': '--- string id; byte passed; DiagnosticStatus[] status',
  'nav_msgs/srv/GetMap': '--- OccupancyGrid map',
  'nav_msgs/srv/GetPlan':
    'geometry_msgs/PoseStamped start; geometry_msgs/PoseStamped goal; float32 tolerance --- Path plan',
  'nav_msgs/srv/LoadMap': 'string map_url --- OccupancyGrid map; uint8 result',
  'nav_msgs/srv/SetMap': 'OccupancyGrid map; geometry_msgs/PoseWithCovarianceStamped initial_pose --- bool success',
  'sensor_msgs/srv/SetCameraInfo': 'CameraInfo camera_info --- bool success; string status_message',
  'visualization_msgs/srv/GetInteractiveMarkers': '--- uint64 sequence_number; InteractiveMarker[] markers',
  'tf2_msgs/action/LookupTransform':
    'string target_frame; string source_frame; builtin_interfaces/Time source_time; builtin_interfaces/Duration timeout; builtin_interfaces/Time target_time; string fixed_frame; bool advanced --- geometry_msgs/TransformStamped transform; TF2Error error ---',
  'tf2_msgs/srv/FrameGraph': '--- string frame_yaml',
  'geographic_msgs/msg/GeoPoint': 'float64 latitude; float64 longitude; float64 altitude',
  'geographic_msgs/msg/GeoPointStamped': 'std_msgs/Header header; GeoPoint position',
  'geographic_msgs/msg/GeoPose': 'GeoPoint position; geometry_msgs/Quaternion orientation',
  'geographic_msgs/msg/GeoPoseStamped': 'std_msgs/Header header; GeoPose pose',
  'map_msgs/msg/OccupancyGridUpdate':
    'std_msgs/Header header; int32 x; int32 y; uint32 width; uint32 height; int8[] data',
  'bond/msg/Status':
    'std_msgs/Header header; string id; string instance_id; bool active; float32 heartbeat_timeout; float32 heartbeat_period',
};
