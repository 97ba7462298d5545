import type { CompactDefinitions } from './compact.ts';

/** ros2_medkit_msgs: faults, their captures, entities. */
export const MEDKIT_MSGS: CompactDefinitions = {
  'ros2_medkit_msgs/msg/ClusterInfo':
    'string cluster_id; string rule_id; string rule_name; string label; string representative_code; string representative_severity; string[] fault_codes; uint32 count; builtin_interfaces/Time first_at; builtin_interfaces/Time last_at',
  'ros2_medkit_msgs/msg/EntityInfo':
    'string id; string name; string entity_type; string parent_id; string fqn; string[] capabilities',
  'ros2_medkit_msgs/msg/EnvironmentData': 'ExtendedDataRecords extended_data_records; Snapshot[] snapshots',
  'ros2_medkit_msgs/msg/ExtendedDataRecords': 'int64 first_occurrence_ns; int64 last_occurrence_ns',
  'ros2_medkit_msgs/msg/Fault':
    'string fault_code; uint8 severity; string description; builtin_interfaces/Time first_occurred; builtin_interfaces/Time last_occurred; builtin_interfaces/Time last_passed; uint32 occurrence_count; string status; string[] reporting_sources',
  'ros2_medkit_msgs/msg/FaultEvent':
    'string event_type; Fault fault; builtin_interfaces/Time timestamp; string[] auto_cleared_codes',
  'ros2_medkit_msgs/msg/MedkitDiscoveryHint':
    'string entity_id; string stable_id; string display_name; string[] function_ids; string[] depends_on; string component_id; string transport_type; string negotiated_format; uint32 process_id; string process_name; string hostname; diagnostic_msgs/KeyValue[] metadata; builtin_interfaces/Time stamp',
  'ros2_medkit_msgs/msg/MutedFaultInfo': 'string fault_code; string root_cause_code; string rule_id; uint32 delay_ms',
  'ros2_medkit_msgs/msg/Snapshot':
    'string type; string name; string data; string topic; string message_type; string bulk_data_id; uint64 size_bytes; float64 duration_sec; string format; int64 captured_at_ns',
  'ros2_medkit_msgs/srv/ClearFault':
    'string fault_code; bool skip_correlation_auto_clear --- bool success; string message; string[] auto_cleared_codes',
  'ros2_medkit_msgs/srv/GetCapabilities':
    'string entity_id --- bool success; string error_message; string[] capabilities; string[] resource_types',
  'ros2_medkit_msgs/srv/GetEntityData':
    'string entity_id; string[] data_keys --- bool success; string error_message; string data_json',
  'ros2_medkit_msgs/srv/GetFault':
    'string fault_code --- bool success; string error_message; Fault fault; EnvironmentData environment_data',
  'ros2_medkit_msgs/srv/GetRosbag':
    'string fault_code; string recording_id --- bool success; string file_path; string recording_id; string[] fault_codes; string format; float64 duration_sec; uint64 size_bytes; string error_message',
  'ros2_medkit_msgs/srv/GetSnapshots':
    'string fault_code; string topic --- bool success; string data; string error_message',
  'ros2_medkit_msgs/srv/ListEntities':
    'string entity_type; string parent_id --- bool success; string error_message; EntityInfo[] entities',
  'ros2_medkit_msgs/srv/ListFaults':
    'bool filter_by_severity; uint8 severity; string[] statuses; bool include_muted; bool include_clusters --- Fault[] faults; uint32 muted_count; MutedFaultInfo[] muted_faults; uint32 cluster_count; ClusterInfo[] clusters',
  'ros2_medkit_msgs/srv/ListFaultsForEntity': 'string entity_id --- bool success; string error_message; Fault[] faults',
  'ros2_medkit_msgs/srv/ListRosbags':
    'string entity_fqn --- bool success; string[] fault_codes; string[] recording_ids; string[] file_paths; string[] formats; float64[] durations_sec; uint64[] sizes_bytes; int64[] created_at_ns; string error_message',
  'ros2_medkit_msgs/srv/ReportFault':
    'string fault_code; uint8 event_type; uint8 severity; string description; string source_id --- bool accepted',
};
