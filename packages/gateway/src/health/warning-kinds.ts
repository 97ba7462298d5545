/**
 * Severity of a warning: `error` if something does not work, `warning` if it may fail, `info` if it is only worth
 * knowing.
 */
export type WarningSeverity = 'info' | 'warning' | 'error';

/** Properties of all warnings with one code. */
export interface WarningKind {
  readonly severity: WarningSeverity;
  /** Path of the guide in the repository. */
  readonly docs: string;
  readonly remedy: {
    /** One sentence of instruction; the message of the warning has the details. */
    readonly text: string;
    /** Command to run; the reader replaces words in `<>`. */
    readonly command?: string;
  };
}

const kind = (severity: WarningSeverity, docs: string, text: string, command?: string): WarningKind => ({
  severity,
  docs: `docs/guides/${docs}`,
  remedy: { text, ...(command !== undefined && { command }) },
});

const LOOK_AT_DISK = 'Look at the disk, and keep what was put aside.';
const MAKE_ROOM = 'Make room on the disk.';
const DISK = 'du -xh <folder> | sort -h | tail';
const DOCTOR = 'medkit doctor';
const LOG = 'journalctl -u medkit';

/** Every code of a warning in `/health`, except those of third-party plugins. */
export const WARNING_KINDS: Readonly<Record<string, WarningKind>> = {
  // The robot and its network.
  no_participants: kind('error', 'troubleshooting.md', 'See which domain the robot is on.', DOCTOR),
  no_nodes: kind('error', 'troubleshooting.md', 'Wait for the start to end, then let the firewall pass UDP.', DOCTOR),
  participants_not_understood: kind('warning', 'troubleshooting.md', 'Do what the message says for each.', DOCTOR),
  discovery_server: kind(
    'warning',
    'troubleshooting.md',
    'Start the nodes without the Discovery Server.',
    'unset ROS_DISCOVERY_SERVER',
  ),
  unsupported_environment: kind('warning', 'troubleshooting.md', 'Start the nodes without the variable.', DOCTOR),
  receive_buffer_small: kind(
    'warning',
    'troubleshooting.md',
    'Enlarge the receive buffer, and start medkit again.',
    'sudo sysctl -w net.core.rmem_max=4194304',
  ),
  no_network: kind('warning', 'troubleshooting.md', 'Give an interface an address.', 'ip -br address'),
  interface_down: kind('warning', 'troubleshooting.md', 'See why the link is down.', 'ip -br link'),
  network_changed: kind('info', 'troubleshooting.md', 'Nothing, if you expected it.', 'ip -br address'),
  datagrams_not_sent: kind(
    'warning',
    'troubleshooting.md',
    'See whether an interface is down, or a firewall is between.',
    'ip -br address',
  ),
  incompatible_qos: kind('warning', 'troubleshooting.md', 'Give publisher and subscription QoS that go together.'),
  mixed_types: kind(
    'warning',
    'troubleshooting.md',
    'Use one type, or give one of the topics another name.',
    '--ros-args -r <topic>:=<name>',
  ),
  partial_parameters: kind(
    'info',
    'troubleshooting.md',
    'Let the node offer all services of its parameters, or start it again.',
  ),
  unknown_type: kind(
    'warning',
    'troubleshooting.md',
    'Start medkit with the workspace of the robot.',
    'medkit up --type-folder <folder>',
  ),
  duplicate_node_name: kind(
    'warning',
    'troubleshooting.md',
    'Give each node a name of its own.',
    '--ros-args -r __node:=<name>',
  ),
  duplicate_service: kind(
    'warning',
    'troubleshooting.md',
    'Give each service a name of its own.',
    '--ros-args -r <service>:=<name>',
  ),
  dds_thread_ended: kind('warning', 'troubleshooting.md', 'It is started again by itself; report why it ended.', LOG),
  internal_failure: kind('warning', 'bug-report.md', 'Report the message, with the version.', 'medkit --version'),
  // The tree.
  runtime_starting: kind('info', 'troubleshooting.md', 'Wait for it to come up.'),
  runtime_failed: kind('error', 'troubleshooting.md', 'Do what the message says, then start the gateway again.', LOG),
  runtime_silent: kind('warning', 'federation.md', 'See why it does not answer.'),
  entities_dropped: kind('warning', 'manifest.md', 'Give each the id that the message asks for.'),
  unresolved_references: kind(
    'warning',
    'manifest.md',
    'Declare what is named, or take the name away.',
    'medkit manifest check <file>',
  ),
  entity_claimed_twice: kind('warning', 'manifest.md', 'Let one of them declare it.', 'medkit manifest check <file>'),
  app_id_collision: kind('warning', 'federation.md', 'Give one of each two apps another id.'),
  leaf_id_collision: kind('warning', 'federation.md', 'Give one of each two components another id.'),
  incidents_left_out: kind('warning', 'incidents.md', 'See why another gateway has so many faults.'),
  node_id_taken: kind(
    'info',
    'manifest.md',
    'To choose the ids, declare the nodes as apps in a manifest.',
    'medkit manifest draft',
  ),
  entity_ids_not_stored: kind('warning', 'troubleshooting.md', 'Make the data folder writable.'),
  entity_id_taken: kind('warning', 'federation.md', 'Give one of them another id.'),
  manifest_missing: kind(
    'error',
    'manifest.md',
    'Put the manifest where the configuration names it.',
    'medkit config explain',
  ),
  manifest_refused: kind(
    'error',
    'manifest.md',
    'Correct what is wrong with it: the one before stays until then.',
    'medkit manifest check <file>',
  ),
  unmanifested_nodes: kind(
    'info',
    'manifest.md',
    'Declare them, or say that they may be there.',
    'medkit manifest draft',
  ),
  beacon_hints_full: kind('warning', 'beacons.md', 'See who announces so much.'),
  // Runtimes outside of ROS.
  ingest_nothing: kind('warning', 'safety-island.md', 'Start what tells, with the key and the address of the gateway.'),
  ingest_silent: kind('error', 'safety-island.md', 'See why it does not tell any more.'),
  ingest_session: kind('warning', 'safety-island.md', 'Do what the message says.'),
  ingest_declaration: kind('error', 'safety-island.md', 'Correct what it declares.'),
  quota_exhausted: kind(
    'warning',
    'limits.md',
    'Delete entries of the owner that holds the most, or raise the setting.',
  ),
  ingest_connections: kind('warning', 'safety-island.md', 'See which programs connect to the socket and send nothing.'),
  ingest_forged: kind('error', 'safety-island.md', 'See who sends with another key.'),
  // Faults and their evidence.
  faults_unavailable: kind('error', 'faults.md', 'Do what the message says; faults are kept again then.', LOG),
  faults_not_stored: kind('error', 'faults.md', MAKE_ROOM, DISK),
  fault_manager_gone: kind('error', 'faults.md', 'Start the fault manager of the robot again.'),
  fault_reports_lost: kind('error', 'faults.md', 'See why the fault manager did not answer.', LOG),
  faults_kept_elsewhere: kind(
    'info',
    'faults.md',
    'Nothing; to keep the faults here, stop the other one or set fault_manager.mode to own.',
  ),
  two_fault_managers: kind('error', 'faults.md', 'Let one of them end.'),
  fault_database_elsewhere: kind(
    'warning',
    'faults.md',
    'Give this user the right to the folder, or leave the path out.',
  ),
  fault_disk_full: kind('error', 'faults.md', MAKE_ROOM, DISK),
  fault_room_low: kind(
    'warning',
    'faults.md',
    'See which faults come again and again, and clear what is settled.',
    'medkit faults',
  ),
  fault_source_room_low: kind('warning', 'faults.md', 'See which node reports so many.', 'medkit faults'),
  fault_store_damaged: kind('error', 'faults.md', LOOK_AT_DISK),
  fault_store_ended: kind('warning', 'faults.md', 'It is started again by itself; report why it ended.', LOG),
  fault_store_rewritten: kind('warning', 'faults.md', 'See who removed the files of the gateway while it ran.'),
  fault_store_went_back: kind('error', 'faults.md', LOOK_AT_DISK),
  diagnostics_without_code: kind(
    'warning',
    'faults.md',
    'Let the diagnostics name a code, or take their names as codes, as the message says.',
  ),
  diagnostics_unknown_level: kind(
    'warning',
    'faults.md',
    'Let the node that publishes them use the levels of the type.',
  ),
  diagnostics_unreadable: kind('warning', 'faults.md', 'See which node publishes what the message names.'),
  fault_captures_dropped: kind('warning', 'faults.md', 'See what confirms so many faults at once.', 'medkit faults'),
  fault_recordings_lost: kind('warning', 'faults.md', MAKE_ROOM, DISK),
  recording_copies_paused: kind('info', 'federation.md', 'Make room for copies, or have fewer.'),
  // The audit log.
  audit_damaged: kind(
    'error',
    'audit.md',
    'Keep the file that was put aside as evidence, and look at the disk.',
    'medkit audit verify',
  ),
  audit_disk_full: kind('error', 'audit.md', MAKE_ROOM, DISK),
  audit_went_back: kind('error', 'audit.md', LOOK_AT_DISK, 'medkit audit verify'),
  request_audit_failing: kind('error', 'audit.md', 'Do what the message says: records wait in memory meanwhile.'),
  request_audit_incomplete: kind('warning', 'audit.md', 'Know that records are missing; their number is in the log.'),
  fault_audit_damaged: kind(
    'error',
    'audit.md',
    'Keep the file that was put aside as evidence, and look at the disk.',
    'medkit audit verify',
  ),
  fault_audit_failing: kind('error', 'audit.md', 'Do what the message says: records wait beside the faults meanwhile.'),
  fault_audit_incomplete: kind('warning', 'audit.md', 'Know that records are missing.'),
  fault_audit_went_back: kind('error', 'audit.md', LOOK_AT_DISK, 'medkit audit verify'),
  access_refusals_many: kind(
    'warning',
    'audit.md',
    'See who was refused, and where from.',
    'medkit audit list --kind access',
  ),
  // Peers.
  peer_unavailable: kind('error', 'federation.md', 'See what it answers from here.', 'medkit peers'),
  peer_pending: kind('info', 'federation.md', 'Approve it if it is yours.', 'medkit peers approve <name>'),
  peer_clock_off: kind(
    'warning',
    'federation.md',
    'Have both machines synchronise their time.',
    'timedatectl set-ntp true',
  ),
  peer_audit_rewritten: kind(
    'error',
    'federation.md',
    'Find out why its log was written anew, and accept the log if that was meant.',
    'medkit audit accept <name>',
  ),
  // What clients created on the gateway.
  locks_unavailable: kind('error', 'locks.md', 'Do what the message says: nothing can be locked until then.', LOG),
  triggers_unavailable: kind('error', 'triggers.md', 'Do what the message says: no trigger fires until then.', LOG),
  triggers_not_written: kind('warning', 'triggers.md', MAKE_ROOM, DISK),
  scripts_refused: kind(
    'error',
    'scripts.md',
    'Install what confines them, or choose another runner.',
    'sudo apt install bubblewrap',
  ),
  scripts_unavailable: kind('error', 'scripts.md', 'Do what the message says: no script runs until then.', LOG),
  updates_unavailable: kind('error', 'updates.md', 'Do what the message says: nothing is installed until then.', LOG),
  updates_untrusted: kind('warning', 'updates.md', 'Name the key that signs updates in updates.trusted_keys.'),
  update_half_done: kind('error', 'updates.md', 'Prepare an update that is whole, and execute it.'),
  webhook_dead_letters: kind('warning', 'webhooks.md', 'See what was given up, and deliver it again.'),
  webhook_target_failing: kind('warning', 'webhooks.md', 'See why the receiver does not take deliveries.'),
  log_sink_unreachable: kind('warning', 'logs.md', 'See whether what logs are forwarded to is up.'),
  // Plugins.
  loki_unreadable: kind('error', 'logs.md', 'See whether Loki is up, and takes queries.'),
  linux_look_failed: kind('warning', 'linux.md', 'Do what the message says.', LOG),
  linux_no_processes: kind('warning', 'linux.md', 'Let the gateway see the processes of the machine.'),
  linux_systemd_unreachable: kind('warning', 'linux.md', 'Let the gateway reach systemd over D-Bus.'),
  pipeline_graph_option: kind('warning', 'pipeline-graph.md', 'Correct the option that the message names.'),
  watchdog_option: kind('warning', 'watchdog.md', 'Correct the option that the message names.'),
  opcua_option: kind('warning', 'opcua.md', 'Correct the option, or the node map, that the message names.'),
  plc_disconnected: kind('error', 'opcua.md', 'Do what the message says; medkit goes on trying by itself.'),
  plc_namespaces: kind(
    'warning',
    'opcua.md',
    'Write the namespaces of the node map as `nsu=<URI>`, as the PLC has them.',
  ),
  plugin_ended: kind('error', 'write-a-plugin.md', 'Report it to its author, with the log.', LOG),
  plugin_left_out: kind(
    'error',
    'write-a-plugin.md',
    'Correct what the message names in the configuration.',
    'medkit config explain',
  ),
  plugin_part_refused: kind('warning', 'write-a-plugin.md', 'Report it to its author.'),
  plugin_route_refused: kind('warning', 'write-a-plugin.md', 'Report it to its author.'),
  plugin_switched_off: kind('error', 'write-a-plugin.md', 'Report it to its author, and start the gateway again.', LOG),
  // Access.
  tls_certificate_refused: kind(
    'error',
    'tls.md',
    'Put a certificate there that can be used.',
    'openssl x509 -noout -dates -in <cert_file>',
  ),
  tls_certificate_expiring: kind('warning', 'tls.md', 'Renew it where it comes from.'),
  tls_key_readable: kind('warning', 'tls.md', 'Keep its key from others.', 'chmod 600 <key_file>'),

  // Notifications.
  notify_not_told: kind('error', 'notify.md', LOOK_AT_DISK, DISK),
  notify_no_links: kind('info', 'notify.md', 'Say in server.public_url how the gateway is reached from a phone.'),
  notify_no_incidents: kind('error', 'notify.md', 'Switch incidents.enabled on, or name no receivers.'),
  notify_receiver_failing: kind(
    'error',
    'notify.md',
    'See what the receiver answers.',
    'medkit notify test <receiver>',
  ),
  notify_heartbeat_withheld: kind(
    'error',
    'notify.md',
    'Do what the other warnings say: no faults can be kept.',
    DOCTOR,
  ),
  notify_heartbeat_failing: kind(
    'warning',
    'notify.md',
    'See whether notify.heartbeat_url is right, and reached.',
    'curl -i <url>',
  ),
};

/** For a warning with an unknown code, such as a plugin's. */
export const UNKNOWN_WARNING: WarningKind = kind('warning', 'troubleshooting.md', 'Do what the message says.');
