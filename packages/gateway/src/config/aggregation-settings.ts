import type { Setting } from './setting.ts';

/** Settings of aggregation: peers whose entities this gateway shows. */
export const AGGREGATION_SETTINGS = {
  'aggregation.enabled': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about: 'Show the entities of other gateways in this tree, and forward to them what is asked of these.',
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
      'What each of them goes by here, in the order of `aggregation.peer_urls`. One with a token file and an empty address is found by `aggregation.discover`.',
  },
  'aggregation.peer_token_files': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about:
      'Files with the token that each of them wants, in the same order; an empty text for one that wants none, nothing where none does.',
  },
  'aggregation.peer_auth_header': {
    type: 'text',
    default: '',
    secret: true,
    since: '0.1.0',
    about:
      '`Authorization` for all gateways of `aggregation.peer_urls` that have no token file, as `Bearer <token>`; gateways that announce themselves do not receive it.',
  },
  'aggregation.timeout_ms': {
    type: 'integer',
    default: 2000,
    min: 100,
    max: 60_000,
    outside: 'clamp',
    since: '0.1.0',
    about: 'How long another gateway has to tell its tree, in milliseconds.',
  },
  'aggregation.require_tls': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about: 'Leave out every gateway whose address does not begin with `https`.',
  },
  'aggregation.ca_file': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about:
      'PEM file with certificates that are trusted as well where other gateways are asked over `https`: that of an authority of your own, or of a gateway with `server.tls.self_signed`.',
  },
  'aggregation.forward_auth': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about:
      'Pass the `Authorization` of clients on to gateways without a token file. They get to know it: only for gateways that are trusted like this one.',
  },
  'aggregation.announce': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about:
      'Announce this gateway on the local network by multicast DNS, as far as `ROS_AUTOMATIC_DISCOVERY_RANGE` says and `server.host` can be reached.',
  },
  'aggregation.discover': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about:
      'Look for gateways that announce themselves. One that is found is shown once it was approved, with `medkit peers approve`, or shows that it knows the token that `aggregation.peer_token_files` has for its name.',
  },
  'aggregation.trusted_networks': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about:
      'Networks (`10.0.8.0/24`), addresses and interfaces of this machine (`eth1`) whose gateways are shown as soon as they are found, without approval. Every machine on such a network can add entities to the tree. Empty for none.',
  },
  'aggregation.mdns_service': {
    type: 'text',
    default: '_medkit._tcp.local',
    matches: {
      pattern: /^_[A-Za-z0-9-]{1,15}\._(?:tcp|udp)\.local$/,
      meaning: 'a type of service such as _medkit._tcp.local',
    },
    since: '0.1.0',
    about: 'The type of service that gateways announce and look for.',
  },
  'aggregation.mdns_name': {
    type: 'text',
    default: '',
    defaultText: 'the name of the machine',
    since: '0.1.0',
    about: 'What this gateway is announced as; others show it under this name.',
  },
  'aggregation.peer_scheme': {
    type: 'text',
    default: 'http',
    since: '0.1.0',
    about: 'How gateways that were found are spoken to: `http` or `https`.',
  },
  'aggregation.max_discovered_peers': {
    type: 'integer',
    default: 50,
    min: 1,
    max: 1000,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Gateways that were found and are remembered, those that wait to be approved included.',
  },
  'aggregation.fault_copies_mb': {
    type: 'integer',
    default: 64,
    min: 0,
    max: 4096,
    outside: 'clamp',
    since: '0.1.0',
    about:
      'Room for copies of the faults of other gateways, with their frames and log lines, in MB: they are shown while the gateway does not answer. 0 for none.',
  },
  'aggregation.recording_copies_mb': {
    type: 'integer',
    default: 256,
    min: 0,
    max: 1_048_576,
    outside: 'clamp',
    since: '0.1.0',
    about:
      'Room on the disk for copies of the recordings of these faults, in MB. 0 for none; none either where no faults are copied.',
  },
  'aggregation.recording_copy_max_mb': {
    type: 'integer',
    default: 64,
    min: 1,
    max: 1_048_576,
    outside: 'clamp',
    since: '0.1.0',
    about: 'The largest recording that is copied, in MB.',
  },
  'aggregation.recording_copy_severity': {
    type: 'integer',
    default: 2,
    min: 0,
    max: 3,
    outside: 'default',
    since: '0.1.0',
    about: 'Least severity of a fault whose recordings are copied: 0 INFO, 1 WARN, 2 ERROR, 3 CRITICAL.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
