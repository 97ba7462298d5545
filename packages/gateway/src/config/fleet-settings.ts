import { MAX_RUNNING_CAMPAIGNS } from '@medkit/contract';
import type { Setting } from './setting.ts';

/** Settings of a fleet hub. */
export const FLEET_SETTINGS = {
  'fleet.enabled': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about:
      'Makes this gateway a fleet hub: robots connect to it from behind NAT, and it lists them, their presence and their faults, and forwards requests to them below `/fleet/{robot}/api/v1`. `medkit hub` starts a gateway with it.',
  },
  'fleet.secret_file': {
    type: 'text',
    default: '',
    since: '0.1.0',
    defaultText: '`fleet.secret` in `data_dir`, created if absent',
    about:
      'File with the secret of the hub: 64 hexadecimal digits, readable by the user of the gateway alone. It encrypts the key of the hub in its database. Back it up: without it, every robot must be enrolled again.',
  },
  'fleet.database': {
    type: 'text',
    default: 'sqlite',
    since: '0.1.0',
    about:
      'Where the hub stores its record: robots, accounts, audit log, incidents, notifications and webhooks. `sqlite` for files in `data_dir`, a URL such as `postgres://medkit@db.example.com/medkit` of a database of PostgreSQL 15 or newer, or the path of a file with this URL, so that its password is in no configuration. `medkit hub import` copies the files into the database.',
  },
  'fleet.standby': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about:
      'Two hubs share one database of PostgreSQL: while the other one has it, this one waits as a standby. If the other one has `fleet.replica_address`, it holds uplinks of robots and forwards other connections; otherwise it answers 503. It takes over when the other process ends, loses the database, or sends nothing to it for 20 s. Both need it, and the same `fleet.secret_file`. See docs/guides/hub.md.',
  },
  'fleet.replica_address': {
    type: 'text',
    default: '',
    since: '0.1.0',
    matches: {
      pattern: /^(?:(?:\[[\da-f:.]+\]|[\w.-]+):[1-9]\d{0,4})?$/i,
      meaning: 'an address of this machine and a port, such as 10.0.0.5:8081',
    },
    about:
      'With `fleet.standby`: address of this machine and a port for the standby hub, such as `10.0.0.5:8081`. While this hub serves, the standby holds uplinks of robots for it and forwards other connections to it, so that a balancer may use both hubs. Without it, the standby answers 503. Both hubs prove to each other that they have the same `fleet.secret_file`.',
  },
  'fleet.evidence': {
    type: 'text',
    default: '',
    since: '0.1.0',
    defaultText: '`evidence` in `data_dir`',
    about:
      'Where the hub stores the recordings, freeze frames and log windows that it fetches from robots: a folder, or a bucket of a server with the S3 protocol, such as `s3://bucket/prefix?endpoint=https://s3.example.com&region=eu-central-1`. Without an endpoint it is that of AWS.',
  },
  'fleet.evidence_key_file': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about:
      'File with the credentials of the bucket of `fleet.evidence`, in the form of `~/.aws/credentials`: lines `aws_access_key_id = …` and `aws_secret_access_key = …`.',
  },
  'fleet.evidence_redirect': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about:
      'Answers downloads of evidence with 307 and the address of the file in the bucket, which is valid for 60 s, instead of sending the file through the hub. Clients must be able to reach the server of the bucket. Pages of the hub read files through the hub.',
  },
  'fleet.connects_per_sec': {
    type: 'integer',
    default: 100,
    min: 1,
    max: 10_000,
    outside: 'clamp',
    since: '0.1.0',
    about:
      'Robots that may connect per second. Further robots wait for up to 5 s, and then receive 503 with `Retry-After`.',
  },
  'fleet.idle_sec': {
    type: 'integer',
    default: 60,
    min: 5,
    max: 3600,
    outside: 'clamp',
    since: '0.1.0',
    about:
      'Seconds without traffic after which a proxy between the robots and the hub closes a connection. Robots send a ping at least twice within this time.',
  },
  'fleet.issue_rules': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about:
      'Rules that group faults of the fleet into one issue: `hot motors = MOTOR_*_HOT @ wheel*` groups those whose code and entity match, under that name; without `@`, of all entities. `*` matches any characters. The first rule that matches counts; without one, faults with the same code, entity and explaining fault are one issue. At most 200. A change concerns new occurrences only.',
  },
  'fleet.lost_after_sec': {
    type: 'integer',
    default: 900,
    min: 1,
    max: 86_400,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Seconds after which a robot that is offline without announcement is lost, which is an incident of the hub.',
  },
  'fleet.outbreak_robots': {
    type: 'integer',
    default: 3,
    min: 3,
    max: 1000,
    outside: 'clamp',
    since: '0.1.0',
    about:
      'Robots on which one issue begins within an hour that are an outbreak, which is an incident of the hub. A tenth of the robots of a site or version, and at least three, are an outbreak as well.',
  },
  'fleet.outbreak_calm_sec': {
    type: 'integer',
    default: 300,
    min: 1,
    max: 86_400,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Seconds for which an outbreak must be over before its incident heals.',
  },
  'fleet.outbreak_only': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about:
      'While an outbreak is open, receivers are notified of it, and not of the incidents of its robots that it explains. Incidents of robots reach the receivers of a hub with `fleet.merged_tree`.',
  },
  'fleet.oldest_medkit': {
    type: 'text',
    default: '',
    since: '0.1.0',
    matches: { pattern: /^(?:\d{1,9}\.\d{1,9}\.\d{1,9})?$/, meaning: 'a version such as 0.3.0' },
    about:
      'Oldest version of medkit that robots should have. All robots with an older version are one incident of the hub for each version. Empty if each version is allowed. Robots whose uplink the hub does not support are an incident in any case.',
  },
  'fleet.quota.robots': {
    type: 'integer',
    default: 0,
    min: 0,
    max: 10_000,
    outside: 'clamp',
    since: '0.1.0',
    about:
      'Robots that the hub may have, retired ones excluded. Further invitations and enrolments are refused. 0 for all that its database can have.',
  },
  'fleet.quota.evidence_gb': {
    type: 'number',
    default: 0,
    min: 0,
    max: 1_000_000,
    outside: 'clamp',
    since: '0.1.0',
    about:
      'Gigabytes (10^9 bytes) of evidence and artifacts that the hub may store. Transfers by rule wait while it is used up; those that a person requests, and artifacts, are refused. 0 for no limit.',
  },
  'fleet.quota.events_per_day': {
    type: 'integer',
    default: 0,
    min: 0,
    max: 1_000_000_000,
    outside: 'clamp',
    since: '0.1.0',
    about:
      'Records of uplink logs that the hub should receive in a day in UTC. Further ones are stored and counted as well, and a warning names the robot that sends most. 0 for no limit.',
  },
  'fleet.quota.campaigns': {
    type: 'integer',
    default: MAX_RUNNING_CAMPAIGNS,
    min: 0,
    max: MAX_RUNNING_CAMPAIGNS,
    outside: 'clamp',
    since: '0.1.0',
    about:
      'Campaigns of the hub that have not ended; stopped ones count until they are cancelled or expire. Further ones are refused. 0 for the maximum.',
  },
  'fleet.quota.requests_per_min': {
    type: 'integer',
    default: 0,
    min: 0,
    max: 1_000_000,
    outside: 'clamp',
    since: '0.1.0',
    about:
      'Requests of all clients of the hub in a minute. Further ones receive 429. Health checks, pages and robots do not count. 0 for no limit.',
  },
  'fleet.merged_tree': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about:
      'Shows the entities of the robots in one tree, as those of peers: of the first 50 robots by name. For hubs with few robots: each one costs memory for its whole tree, and its changes cost traffic.',
  },
  'fleet.nats.servers': {
    type: 'list',
    default: [],
    maxItems: 16,
    since: '0.1.0',
    about:
      'Servers of NATS with JetStream to which the hub publishes the changes of its fleet: `nats://nats.example.com:4222`, or `tls://` for an encrypted connection with a certificate that this machine trusts. Several ones are a cluster. Without one, the hub publishes nothing. See docs/guides/nats.md.',
  },
  'fleet.nats.credentials_file': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about:
      'File with the credentials for the servers of NATS: a file of `nsc` with a JWT and a seed, the seed of an nkey, one line `user:password`, or a token. The hub reads it for each connection. Without it, the hub has no credentials.',
  },
  'fleet.nats.hub_name': {
    type: 'text',
    default: '',
    since: '0.1.0',
    defaultText: 'name of the machine on which the hub published first',
    about:
      'Name of the hub in the subjects `medkit.<hub>.change.<tenant>.<topic>` and in the name of the stream. Two hubs with one database have the same name. Bytes in UTF-8 of characters other than letters and digits of ASCII, `_` and `-` are written as `=` with two hexadecimal digits.',
  },
  'fleet.nats.stream': {
    type: 'text',
    default: '',
    since: '0.1.0',
    matches: { pattern: /^[\w-]{0,128}$/, meaning: 'a name of up to 128 letters, digits, _ and -' },
    defaultText: '`CHANGES_<hub>`',
    about:
      'Stream of JetStream that has the changes. The hub creates it if it is absent: stored in files, for 24 hours. It uses an existing one with the limits that it has.',
  },
  'fleet.schema': {
    type: 'text',
    default: 'medkit',
    since: '0.1.0',
    matches: { pattern: /^[a-z_][a-z0-9_]{0,53}$/, meaning: 'a name of 1 to 54 lower-case letters, digits and _' },
    about:
      'Schema of the record in a database of PostgreSQL. Those of accounts, audit log and other data have it as prefix, such as `medkit_accounts`. Hubs with different schemas may share a database.',
  },
  'fleet.tenants': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about:
      'Tenants of this hub, each with its host names: `berlin = berlin.hub.example diagnose.example`. The hub runs one separate hub for each, with its data in `tenants/<name>` of `data_dir`. Robots and people choose it by the host name in the address. At most 100. See docs/guides/hub.md.',
  },
  'fleet.tenant_config_dir': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about:
      'Folder with configuration files `<tenant>.yaml`. Their settings override those of the hub for one tenant. Without a file, the tenant has the settings of the hub.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
