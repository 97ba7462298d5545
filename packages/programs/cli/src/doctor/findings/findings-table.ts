/** An error keeps the robot from being seen, a warning a part of it; a hint is for those who still miss something. */
export type Severity = 'error' | 'warning' | 'hint';

/** What the doctor may find. Words in `<>` are filled in by what is seen. */
export interface FindingKind {
  readonly severity: Severity;
  readonly title: string;
  readonly means: string;
  /** What to do; commands stand in backticks. */
  readonly remedy: string;
}

/**
 * Everything that the doctor knows how to find, the worst first. Those with the code of a warning of `/health` are found by the
 * gateway itself, whose message says what to do in the case at hand.
 */
export const FINDINGS = {
  clock_unset: {
    severity: 'error',
    title: 'The clock of this machine is not set',
    means: 'Timestamps of faults, logs and recordings mean nothing, and certificates and signatures are refused.',
    remedy: 'Set it: `sudo timedatectl set-ntp true`, or `sudo date -s "2026-03-23 02:14"` where there is no network.',
  },
  no_participants: {
    severity: 'error',
    title: 'Nobody is heard',
    means:
      'No DDS program announces itself on this domain and these interfaces: it runs on another domain, only within its own machine, with another middleware, or the network keeps multicast back.',
    remedy:
      'See which domains are in use below, then `medkit doctor --domain <id>`. Across routers name the robot: `ROS_STATIC_PEERS=<address> medkit doctor`.',
  },
  unheard_here: {
    severity: 'error',
    title: 'A program on this machine is of this domain, but is not heard',
    means:
      'It has the ports of the domain open, so it is not on the same interfaces: it stays on loopback and medkit does not, or the other way round, or a firewall drops UDP.',
    remedy:
      'Start both with the same ROS_AUTOMATIC_DISCOVERY_RANGE, such as `ROS_AUTOMATIC_DISCOVERY_RANGE=LOCALHOST medkit doctor`, and look at the firewall: `sudo nft list ruleset`.',
  },
  no_nodes: {
    severity: 'error',
    title: 'DDS programs are heard, but no ROS 2 node',
    means: 'They are no ROS 2 programs, are still starting, or what they send beside their announcements is lost.',
    remedy:
      'Wait for the start to end. Then let the firewall pass UDP ports 7400 to 7649 (plus 250 for each domain id) both ways.',
  },
  faults: {
    severity: 'warning',
    title: 'The robot has confirmed faults',
    means: 'Something is wrong with the robot itself; the gateway sees it well.',
    remedy: '`medkit faults` lists them, `medkit faults show <code>` shows what was captured.',
  },
  unsupported_environment: {
    severity: 'warning',
    title: 'A variable of the environment asks for what medkit does not do',
    means: 'The nodes that follow it are not seen.',
    remedy: 'Start them without it: `env | grep -E "^(ROS|RMW|CYCLONEDDS|FASTRTPS|FASTDDS)_"` shows what is set.',
  },
  participants_not_understood: {
    severity: 'warning',
    title: 'Programs are heard that cannot be talked to',
    means:
      'They are of another domain behind the same ports, have a domain tag, announce no address that can be reached, or speak another RTPS.',
    remedy:
      'As the message says for each reason. A recording of the wire helps others to help: `medkit up --record wire.pcap`.',
  },
  discovery_server: {
    severity: 'warning',
    title: 'A Fast DDS Discovery Server is in use',
    means: 'Its clients announce themselves to it alone, and medkit cannot ask it.',
    remedy: 'Start the nodes without it: `unset ROS_DISCOVERY_SERVER`.',
  },
  security: {
    severity: 'warning',
    title: 'DDS Security (SROS2) is in use',
    means: 'medkit does not speak it: what it protects is not seen.',
    remedy:
      'Start the nodes with `ROS_SECURITY_ENABLE=false`, or let their governance admit unauthenticated participants.',
  },
  zenoh: {
    severity: 'warning',
    title: 'Programs speak Zenoh',
    means: 'Nodes on rmw_zenoh_cpp speak no DDS, so medkit does not see them.',
    remedy:
      'Start them with `RMW_IMPLEMENTATION=rmw_cyclonedds_cpp` (or rmw_fastrtps_cpp), or run zenoh-bridge-ros2dds beside them.',
  },
  shared_memory_only: {
    severity: 'warning',
    title: 'A DDS program has no UDP port',
    means: 'It talks through shared memory or TCP alone, which reaches neither medkit nor other machines.',
    remedy:
      'Give it UDP back: remove the transports from the profile that FASTRTPS_DEFAULT_PROFILES_FILE names, and start it with `FASTDDS_BUILTIN_TRANSPORTS=DEFAULT`.',
  },
  localhost_only: {
    severity: 'warning',
    title: 'Programs stay on this machine',
    means:
      'They are started with ROS_LOCALHOST_ONLY=1, or with a discovery range of LOCALHOST or OFF: no other machine hears them.',
    remedy:
      'On this machine `ROS_AUTOMATIC_DISCOVERY_RANGE=LOCALHOST medkit up`. To hear them from elsewhere start them with `ROS_AUTOMATIC_DISCOVERY_RANGE=SUBNET` and without ROS_LOCALHOST_ONLY.',
  },
  no_network: {
    severity: 'warning',
    title: 'No network is up',
    means: 'Only programs of this machine can be heard.',
    remedy: '`ip -br link` shows what is down: `sudo ip link set dev <interface> up`.',
  },
  interface_down: {
    severity: 'warning',
    title: 'A link is down',
    means: 'Programs are called through other interfaces, or not at all if there is none.',
    remedy: '`ip -br link` shows which: plug in its cable, or join the wireless network again.',
  },
  receive_buffer_small: {
    severity: 'warning',
    title: 'The receive buffer is small',
    means: 'Large messages, such as images, are lost before medkit reads them.',
    remedy: '`sudo sysctl -w net.core.rmem_max=4194304`, and the same into `/etc/sysctl.d/60-dds.conf` to keep it.',
  },
  datagrams_lost: {
    severity: 'warning',
    title: 'Datagrams are lost on this machine',
    means: 'Programs do not read as fast as they are sent to: their receive buffers are full.',
    remedy:
      'Enlarge the buffers: `sudo sysctl -w net.core.rmem_max=4194304`; then look for who has no processor time: `top`.',
  },
  datagrams_not_sent: {
    severity: 'warning',
    title: 'Datagrams could not be sent',
    means: 'An interface is down, or a firewall refuses them.',
    remedy: '`ip -br address` and `sudo nft list ruleset`.',
  },
  incompatible_qos: {
    severity: 'warning',
    title: 'A publisher and a subscription do not match',
    means: 'One asks for more than the other offers, so nothing flows between them.',
    remedy:
      'Give both the same QoS, or the subscription one that asks for less: `reliability: best_effort`, `durability: volatile`.',
  },
  mixed_types: {
    severity: 'warning',
    title: 'Endpoints of a topic have different types',
    means: 'Nothing flows between different types. Each app shows the type of its own endpoint.',
    remedy: 'Use one type, or give one of the topics another name: `--ros-args -r <topic>:=<name>`.',
  },
  unknown_type: {
    severity: 'warning',
    title: 'The definition of a message is missing',
    means: 'Its values are shown as hex, and cannot be written.',
    remedy:
      'Start medkit with the workspace of the robot: `source install/setup.sh && medkit up`, or `medkit up --type-folder <folder>`.',
  },
  duplicate_node_name: {
    severity: 'warning',
    title: 'Several programs use the same node name',
    means: 'They are shown as one app.',
    remedy: 'Give each a name of its own: `--ros-args -r __node:=<name>`.',
  },
  duplicate_service: {
    severity: 'warning',
    title: 'Several nodes offer the same service',
    means: 'medkit calls the one of the app that is asked; another program reaches any of them.',
    remedy:
      'Give each a name of its own: `--ros-args -r <service>:=<name>`; a node that was killed is gone by itself within 20 s.',
  },
  tls_certificate_refused: {
    severity: 'warning',
    title: 'A new certificate of the gateway is not served',
    means: 'What is in its files cannot be used, so the one of before stays, until that ends.',
    remedy:
      'As the message says: `openssl x509 -noout -dates -in <cert_file>` shows what is there. Then `systemctl reload medkit`.',
  },
  tls_certificate_expiring: {
    severity: 'warning',
    title: 'The certificate of the gateway ends soon',
    means:
      'Clients refuse it from then on. It is told twenty-one days before: what renews it by itself has failed by then.',
    remedy: 'Renew it where it comes from, `certbot renew` say. The new file is taken without a restart.',
  },
  tls_key_readable: {
    severity: 'warning',
    title: 'Others can read the key of the gateway',
    means: 'Who has it can pass for the gateway.',
    remedy: '`chmod 600 <key_file>`, unless its group is there for that.',
  },
  open_to_all: {
    severity: 'warning',
    title: 'Everybody on the network may command the robot',
    means: 'Whoever reaches the port of the gateway may do everything that it does.',
    remedy: '`medkit auth init` makes the first user; take `server.insecure` away, and start the gateway again.',
  },
  no_admin: {
    severity: 'warning',
    title: 'Nobody may keep up the accounts',
    means: 'No user can be added, no key of another be revoked, and no password be set anew.',
    remedy:
      '`medkit auth init` on the machine of the gateway makes the first user, `medkit auth reset-admin <name>` makes one an admin.',
  },
  secret_readable: {
    severity: 'warning',
    title: 'Everybody on this machine can read keys or passwords',
    means: 'Who has them may do what they are for.',
    remedy: '`chmod o-rwx <file>`. Make a new one where somebody else may have read it.',
  },
  peer_unavailable: {
    severity: 'warning',
    title: 'Another gateway cannot be shown',
    means:
      'It is named in aggregation.peer_urls and does not answer, wants another token, tells no tree, or is shown under another name already.',
    remedy:
      'As the message says. `curl -i <address>/api/v1/health` shows what it answers from here: nothing where it is down or a firewall is between, 401 where it wants a token, 421 where its `server.allowed_hosts` lacks the name.',
  },
  peer_clock_off: {
    severity: 'warning',
    title: 'The clock of another gateway is off',
    means:
      'It is more than a second ahead of the one here, or behind it. Joined lists are in the order of what happened all the same; the times that stand in faults, logs and frames are those of that gateway.',
    remedy:
      'Have both machines synchronise their time: `timedatectl set-ntp true`, with a time server that both reach. `medkit peers` shows the offset.',
  },
  peer_pending: {
    severity: 'warning',
    title: 'A gateway was found on the network and is not shown',
    means:
      'It announces itself, and nobody has approved it at its address, or it does not know the token that aggregation.peer_token_files has for its name. Nothing is asked of it.',
    remedy:
      'Look at the address; if the gateway is yours: `medkit peers approve <name>`. If it is not, nothing has to be done; `aggregation.discover: false` looks for none.',
  },
  internal_failure: {
    severity: 'warning',
    title: 'A part of medkit failed',
    means: 'It went on without what it was about to take in; the message says what failed.',
    remedy: 'Report the message, with the version of `medkit --version`.',
  },
  port_taken: {
    severity: 'warning',
    title: 'The port of the gateway is taken',
    means: 'Another program listens on TCP port <port>, so `medkit up` does not start.',
    remedy: '`medkit up --port <other>`, or end the program: `sudo ss -ltnp sport = :<port>` names it.',
  },
  disk_low: {
    severity: 'warning',
    title: 'The disk of the data folder is nearly full',
    means: 'Faults go on for a while in a reserve, recordings and freeze frames do not.',
    remedy: '`du -xh <folder> | sort -h | tail` shows what takes the room; `--data-dir` puts the data elsewhere.',
  },
  clock_jumped: {
    severity: 'warning',
    title: 'The clock was set while the doctor listened',
    means: 'Times of faults, logs and recordings jump with it.',
    remedy: 'Let it be slewed rather than set: `chronyc tracking` or `timedatectl timesync-status` says who sets it.',
  },
  network_changed: {
    severity: 'hint',
    title: 'The network changed',
    means:
      'An address of this machine appeared or was removed, or a link went down or came up, in the last ten minutes. The gateway follows it within 3 s; a call that was under way may fail.',
    remedy: 'None, if you expected it. `ip -br address` shows the addresses of now.',
  },
  accounts_off: {
    severity: 'hint',
    title: 'One token is for everybody',
    means: 'Nobody can be told from anybody else, everybody may do everything, and who leaves takes the token along.',
    remedy: '`medkit auth init` makes the first user, `medkit auth keys create <name>` a key for a program.',
  },
  passwords_to_change: {
    severity: 'hint',
    title: 'Users have a password that somebody else made',
    means: 'Until they change it, at their next login, somebody else knows it.',
    remedy: '`medkit auth users` says whose; `medkit auth users disable <name>` where somebody does not come.',
  },
  keys_without_expiry: {
    severity: 'hint',
    title: 'Keys count for ever',
    means: 'One that was lost and is not missed lets in whoever finds it.',
    remedy: '`medkit auth keys` says which; make another with `--days`, and revoke them.',
  },
  keys_expired: {
    severity: 'hint',
    title: 'Keys have expired',
    means: 'Programs that still send them are not let in. They are forgotten thirty days after.',
    remedy:
      '`medkit auth keys` says which, and when they were last used; `medkit auth keys create <name>` makes others.',
  },
  other_domain: {
    severity: 'hint',
    title: 'Domain <domain> is in use, too',
    means: 'Programs of different domains do not hear each other.',
    remedy: '`medkit doctor --domain <domain>`; if that is the robot, start medkit with `ROS_DOMAIN_ID=<domain>`.',
  },
  custom_dds_profile: {
    severity: 'hint',
    title: 'A program has a DDS configuration of its own',
    means: 'It can choose interfaces, ports, transports and peers that medkit does not share.',
    remedy: 'If its nodes are missing, start it once without: `unset <variable>`.',
  },
  no_multicast: {
    severity: 'hint',
    title: 'An interface passes no multicast',
    means: 'Programs behind it are found only where each names the other.',
    remedy: '`sudo ip link set dev <interface> multicast on`, or name the robot in ROS_STATIC_PEERS.',
  },
  shared_memory_left: {
    severity: 'hint',
    title: 'Shared memory of Fast DDS was left behind',
    means:
      'Programs that were killed did not clear it up. It takes memory, and a new program can wait for a lock in it for ever.',
    remedy: 'With no ROS program running: `fastdds shm clean`, or `rm /dev/shm/fastrtps_* /dev/shm/sem.fastrtps_*`.',
  },
  small_mtu: {
    severity: 'hint',
    title: 'Packets of an interface are small',
    means: 'Messages go in more pieces than usual, each of which can be lost: typical of VPNs.',
    remedy: '`sudo ip link set dev <interface> mtu 1500`, where the network below can carry it.',
  },
  clock_unsynchronised: {
    severity: 'hint',
    title: 'The clock is not synchronised',
    means: 'Faults of several machines cannot be put in order, and transforms look too old.',
    remedy: '`sudo timedatectl set-ntp true`, or chrony with the same server on every machine of the robot.',
  },
  tls_off: {
    severity: 'hint',
    title: 'The gateway can be reached over HTTP alone',
    means: 'Tokens and what the robot tells can be read and changed by everybody on the way.',
    remedy: 'Set `server.tls.enabled`, with a certificate or `server.tls.self_signed`: see docs/guides/tls.md.',
  },
  partial_parameters: {
    severity: 'hint',
    title: 'A node lacks a service of its parameters',
    means: 'Its parameters are served as far as its other services allow; a change may be refused.',
    remedy:
      'Build the node with a client library that offers all services of parameters, or let it end and start again.',
  },
} as const satisfies Readonly<Record<string, FindingKind>>;
