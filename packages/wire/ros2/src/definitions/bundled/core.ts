import type { CompactDefinitions } from './compact.ts';

/** Services and messages of ROS itself: parameters, logger levels, lifecycle, composition, type descriptions. */
export const CORE: CompactDefinitions = {
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
