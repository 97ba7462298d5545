/** An error hides the whole robot, a warning a part of it. A hint helps if something is still missing. */
export type Severity = 'error' | 'warning' | 'hint';

/** A problem that the doctor can find. Placeholders in `<>` are filled in. */
export interface FindingKind {
  readonly severity: Severity;
  readonly title: string;
  readonly means: string;
  /** What to do, with commands in backticks. */
  readonly remedy: string;
}

/**
 * Every problem that the doctor can find, most severe first. A problem with the code of a `/health` warning is found by the
 * gateway, whose message contains the specific remedy.
 */
export const FINDINGS = {
  clock_unset: {
    severity: 'error',
    title: 'The clock of this machine is not set',
    means: 'Timestamps of faults, logs and recordings are wrong, and certificates and signatures are rejected.',
    remedy: 'Set it: `sudo timedatectl set-ntp true`, or `sudo date -s "2026-03-23 02:14"` if there is no network.',
  },
  no_participants: {
    severity: 'error',
    title: 'No DDS program was discovered',
    means:
      'No DDS program announces itself on this domain and these interfaces. The robot uses another domain, only its own loopback interface, or another middleware; or the network blocks multicast.',
    remedy:
      'See below which domains are in use, then run `medkit doctor --domain <id>`. If there are routers in between, set the address of the robot: `ROS_STATIC_PEERS=<address> medkit doctor`.',
  },
  unheard_here: {
    severity: 'error',
    title: 'A program on this machine uses this domain, but was not discovered',
    means:
      'It has the ports of the domain open, but uses other interfaces: it is limited to loopback and medkit is not, or the reverse. Or a firewall drops UDP.',
    remedy:
      'Start both with the same ROS_AUTOMATIC_DISCOVERY_RANGE, such as `ROS_AUTOMATIC_DISCOVERY_RANGE=LOCALHOST medkit doctor`, and check the firewall: `sudo nft list ruleset`.',
  },
  no_nodes: {
    severity: 'error',
    title: 'DDS programs were discovered, but no ROS 2 node',
    means: 'They are not ROS 2 programs, are still starting, or their messages other than announcements are lost.',
    remedy:
      'Wait until they have started. Then open UDP ports 7400 to 7649 (plus 250 for each domain id) in the firewall, in both directions.',
  },
  uplink_refused: {
    severity: 'error',
    title: 'The fleet hub refuses the robot',
    means:
      'The hub does not list what happens on this robot. The robot tries again once a day, and its log stays on its disk.',
    remedy: 'Follow the instruction in the message; `medkit uplink` shows the connection.',
  },
  uplink_file_broken: {
    severity: 'error',
    title: 'A file of the enrolment at the fleet hub cannot be used',
    means: 'The gateway runs without the hub.',
    remedy:
      'Restore the file that the message names. Without a copy, run `medkit enrol --seal`, and enrol the robot with a new invitation. If the robot has two hubs, run `medkit enrol --remove <hub>` for this one instead.',
  },
  uplink_settings_invalid: {
    severity: 'error',
    title: 'The robot does not connect to a fleet hub, because of a setting',
    means: 'The gateway runs without this hub, which does not list what happens on this robot.',
    remedy: 'Change the setting that the message names, and restart the gateway.',
  },
  faults: {
    severity: 'warning',
    title: 'The robot has confirmed faults',
    means: 'The robot has a problem; the connection between gateway and robot works.',
    remedy: '`medkit faults` lists them, `medkit faults show <code>` shows the evidence.',
  },
  unsupported_environment: {
    severity: 'warning',
    title: 'An environment variable requests a feature that medkit does not support',
    means: 'Nodes that use this feature are not discovered.',
    remedy: 'Start them without it: `env | grep -E "^(ROS|RMW|CYCLONEDDS|FASTRTPS|FASTDDS)_"` shows what is set.',
  },
  participants_not_understood: {
    severity: 'warning',
    title: 'medkit cannot communicate with some discovered programs',
    means:
      'They belong to another domain that shares the ports, use a domain tag, announce no reachable address, or use another RTPS version.',
    remedy:
      'See the message for each reason. For a bug report, attach a network capture: `medkit up --record wire.pcap`.',
  },
  discovery_server: {
    severity: 'warning',
    title: 'A Fast DDS Discovery Server is in use',
    means: 'Its clients announce themselves only to the server, and medkit does not support its protocol.',
    remedy: 'Start the nodes without it: `unset ROS_DISCOVERY_SERVER`.',
  },
  security: {
    severity: 'warning',
    title: 'DDS Security (SROS2) is in use',
    means: 'medkit does not support it: protected nodes and topics are not visible.',
    remedy:
      'Start the nodes with `ROS_SECURITY_ENABLE=false`, or let their governance admit unauthenticated participants.',
  },
  zenoh: {
    severity: 'warning',
    title: 'Programs use Zenoh',
    means: 'Nodes with rmw_zenoh_cpp do not use DDS, so medkit does not discover them.',
    remedy:
      'Start them with `RMW_IMPLEMENTATION=rmw_cyclonedds_cpp` (or rmw_fastrtps_cpp), or also run zenoh-bridge-ros2dds.',
  },
  shared_memory_only: {
    severity: 'warning',
    title: 'A DDS program has no UDP port',
    means: 'It communicates only through shared memory or TCP, which medkit and other machines cannot receive.',
    remedy:
      'Enable UDP: remove the transports from the profile that FASTRTPS_DEFAULT_PROFILES_FILE names, and start it with `FASTDDS_BUILTIN_TRANSPORTS=DEFAULT`.',
  },
  localhost_only: {
    severity: 'warning',
    title: 'Programs are limited to this machine',
    means:
      'They run with ROS_LOCALHOST_ONLY=1, or with a discovery range of LOCALHOST or OFF: other machines do not discover them.',
    remedy:
      'On this machine run `ROS_AUTOMATIC_DISCOVERY_RANGE=LOCALHOST medkit up`. For other machines, start the programs with `ROS_AUTOMATIC_DISCOVERY_RANGE=SUBNET` and without ROS_LOCALHOST_ONLY.',
  },
  no_network: {
    severity: 'warning',
    title: 'No network interface is up',
    means: 'Only programs on this machine can be discovered.',
    remedy: '`ip -br link` shows what is down: `sudo ip link set dev <interface> up`.',
  },
  interface_down: {
    severity: 'warning',
    title: 'A link is down',
    means: 'Programs are reached through other interfaces, or not at all if there is none.',
    remedy: '`ip -br link` shows which: plug in the cable, or reconnect to the wireless network.',
  },
  receive_buffer_small: {
    severity: 'warning',
    title: 'The receive buffer is too small',
    means: 'Large messages, such as images, are lost before medkit reads them.',
    remedy:
      '`sudo sysctl -w net.core.rmem_max=4194304`, and add the same line to `/etc/sysctl.d/60-dds.conf` to make it permanent.',
  },
  datagrams_lost: {
    severity: 'warning',
    title: 'Datagrams are lost on this machine',
    means: 'Programs read more slowly than data arrives: their receive buffers are full.',
    remedy:
      'Enlarge the buffers: `sudo sysctl -w net.core.rmem_max=4194304`; then find overloaded processors and processes: `top`.',
  },
  datagrams_not_sent: {
    severity: 'warning',
    title: 'Datagrams could not be sent',
    means: 'An interface is down, or a firewall blocks them.',
    remedy: 'Check the interfaces with `ip -br address`, and the firewall with `sudo nft list ruleset`.',
  },
  incompatible_qos: {
    severity: 'warning',
    title: 'A publisher and a subscription have incompatible QoS',
    means: 'The subscription requests more than the publisher offers, so no messages are delivered.',
    remedy: 'Use the same QoS for both, or relax the subscription: `reliability: best_effort`, `durability: volatile`.',
  },
  mixed_types: {
    severity: 'warning',
    title: 'Endpoints of a topic have different types',
    means: 'No messages are delivered between different types. Each app shows the type of its endpoint.',
    remedy: 'Use one type, or rename one of the topics: `--ros-args -r <topic>:=<name>`.',
  },
  unknown_type: {
    severity: 'warning',
    title: 'A message definition is missing',
    means: 'Values of this type are shown as hexadecimal bytes, and cannot be written.',
    remedy:
      'Start medkit with the workspace of the robot: `source install/setup.sh && medkit up`, or `medkit up --type-folder <folder>`.',
  },
  duplicate_node_name: {
    severity: 'warning',
    title: 'Several nodes have the same name',
    means: 'They are shown as one app.',
    remedy: 'Give each node a unique name: `--ros-args -r __node:=<name>`.',
  },
  duplicate_service: {
    severity: 'warning',
    title: 'Several nodes offer the same service',
    means: 'medkit calls the service of the requested app; other clients reach any of them.',
    remedy: 'Give each service a unique name: `--ros-args -r <service>:=<name>`. A killed node disappears within 20 s.',
  },
  tls_certificate_refused: {
    severity: 'warning',
    title: 'A new certificate of the gateway was rejected',
    means: 'The new certificate or key is invalid, so the gateway serves the previous certificate until it expires.',
    remedy:
      'See the message; `openssl x509 -noout -dates -in <cert_file>` shows the validity. Then run `systemctl reload medkit`.',
  },
  tls_client_ca_refused: {
    severity: 'warning',
    title: 'New authorities or revocation lists of clients were rejected',
    means:
      'A file of client certificates is invalid, so the gateway uses its previous content: new revocations are not known.',
    remedy: 'See the message; the files must be PEM text. Then run `systemctl reload medkit`.',
  },
  tls_client_crl_unusable: {
    severity: 'warning',
    title: 'The gateway cannot check whether client certificates are revoked',
    means: 'A revocation list is missing or outdated, so clients with certificates of this authority are refused.',
    remedy:
      'Write a current list of each authority to `server.tls.client_crl_file`; `openssl crl -noout -issuer -nextupdate -in <file>` shows the first one.',
  },
  tls_certificate_expiring: {
    severity: 'warning',
    title: 'The certificate of the gateway expires soon',
    means:
      'Clients reject an expired certificate. This warning appears 21 days before expiry: automatic renewal has failed by then.',
    remedy:
      'Renew it at its issuer, for example with `certbot renew`. The gateway loads the new file without a restart.',
  },
  tls_key_readable: {
    severity: 'warning',
    title: 'Other users can read the private key of the gateway',
    means: 'A user with the key can impersonate the gateway.',
    remedy: '`chmod 600 <key_file>`, unless its group needs access.',
  },
  open_to_all: {
    severity: 'warning',
    title: 'The gateway allows unauthenticated access from the network',
    means: 'Every client that reaches the port of the gateway can read and command the robot.',
    remedy: 'Create the first user with `medkit auth init`, remove `server.insecure`, and restart the gateway.',
  },
  no_admin: {
    severity: 'warning',
    title: 'No user can manage the accounts',
    means: 'Without an enabled admin, no user can be added, no key of another user revoked, and no password reset.',
    remedy:
      'On the machine of the gateway, create the first user with `medkit auth init`, or make a user an admin with `medkit auth reset-admin <name>`.',
  },
  secret_readable: {
    severity: 'warning',
    title: 'Every user of this machine can read keys or passwords',
    means: 'Another user can use them to access the gateway.',
    remedy: '`chmod o-rwx <file>`. Replace the secret if another user may have read it.',
  },
  peer_unavailable: {
    severity: 'warning',
    title: 'Another gateway cannot be aggregated',
    means:
      'It is listed in aggregation.peer_urls, but does not answer, requires another token, returns no entity tree, or is already aggregated under another name.',
    remedy:
      'See the message. `curl -i <address>/api/v1/health` shows its response from here: none if it is down or a firewall blocks it, 401 if it requires a token, 421 if its `server.allowed_hosts` lacks the host name.',
  },
  peer_clock_off: {
    severity: 'warning',
    title: 'The clock of another gateway is off',
    means:
      'It differs by more than a second from the clock of this gateway. Merged lists are still in the correct order, but the times in faults, logs and freeze frames are those of the other gateway.',
    remedy:
      'Synchronise both machines: `timedatectl set-ntp true`, with a time server that both reach. `medkit peers` shows the offset.',
  },
  peer_pending: {
    severity: 'warning',
    title: 'A discovered gateway is not approved',
    means:
      'It announces itself on the network, but it is not approved at its address, or it does not know the token that aggregation.peer_token_files has for its name. This gateway sends no requests to it.',
    remedy:
      'Check the address. If the gateway is yours, run `medkit peers approve <name>`. If it is not, ignore it; `aggregation.discover: false` disables discovery.',
  },
  internal_failure: {
    severity: 'warning',
    title: 'A part of medkit failed',
    means: 'It continued without the data that it could not process; the message says what failed.',
    remedy: 'Report the message, with the output of `medkit --version`.',
  },
  port_taken: {
    severity: 'warning',
    title: 'The port of the gateway is in use',
    means: 'Another program listens on TCP port <port>, so `medkit up` does not start.',
    remedy: 'Run `medkit up --port <other>`, or stop the other program: `sudo ss -ltnp sport = :<port>` names it.',
  },
  disk_low: {
    severity: 'warning',
    title: 'The disk of the data folder is nearly full',
    means: 'Faults are still stored for a while in a reserve; recordings and freeze frames are not.',
    remedy:
      '`du -xh <folder> | sort -h | tail` shows the largest folders; `--data-dir` moves the data to another disk.',
  },
  clock_jumped: {
    severity: 'warning',
    title: 'The clock was set during the examination',
    means: 'Timestamps of faults, logs and recordings jump with the clock.',
    remedy:
      'Configure time synchronisation to slew the clock instead of setting it: `chronyc tracking` or `timedatectl timesync-status` shows its state.',
  },
  uplink_pending: {
    severity: 'hint',
    title: 'The fleet hub has not approved the robot yet',
    means: 'The robot connects within half a minute after its approval.',
    remedy: 'Approve the robot on the hub. Compare the key that `medkit uplink` shows.',
  },
  network_changed: {
    severity: 'hint',
    title: 'The network changed',
    means:
      'An address of this machine appeared or was removed, or a link went down or came up, in the last ten minutes. The gateway adapts within 3 s; calls in progress may fail.',
    remedy: 'None, if you expected it. `ip -br address` shows the current addresses.',
  },
  accounts_off: {
    severity: 'hint',
    title: 'All clients share one token',
    means:
      'Clients cannot be distinguished, every client has all permissions, and people who leave still know the token.',
    remedy:
      'Create the first user with `medkit auth init`, and a key for each program with `medkit auth keys create <name>`.',
  },
  passwords_to_change: {
    severity: 'hint',
    title: 'Users have not changed their initial password',
    means: 'Until they change it at their next login, the admin who created it knows it.',
    remedy: '`medkit auth users` lists them; disable unused accounts with `medkit auth users disable <name>`.',
  },
  keys_without_expiry: {
    severity: 'hint',
    title: 'API keys do not expire',
    means: 'A lost key gives access until it is revoked.',
    remedy: '`medkit auth keys` lists them; create replacements with `--days`, and revoke the old keys.',
  },
  keys_expired: {
    severity: 'hint',
    title: 'API keys have expired',
    means: 'Programs that still send them are rejected. Expired keys are deleted after 30 days.',
    remedy:
      '`medkit auth keys` lists them with their last use; create replacements with `medkit auth keys create <name>`.',
  },
  other_domain: {
    severity: 'hint',
    title: 'Domain <domain> is also in use',
    means: 'Programs on different domains do not discover each other.',
    remedy: 'Run `medkit doctor --domain <domain>`. If the robot uses it, start medkit with `ROS_DOMAIN_ID=<domain>`.',
  },
  custom_dds_profile: {
    severity: 'hint',
    title: 'A program uses a custom DDS configuration',
    means: 'It may use interfaces, ports, transports or peers that medkit does not use.',
    remedy: 'If its nodes are missing, start it without the configuration to compare: `unset <variable>`.',
  },
  no_multicast: {
    severity: 'hint',
    title: 'Multicast is disabled on an interface',
    means: 'Programs behind this interface are discovered only if both sides list each other as peers.',
    remedy: '`sudo ip link set dev <interface> multicast on`, or add the address of the robot to ROS_STATIC_PEERS.',
  },
  shared_memory_left: {
    severity: 'hint',
    title: 'Fast DDS left unused shared memory',
    means: 'Killed programs did not remove it. It uses memory, and a new program can block forever on a lock in it.',
    remedy: 'With no ROS program running: `fastdds shm clean`, or `rm /dev/shm/fastrtps_* /dev/shm/sem.fastrtps_*`.',
  },
  small_mtu: {
    severity: 'hint',
    title: 'The MTU of an interface is small',
    means: 'Messages are split into more fragments than usual, and each can be lost. Typical of VPNs.',
    remedy: '`sudo ip link set dev <interface> mtu 1500`, if the underlying network supports it.',
  },
  clock_unsynchronised: {
    severity: 'hint',
    title: 'The clock is not synchronised',
    means: 'Faults of several machines cannot be ordered, and transforms appear too old.',
    remedy: '`sudo timedatectl set-ntp true`, or chrony with the same server on every machine of the robot.',
  },
  tls_off: {
    severity: 'hint',
    title: 'The gateway uses HTTP without TLS',
    means: 'Other machines on the network path can read and change tokens and data.',
    remedy: 'Set `server.tls.enabled`, with a certificate or `server.tls.self_signed`: see docs/guides/tls.md.',
  },
  partial_parameters: {
    severity: 'hint',
    title: 'A node lacks a parameter service',
    means: 'Its parameters are available as far as its other services allow; changes may fail.',
    remedy: 'Build the node with a client library that offers all parameter services, or restart the node.',
  },
} as const satisfies Readonly<Record<string, FindingKind>>;
