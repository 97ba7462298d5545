import type { CompactDefinitions } from './compact.ts';

/** nav2_msgs of Jazzy. In Kilted, the results of its two route actions are different. */
export const NAV2: CompactDefinitions = {
  'nav2_msgs/action/AssistedTeleop':
    'builtin_interfaces/Duration time_allowance --- builtin_interfaces/Duration total_elapsed_time; uint16 error_code; string error_msg --- builtin_interfaces/Duration current_teleop_duration',
  'nav2_msgs/action/BackUp':
    'geometry_msgs/Point target; float32 speed; builtin_interfaces/Duration time_allowance --- builtin_interfaces/Duration total_elapsed_time; uint16 error_code; string error_msg --- float32 distance_traveled',
  'nav2_msgs/action/ComputeAndTrackRoute':
    'uint16 start_id; geometry_msgs/PoseStamped start; uint16 goal_id; geometry_msgs/PoseStamped goal; bool use_start; bool use_poses --- builtin_interfaces/Duration execution_duration; uint16 error_code 0 --- uint16 last_node_id; uint16 next_node_id; uint16 current_edge_id; Route route; nav_msgs/Path path; string[] operations_triggered; bool rerouted',
  'nav2_msgs/action/ComputePathThroughPoses':
    'geometry_msgs/PoseStamped[] goals; geometry_msgs/PoseStamped start; string planner_id; bool use_start --- nav_msgs/Path path; builtin_interfaces/Duration planning_time; uint16 error_code; string error_msg ---',
  'nav2_msgs/action/ComputePathToPose':
    'geometry_msgs/PoseStamped goal; geometry_msgs/PoseStamped start; string planner_id; bool use_start --- nav_msgs/Path path; builtin_interfaces/Duration planning_time; uint16 error_code; string error_msg ---',
  'nav2_msgs/action/ComputeRoute':
    'uint16 start_id; geometry_msgs/PoseStamped start; uint16 goal_id; geometry_msgs/PoseStamped goal; bool use_start; bool use_poses --- builtin_interfaces/Duration planning_time; nav_msgs/Path path; Route route; uint16 error_code 0 ---',
  'nav2_msgs/action/DockRobot':
    'bool use_dock_id True; string dock_id; geometry_msgs/PoseStamped dock_pose; string dock_type; float32 max_staging_time 1000.0; bool navigate_to_staging_pose True --- bool success True; uint16 error_code 0; uint16 num_retries 0; string error_msg --- uint16 state; builtin_interfaces/Duration docking_time; uint16 num_retries 0',
  'nav2_msgs/action/DriveOnHeading':
    'geometry_msgs/Point target; float32 speed; builtin_interfaces/Duration time_allowance --- builtin_interfaces/Duration total_elapsed_time; uint16 error_code; string error_msg --- float32 distance_traveled',
  'nav2_msgs/action/DummyBehavior':
    'std_msgs/String command --- builtin_interfaces/Duration total_elapsed_time; uint16 error_code; string error_msg ---',
  'nav2_msgs/action/FollowGPSWaypoints':
    'uint32 number_of_loops; uint32 goal_index 0; geographic_msgs/GeoPose[] gps_poses --- MissedWaypoint[] missed_waypoints; int16 error_code; string error_msg --- uint32 current_waypoint',
  'nav2_msgs/action/FollowObject':
    'string pose_topic; string tracked_frame; builtin_interfaces/Duration max_duration --- builtin_interfaces/Duration total_elapsed_time; uint16 error_code 0; uint16 num_retries 0; string error_msg --- uint16 state; builtin_interfaces/Duration following_time; uint16 num_retries 0',
  'nav2_msgs/action/FollowPath':
    'nav_msgs/Path path; string controller_id; string goal_checker_id; string progress_checker_id --- std_msgs/Empty result; uint16 error_code; string error_msg --- float32 distance_to_goal; float32 speed',
  'nav2_msgs/action/FollowWaypoints':
    'uint32 number_of_loops; uint32 goal_index 0; geometry_msgs/PoseStamped[] poses --- MissedWaypoint[] missed_waypoints; uint16 error_code; string error_msg --- uint32 current_waypoint',
  'nav2_msgs/action/NavigateThroughPoses':
    'geometry_msgs/PoseStamped[] poses; string behavior_tree --- uint16 error_code; string error_msg --- geometry_msgs/PoseStamped current_pose; builtin_interfaces/Duration navigation_time; builtin_interfaces/Duration estimated_time_remaining; int16 number_of_recoveries; float32 distance_remaining; int16 number_of_poses_remaining',
  'nav2_msgs/action/NavigateToPose':
    'geometry_msgs/PoseStamped pose; string behavior_tree --- uint16 error_code; string error_msg --- geometry_msgs/PoseStamped current_pose; builtin_interfaces/Duration navigation_time; builtin_interfaces/Duration estimated_time_remaining; int16 number_of_recoveries; float32 distance_remaining',
  'nav2_msgs/action/SmoothPath':
    'nav_msgs/Path path; string smoother_id; builtin_interfaces/Duration max_smoothing_duration; bool check_for_collisions --- nav_msgs/Path path; builtin_interfaces/Duration smoothing_duration; bool was_completed; uint16 error_code; string error_msg ---',
  'nav2_msgs/action/Spin':
    'float32 target_yaw; builtin_interfaces/Duration time_allowance --- builtin_interfaces/Duration total_elapsed_time; uint16 error_code; string error_msg --- float32 angular_distance_traveled',
  'nav2_msgs/action/UndockRobot':
    'string dock_type; float32 max_undocking_time 30.0 --- bool success True; uint16 error_code 0; string error_msg ---',
  'nav2_msgs/action/Wait':
    'builtin_interfaces/Duration time --- builtin_interfaces/Duration total_elapsed_time; uint16 error_code; string error_msg --- builtin_interfaces/Duration time_left',
  'nav2_msgs/msg/BehaviorTreeLog': 'builtin_interfaces/Time timestamp; BehaviorTreeStatusChange[] event_log',
  'nav2_msgs/msg/BehaviorTreeStatusChange':
    'builtin_interfaces/Time timestamp; string node_name; uint16 uid; string previous_status; string current_status',
  'nav2_msgs/msg/CollisionDetectorState': 'string[] polygons; bool[] detections',
  'nav2_msgs/msg/CollisionMonitorState': 'uint8 action_type; string polygon_name',
  'nav2_msgs/msg/Costmap': 'std_msgs/Header header; CostmapMetaData metadata; uint8[] data',
  'nav2_msgs/msg/CostmapFilterInfo':
    'std_msgs/Header header; uint8 type; string filter_mask_topic; float32 base; float32 multiplier',
  'nav2_msgs/msg/CostmapMetaData':
    'builtin_interfaces/Time map_load_time; builtin_interfaces/Time update_time; string layer; float32 resolution; uint32 size_x; uint32 size_y; geometry_msgs/Pose origin',
  'nav2_msgs/msg/CostmapUpdate':
    'std_msgs/Header header; uint32 x; uint32 y; uint32 size_x; uint32 size_y; uint8[] data',
  'nav2_msgs/msg/EdgeCost': 'uint16 edgeid; float32 cost',
  'nav2_msgs/msg/MissedWaypoint': 'uint32 index; geometry_msgs/PoseStamped goal; uint16 error_code',
  'nav2_msgs/msg/Particle': 'geometry_msgs/Pose pose; float64 weight',
  'nav2_msgs/msg/ParticleCloud': 'std_msgs/Header header; Particle[] particles',
  'nav2_msgs/msg/Route': 'std_msgs/Header header; float32 route_cost; RouteNode[] nodes; RouteEdge[] edges',
  'nav2_msgs/msg/RouteEdge': 'uint16 edgeid; geometry_msgs/Point start; geometry_msgs/Point end',
  'nav2_msgs/msg/RouteNode': 'uint16 nodeid; geometry_msgs/Point position',
  'nav2_msgs/msg/SpeedLimit': 'std_msgs/Header header; bool percentage; float64 speed_limit',
  'nav2_msgs/msg/VoxelGrid':
    'std_msgs/Header header; uint32[] data; geometry_msgs/Point32 origin; geometry_msgs/Vector3 resolutions; uint32 size_x; uint32 size_y; uint32 size_z',
  'nav2_msgs/srv/ClearCostmapAroundPose':
    'geometry_msgs/PoseStamped pose; float64 reset_distance --- std_msgs/Empty response',
  'nav2_msgs/srv/ClearCostmapAroundRobot': 'float32 reset_distance --- std_msgs/Empty response',
  'nav2_msgs/srv/ClearCostmapExceptRegion': 'float32 reset_distance --- std_msgs/Empty response',
  'nav2_msgs/srv/ClearEntireCostmap': 'std_msgs/Empty request --- std_msgs/Empty response',
  'nav2_msgs/srv/DynamicEdges':
    'uint16[] closed_edges; uint16[] opened_edges; EdgeCost[] adjust_edges --- bool success',
  'nav2_msgs/srv/GetCost': 'bool use_footprint; float32 x; float32 y; float32 theta --- float32 cost',
  'nav2_msgs/srv/GetCostmap': 'CostmapMetaData specs --- Costmap map',
  'nav2_msgs/srv/IsPathValid': 'nav_msgs/Path path --- bool is_valid; int32[] invalid_pose_indices',
  'nav2_msgs/srv/LoadMap': 'string map_url --- nav_msgs/OccupancyGrid map; uint8 result',
  'nav2_msgs/srv/ManageLifecycleNodes': 'uint8 command --- bool success',
  'nav2_msgs/srv/ReloadDockDatabase': 'string filepath --- bool success',
  'nav2_msgs/srv/SaveMap':
    'string map_topic; string map_url; string image_format; string map_mode; float32 free_thresh; float32 occupied_thresh --- bool result',
  'nav2_msgs/srv/SetInitialPose': 'geometry_msgs/PoseWithCovarianceStamped pose ---',
  'nav2_msgs/srv/SetRouteGraph': 'string graph_filepath --- bool success',
  'nav2_msgs/srv/Toggle': 'bool enable --- bool success; string message',
};
