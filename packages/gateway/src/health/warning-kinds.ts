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

const LOOK_AT_DISK = 'Check the disk, and keep the file that was moved.';
const MAKE_ROOM = 'Free disk space.';
const DISK = 'du -xh <folder> | sort -h | tail';
const DOCTOR = 'medkit doctor';
const LOG = 'journalctl -u medkit';

/** Every code of a warning in `/health`, except those of third-party plugins. */
export const WARNING_KINDS: Readonly<Record<string, WarningKind>> = {
  // The robot and its network.
  no_participants: kind('error', 'troubleshooting.md', 'Find the DDS domain of the robot.', DOCTOR),
  no_nodes: kind(
    'error',
    'troubleshooting.md',
    'Wait until the robot has started, then allow UDP in the firewall.',
    DOCTOR,
  ),
  participants_not_understood: kind('warning', 'troubleshooting.md', 'Follow the instructions in the message.', DOCTOR),
  discovery_server: kind(
    'warning',
    'troubleshooting.md',
    'Start the nodes without the Discovery Server.',
    'unset ROS_DISCOVERY_SERVER',
  ),
  unsupported_environment: kind(
    'warning',
    'troubleshooting.md',
    'Start the nodes without the environment variable.',
    DOCTOR,
  ),
  receive_buffer_small: kind(
    'warning',
    'troubleshooting.md',
    'Increase the receive buffer, and restart medkit.',
    'sudo sysctl -w net.core.rmem_max=4194304',
  ),
  no_network: kind('warning', 'troubleshooting.md', 'Assign an IPv4 address to an interface.', 'ip -br address'),
  interface_down: kind('warning', 'troubleshooting.md', 'Check why the link is down.', 'ip -br link'),
  network_changed: kind(
    'info',
    'troubleshooting.md',
    'No action is needed if you expected the change.',
    'ip -br address',
  ),
  datagrams_not_sent: kind(
    'warning',
    'troubleshooting.md',
    'Check whether an interface is down, or a firewall blocks the traffic.',
    'ip -br address',
  ),
  incompatible_qos: kind('warning', 'troubleshooting.md', 'Use compatible QoS for publisher and subscription.'),
  mixed_types: kind(
    'warning',
    'troubleshooting.md',
    'Use one type, or rename one of the topics.',
    '--ros-args -r <topic>:=<name>',
  ),
  partial_parameters: kind(
    'info',
    'troubleshooting.md',
    'Use a node that offers all parameter services, or restart the node.',
  ),
  unknown_type: kind(
    'warning',
    'troubleshooting.md',
    'Start medkit with the message definitions of the robot.',
    'medkit up --type-folder <folder>',
  ),
  duplicate_node_name: kind(
    'warning',
    'troubleshooting.md',
    'Give each node a unique name.',
    '--ros-args -r __node:=<name>',
  ),
  duplicate_service: kind(
    'warning',
    'troubleshooting.md',
    'Give each service a unique name.',
    '--ros-args -r <service>:=<name>',
  ),
  dds_thread_ended: kind(
    'warning',
    'troubleshooting.md',
    'No action is needed: it restarts automatically. Report the reason in the message.',
    LOG,
  ),
  internal_failure: kind(
    'warning',
    'bug-report.md',
    'Report the message with the version of medkit.',
    'medkit --version',
  ),
  // The tree.
  runtime_starting: kind('info', 'troubleshooting.md', 'Wait until the runtime has started.'),
  runtime_failed: kind(
    'error',
    'troubleshooting.md',
    'Follow the instructions in the message, then restart the gateway.',
    LOG,
  ),
  runtime_silent: kind('warning', 'federation.md', 'Check why the runtime does not answer.'),
  entities_dropped: kind('warning', 'manifest.md', 'Give each entity a valid id, as the message says.'),
  unresolved_references: kind(
    'warning',
    'manifest.md',
    'Declare the missing entities, or remove the references.',
    'medkit manifest check <file>',
  ),
  entity_claimed_twice: kind(
    'warning',
    'manifest.md',
    'Declare the entity in only one of them.',
    'medkit manifest check <file>',
  ),
  app_id_collision: kind('warning', 'federation.md', 'Give one of each two apps another id.'),
  leaf_id_collision: kind('warning', 'federation.md', 'Give one of each two components another id.'),
  incidents_left_out: kind('warning', 'incidents.md', 'Find out why the other gateway has so many faults.'),
  node_id_taken: kind(
    'info',
    'manifest.md',
    'To choose the ids, declare the nodes as apps in a manifest.',
    'medkit manifest draft',
  ),
  entity_ids_not_stored: kind('warning', 'troubleshooting.md', 'Make the data folder writable.'),
  entity_id_taken: kind('warning', 'federation.md', 'Give one of them another id.'),
  manifest_missing: kind('error', 'manifest.md', 'Put the manifest at the configured path.', 'medkit config explain'),
  manifest_refused: kind(
    'error',
    'manifest.md',
    'Correct the manifest: the previous version remains in use until then.',
    'medkit manifest check <file>',
  ),
  unmanifested_nodes: kind(
    'info',
    'manifest.md',
    'Declare the nodes in the manifest, or allow unmanifested nodes.',
    'medkit manifest draft',
  ),
  beacon_hints_full: kind('warning', 'beacons.md', 'Find the publisher of so many beacons.'),
  // Runtimes outside of ROS.
  ingest_nothing: kind(
    'warning',
    'safety-island.md',
    'Start the program that reports, with the key and the address of the gateway.',
  ),
  ingest_silent: kind('error', 'safety-island.md', 'Check why the program no longer sends messages.'),
  ingest_session: kind('warning', 'safety-island.md', 'Follow the instructions in the message.'),
  ingest_declaration: kind('error', 'safety-island.md', 'Correct the declaration of the program.'),
  quota_exhausted: kind(
    'warning',
    'limits.md',
    'Delete entries of the owner that holds the most, or raise the setting.',
  ),
  ingest_connections: kind(
    'warning',
    'safety-island.md',
    'Find the programs that connect to the socket and send nothing.',
  ),
  ingest_forged: kind('error', 'safety-island.md', 'Find the program that sends with another key.'),
  // Faults and their evidence.
  faults_unavailable: kind(
    'error',
    'faults.md',
    'Follow the instructions in the message; then faults are stored again.',
    LOG,
  ),
  faults_not_stored: kind('error', 'faults.md', MAKE_ROOM, DISK),
  fault_manager_gone: kind('error', 'faults.md', 'Restart the fault manager of the robot.'),
  fault_reports_lost: kind('error', 'faults.md', 'Check why the fault manager did not answer.', LOG),
  faults_kept_elsewhere: kind(
    'info',
    'faults.md',
    'No action is needed. To store the faults here, stop the other fault manager or set fault_manager.mode to own.',
  ),
  two_fault_managers: kind('error', 'faults.md', 'Stop one of the fault managers.'),
  fault_database_elsewhere: kind(
    'warning',
    'faults.md',
    'Give this user write permission for the folder, or remove the path.',
  ),
  fault_disk_full: kind('error', 'faults.md', MAKE_ROOM, DISK),
  fault_room_low: kind(
    'warning',
    'faults.md',
    'Find faults that return repeatedly, and clear resolved faults.',
    'medkit faults',
  ),
  fault_source_room_low: kind('warning', 'faults.md', 'Find the node that reports so many faults.', 'medkit faults'),
  fault_store_damaged: kind('error', 'faults.md', LOOK_AT_DISK),
  fault_store_ended: kind(
    'warning',
    'faults.md',
    'No action is needed: it restarts automatically. Report the reason in the message.',
    LOG,
  ),
  fault_store_rewritten: kind('warning', 'faults.md', 'Find the program that removed the files of the gateway.'),
  fault_store_went_back: kind('error', 'faults.md', LOOK_AT_DISK),
  diagnostics_without_code: kind(
    'warning',
    'faults.md',
    'Add fault codes to the diagnostics, or derive codes from their names, as the message says.',
  ),
  diagnostics_unknown_level: kind(
    'warning',
    'faults.md',
    'Correct the node that publishes them: it must use the levels of the type.',
  ),
  diagnostics_unreadable: kind('warning', 'faults.md', 'Find the node that publishes the messages.'),
  fault_captures_dropped: kind(
    'warning',
    'faults.md',
    'Find the cause of so many simultaneous faults.',
    'medkit faults',
  ),
  fault_recordings_lost: kind('warning', 'faults.md', MAKE_ROOM, DISK),
  recording_copies_paused: kind('info', 'federation.md', 'Free disk space, or reduce the space for copies.'),
  // The audit log.
  audit_damaged: kind(
    'error',
    'audit.md',
    'Keep the moved file as evidence, and check the disk.',
    'medkit audit verify',
  ),
  audit_disk_full: kind('error', 'audit.md', MAKE_ROOM, DISK),
  audit_went_back: kind('error', 'audit.md', LOOK_AT_DISK, 'medkit audit verify'),
  request_audit_failing: kind(
    'error',
    'audit.md',
    'Follow the instructions in the message: records are queued in memory until then.',
  ),
  request_audit_incomplete: kind(
    'warning',
    'audit.md',
    'No action is possible: records are missing. Their number is in the audit log.',
  ),
  fault_audit_damaged: kind(
    'error',
    'audit.md',
    'Keep the moved file as evidence, and check the disk.',
    'medkit audit verify',
  ),
  fault_audit_failing: kind(
    'error',
    'audit.md',
    'Follow the instructions in the message: records are queued in the fault database until then.',
  ),
  fault_audit_incomplete: kind('warning', 'audit.md', 'No action is possible: records are missing.'),
  fault_audit_went_back: kind('error', 'audit.md', LOOK_AT_DISK, 'medkit audit verify'),
  access_refusals_many: kind(
    'warning',
    'audit.md',
    'Check the rejected clients and their addresses.',
    'medkit audit list --kind access',
  ),
  // Peers.
  peer_unavailable: kind('error', 'federation.md', 'Check the answer of the gateway.', 'medkit peers'),
  peer_pending: kind('info', 'federation.md', 'Approve the gateway if you trust it.', 'medkit peers approve <name>'),
  peer_clock_off: kind(
    'warning',
    'federation.md',
    'Synchronize the clocks of both machines.',
    'timedatectl set-ntp true',
  ),
  peer_audit_rewritten: kind(
    'error',
    'federation.md',
    'Find out why its log was rewritten, and accept the log if this was intended.',
    'medkit audit accept <name>',
  ),
  // What clients created on the gateway.
  locks_unavailable: kind(
    'error',
    'locks.md',
    'Follow the instructions in the message: no entity can be locked until then.',
    LOG,
  ),
  triggers_unavailable: kind(
    'error',
    'triggers.md',
    'Follow the instructions in the message: no trigger fires until then.',
    LOG,
  ),
  triggers_not_written: kind('warning', 'triggers.md', MAKE_ROOM, DISK),
  scripts_refused: kind(
    'error',
    'scripts.md',
    'Install bubblewrap, or choose another runner.',
    'sudo apt install bubblewrap',
  ),
  scripts_unavailable: kind(
    'error',
    'scripts.md',
    'Follow the instructions in the message: no script runs until then.',
    LOG,
  ),
  updates_unavailable: kind(
    'error',
    'updates.md',
    'Follow the instructions in the message: no update is installed until then.',
    LOG,
  ),
  updates_untrusted: kind('warning', 'updates.md', 'Add the public key of the signer to updates.trusted_keys.'),
  update_half_done: kind('error', 'updates.md', 'Prepare a complete update, and execute it.'),
  webhook_dead_letters: kind('warning', 'webhooks.md', 'Check the dead letters, and deliver them again.'),
  webhook_target_failing: kind('warning', 'webhooks.md', 'Check why the receiver rejects deliveries.'),
  trace_sink_unreachable: kind('warning', 'traces.md', 'Check whether the collector is available.'),
  metrics_sink_unreachable: kind('warning', 'metrics.md', 'Check whether the collector is available.'),
  log_sink_unreachable: kind('warning', 'logs.md', 'Check whether the log target is available.'),
  // Plugins.
  loki_unreadable: kind('error', 'logs.md', 'Check whether Loki is available and accepts queries.'),
  linux_look_failed: kind('warning', 'linux.md', 'Follow the instructions in the message.', LOG),
  linux_no_processes: kind('warning', 'linux.md', 'Give the gateway access to the processes of the machine.'),
  linux_systemd_unreachable: kind('warning', 'linux.md', 'Give the gateway access to systemd over D-Bus.'),
  pipeline_graph_option: kind('warning', 'pipeline-graph.md', 'Correct the option that the message names.'),
  watchdog_option: kind('warning', 'watchdog.md', 'Correct the option that the message names.'),
  opcua_option: kind('warning', 'opcua.md', 'Correct the option, or the node map, that the message names.'),
  plc_disconnected: kind('error', 'opcua.md', 'Follow the instructions in the message; medkit retries automatically.'),
  plc_namespaces: kind(
    'warning',
    'opcua.md',
    'Write the namespaces of the node map as `nsu=<URI>` with the URIs of the PLC.',
  ),
  plugin_ended: kind('error', 'write-a-plugin.md', 'Report the failure with the log to the author of the plugin.', LOG),
  plugin_left_out: kind(
    'error',
    'write-a-plugin.md',
    'Correct the configuration, as the message says.',
    'medkit config explain',
  ),
  plugin_part_refused: kind('warning', 'write-a-plugin.md', 'Report the message to the author of the plugin.'),
  plugin_route_refused: kind('warning', 'write-a-plugin.md', 'Report the message to the author of the plugin.'),
  plugin_switched_off: kind(
    'error',
    'write-a-plugin.md',
    'Report the failure to the author of the plugin, and restart the gateway.',
    LOG,
  ),
  // Access.
  tls_certificate_refused: kind(
    'error',
    'tls.md',
    'Replace the file with a valid certificate.',
    'openssl x509 -noout -dates -in <cert_file>',
  ),
  tls_client_ca_refused: kind(
    'error',
    'tls.md',
    'Replace the file with valid certificates or revocation lists (PEM).',
    'openssl crl -noout -nextupdate -in <client_crl_file>',
  ),
  tls_client_crl_unusable: kind(
    'error',
    'tls.md',
    'Write a current revocation list of each authority, root and intermediate ones, to the file.',
    'openssl crl -noout -issuer -nextupdate -in <client_crl_file>',
  ),
  tls_certificate_expiring: kind('warning', 'tls.md', 'Renew the certificate.'),
  tls_key_readable: kind(
    'warning',
    'tls.md',
    'Make the key readable only by the user of the gateway.',
    'chmod 600 <key_file>',
  ),

  // The fleet hub.
  fleet_merged_tree_full: kind(
    'info',
    'hub.md',
    'Use the address of each robot, or unset fleet.merged_tree.',
    'medkit fleet',
  ),
  hub_database_unavailable: kind(
    'error',
    'hub.md',
    'Start PostgreSQL, and check the network and the URL in fleet.database.',
    'pg_isready -d "$(cat /etc/medkit/fleet-database)"',
  ),
  fleet_events_unsorted: kind(
    'warning',
    'hub.md',
    'Check the clock of the hub. No event is lost, and old ones are removed as always.',
    'timedatectl',
  ),
  fleet_changes_waiting: kind(
    'warning',
    'nats.md',
    'Follow the remedy in the message. The hub serves robots and people meanwhile.',
    'medkit hub check',
  ),
  fleet_changes_skipped: kind(
    'warning',
    'nats.md',
    'Read what consumers missed from the API of the hub.',
    'medkit fleet issues',
  ),
  evidence_store: kind(
    'warning',
    'hub.md',
    'Follow the remedy in the message: the hub fetches no evidence until then.',
    'medkit fleet evidence --state queued',
  ),
  fleet_quota: kind('warning', 'hub.md', 'Follow the remedy in the message.', 'medkit fleet quotas'),
  uplink_throttled: kind(
    'warning',
    'hub.md',
    'Find the source that repeats, in the faults of the robot.',
    'medkit faults --robot <robot>',
  ),
  uplink_refused: kind('error', 'uplink.md', 'Follow the instruction in the message.', 'medkit uplink'),
  uplink_pending: kind('info', 'uplink.md', 'Approve the robot on the hub.', 'medkit uplink'),
  uplink_file_broken: kind('error', 'uplink.md', 'Restore the file, or enrol the robot again.', 'medkit uplink'),
  uplink_settings_invalid: kind('error', 'uplink.md', 'Change the setting, and restart the gateway.', 'medkit uplink'),

  // Notifications.
  notify_not_told: kind('error', 'notify.md', LOOK_AT_DISK, DISK),
  notify_no_links: kind('info', 'notify.md', 'Set server.public_url to an address that phones can reach.'),
  notify_no_incidents: kind('error', 'notify.md', 'Set incidents.enabled to true, or remove the receivers.'),
  notify_receiver_failing: kind(
    'error',
    'notify.md',
    'Check the answer of the receiver.',
    'medkit notify test <receiver>',
  ),
  notify_heartbeat_withheld: kind('error', 'notify.md', 'Follow the other warnings: faults cannot be stored.', DOCTOR),
  notify_heartbeat_failing: kind(
    'warning',
    'notify.md',
    'Check that notify.heartbeat_url is correct and reachable.',
    'curl -i <url>',
  ),
};

/** For a warning with an unknown code, such as a plugin's. */
export const UNKNOWN_WARNING: WarningKind = kind(
  'warning',
  'troubleshooting.md',
  'Follow the instructions in the message.',
);
