import type { CompactDefinitions } from './compact.ts';

/**
 * Services and messages of ROS itself: parameters, logs, diagnostics, lifecycle, composition, type descriptions. Every
 * gateway needs them for its node; the other bundled definitions are loaded on first use.
 */
export const CORE: CompactDefinitions = {
  'builtin_interfaces/msg/Duration': 'int32 sec; uint32 nanosec',
  'builtin_interfaces/msg/Time': 'int32 sec; uint32 nanosec',
  'diagnostic_msgs/msg/DiagnosticArray': 'std_msgs/Header header; diagnostic_msgs/DiagnosticStatus[] status',
  'diagnostic_msgs/msg/DiagnosticStatus':
    'byte OK=0; byte WARN=1; byte ERROR=2; byte STALE=3; byte level; string name; string message; string hardware_id; diagnostic_msgs/KeyValue[] values',
  'diagnostic_msgs/msg/KeyValue': 'string key; string value',
  'rcl_interfaces/msg/FloatingPointRange': 'float64 from_value; float64 to_value; float64 step',
  'rcl_interfaces/msg/IntegerRange': 'int64 from_value; int64 to_value; uint64 step',
  'rcl_interfaces/msg/ListParametersResult': 'string[] names; string[] prefixes',
  'rcl_interfaces/msg/Log':
    'byte DEBUG=10; byte INFO=20; byte WARN=30; byte ERROR=40; byte FATAL=50; builtin_interfaces/Time stamp; uint8 level; string name; string msg; string file; string function; uint32 line',
  'rcl_interfaces/msg/Parameter': 'string name; rcl_interfaces/ParameterValue value',
  'rcl_interfaces/msg/ParameterDescriptor':
    'string name; uint8 type; string description; string additional_constraints; bool read_only false; bool dynamic_typing false; rcl_interfaces/FloatingPointRange[<=1] floating_point_range; rcl_interfaces/IntegerRange[<=1] integer_range',
  'rcl_interfaces/msg/ParameterEvent':
    'builtin_interfaces/Time stamp; string node; rcl_interfaces/Parameter[] new_parameters; rcl_interfaces/Parameter[] changed_parameters; rcl_interfaces/Parameter[] deleted_parameters',
  'rcl_interfaces/msg/SetParametersResult': 'bool successful; string reason',
  'std_msgs/msg/Header': 'builtin_interfaces/Time stamp; string frame_id',
  'rcl_interfaces/msg/ParameterValue':
    'uint8 type; bool bool_value; int64 integer_value; float64 double_value; string string_value; byte[] byte_array_value; bool[] bool_array_value; int64[] integer_array_value; float64[] double_array_value; string[] string_array_value',
  'rcl_interfaces/srv/DescribeParameters': 'string[] names --- ParameterDescriptor[] descriptors',
  'rcl_interfaces/srv/GetLoggerLevels': 'string[] names --- LoggerLevel[] levels',
  'rcl_interfaces/srv/GetParameterTypes': 'string[] names --- uint8[] types',
  'rcl_interfaces/srv/GetParameters': 'string[] names --- ParameterValue[] values',
  'rcl_interfaces/srv/ListParameters': 'string[] prefixes; uint64 depth --- ListParametersResult result',
  'rcl_interfaces/srv/SetLoggerLevels': 'LoggerLevel[] levels --- SetLoggerLevelsResult[] results',
  'rcl_interfaces/srv/SetParameters': 'Parameter[] parameters --- SetParametersResult[] results',
  'rcl_interfaces/srv/SetParametersAtomically': 'Parameter[] parameters --- SetParametersResult result',
  'lifecycle_msgs/srv/ChangeState': 'Transition transition --- bool success',
  'lifecycle_msgs/srv/GetAvailableStates': '--- State[] available_states',
  'lifecycle_msgs/srv/GetAvailableTransitions': '--- TransitionDescription[] available_transitions',
  'lifecycle_msgs/srv/GetState': '--- State current_state',
  'composition_interfaces/srv/ListNodes': '--- string[] full_node_names; uint64[] unique_ids',
  'composition_interfaces/srv/LoadNode':
    'string package_name; string plugin_name; string node_name; string node_namespace; uint8 log_level; string[] remap_rules; rcl_interfaces/Parameter[] parameters; rcl_interfaces/Parameter[] extra_arguments --- bool success; string error_message; string full_node_name; uint64 unique_id',
  'composition_interfaces/srv/UnloadNode': 'uint64 unique_id --- bool success; string error_message',
  'action_msgs/srv/CancelGoal': 'GoalInfo goal_info --- int8 return_code; GoalInfo[] goals_canceling',
  'service_msgs/msg/ServiceEventInfo':
    'uint8 event_type; builtin_interfaces/Time stamp; char[16] client_gid; int64 sequence_number',
  'type_description_interfaces/msg/Field': 'string name; FieldType type; string default_value',
  'type_description_interfaces/msg/FieldType':
    'uint8 type_id 0; uint64 capacity; uint64 string_capacity; string<=255 nested_type_name',
  'type_description_interfaces/msg/IndividualTypeDescription': 'string<=255 type_name; Field[] fields',
  'type_description_interfaces/msg/KeyValue': 'string key; string value',
  'type_description_interfaces/msg/TypeDescription':
    'IndividualTypeDescription type_description; IndividualTypeDescription[] referenced_type_descriptions',
  'type_description_interfaces/msg/TypeSource': 'string type_name; string encoding; string raw_file_contents',
  'type_description_interfaces/srv/GetTypeDescription':
    'string type_name; string type_hash; bool include_type_sources true --- bool successful; string failure_reason; TypeDescription type_description; TypeSource[] type_sources; KeyValue[] extra_information',
  'rmw_dds_common/msg/Gid': 'char[16] data',
  'rmw_dds_common/msg/NodeEntitiesInfo':
    'string<=256 node_namespace; string<=256 node_name; Gid[] reader_gid_seq; Gid[] writer_gid_seq',
  'rmw_dds_common/msg/ParticipantEntitiesInfo': 'Gid gid; NodeEntitiesInfo[] node_entities_info_seq',
};
