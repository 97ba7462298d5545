import type { Setting } from './setting.ts';

/** Settings of aggregation: peers whose entities this gateway shows. */
export const AGGREGATION_SETTINGS = {
  'aggregation.enabled': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about: 'Shows the entities of other gateways in this tree, and forwards requests for them.',
  },
  'aggregation.peer_urls': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about: 'Addresses of the other gateways, such as `http://10.0.0.7:8080`.',
  },
  'aggregation.peer_names': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about:
      'Names of the other gateways on this gateway, in the order of `aggregation.peer_urls`. A gateway with a token file and an empty address is found by `aggregation.discover`.',
  },
  'aggregation.peer_token_files': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about:
      'Files with the token of each gateway, in the same order; an empty text for a gateway without a token. Empty if no gateway needs one.',
  },
  'aggregation.peer_auth_header': {
    type: 'text',
    default: '',
    secret: true,
    since: '0.1.0',
    about:
      '`Authorization` for all gateways of `aggregation.peer_urls` without a token file, as `Bearer <token>`. Gateways found by `aggregation.discover` do not receive it.',
  },
  'aggregation.timeout_ms': {
    type: 'integer',
    default: 2000,
    min: 100,
    max: 60_000,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Timeout in milliseconds for reading the tree of another gateway.',
  },
  'aggregation.require_tls': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about: 'Ignores gateways whose address does not begin with `https`.',
  },
  'aggregation.ca_file': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about:
      'PEM file with additional trusted certificates for `https` connections to other gateways: of a private certificate authority, or of a gateway with `server.tls.self_signed`.',
  },
  'aggregation.forward_auth': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about:
      'Forwards the `Authorization` of clients to gateways without a token file. These gateways can read it: use only with gateways that you trust like this one.',
  },
  'aggregation.announce': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about:
      'Announces this gateway on the local network by multicast DNS, as far as `ROS_AUTOMATIC_DISCOVERY_RANGE` allows and other machines can reach `server.host`.',
  },
  'aggregation.discover': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about:
      'Looks for gateways that announce themselves. A gateway is shown after it is approved with `medkit peers approve`, or after it proves that it knows the token that `aggregation.peer_token_files` has for its name.',
  },
  'aggregation.trusted_networks': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about:
      'Networks (`10.0.8.0/24`), addresses and interfaces of this machine (`eth1`) whose gateways are shown without approval. Every machine on these networks can add entities to the tree. Empty: none.',
  },
  'aggregation.mdns_service': {
    type: 'text',
    default: '_medkit._tcp.local',
    matches: {
      pattern: /^_[A-Za-z0-9-]{1,15}\._(?:tcp|udp)\.local$/,
      meaning: 'a service type such as _medkit._tcp.local',
    },
    since: '0.1.0',
    about: 'Service type that gateways announce and look for.',
  },
  'aggregation.mdns_name': {
    type: 'text',
    default: '',
    defaultText: 'the name of the machine',
    since: '0.1.0',
    about: 'Name under which this gateway is announced; other gateways show it under this name.',
  },
  'aggregation.peer_scheme': {
    type: 'text',
    default: 'http',
    since: '0.1.0',
    about: 'Protocol for requests to discovered gateways: `http` or `https`.',
  },
  'aggregation.max_discovered_peers': {
    type: 'integer',
    default: 50,
    min: 1,
    max: 1000,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Maximum number of discovered gateways, including those that wait for approval.',
  },
  'aggregation.fault_copies_mb': {
    type: 'integer',
    default: 64,
    min: 0,
    max: 4096,
    outside: 'clamp',
    since: '0.1.0',
    about:
      'Memory in MB for copies of the faults of other gateways, with their freeze frames and log lines. The copies are shown while a gateway is offline. 0: none.',
  },
  'aggregation.recording_copies_mb': {
    type: 'integer',
    default: 256,
    min: 0,
    max: 1_048_576,
    outside: 'clamp',
    since: '0.1.0',
    about:
      'Disk space in MB for copies of the recordings of these faults. 0: none; also none if faults are not copied.',
  },
  'aggregation.recording_copy_max_mb': {
    type: 'integer',
    default: 64,
    min: 1,
    max: 1_048_576,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Maximum size in MB of a recording that is copied.',
  },
  'aggregation.recording_copy_severity': {
    type: 'integer',
    default: 2,
    min: 0,
    max: 3,
    outside: 'default',
    since: '0.1.0',
    about: 'Minimum severity of a fault whose recordings are copied: 0 INFO, 1 WARN, 2 ERROR, 3 CRITICAL.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
