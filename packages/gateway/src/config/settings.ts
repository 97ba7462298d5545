import { LOG_SETTINGS } from './log-settings.ts';
import type { Setting } from './setting.ts';

/**
 * Every setting of the gateway. Parsing, checking, defaults, flags, environment variables, `medkit up --help` and
 * docs/config.md all follow from this table; `GatewayConfig` is its type.
 */
export const SETTINGS = {
  'server.host': {
    type: 'text',
    default: '127.0.0.1',
    flag: 'host',
    since: '0.1.0',
    about: 'Address to listen on. One that others can reach needs `server.token` or `server.insecure`.',
  },
  'server.port': {
    type: 'integer',
    default: 8080,
    min: 1024,
    max: 65_535,
    outside: 'default',
    special: { value: 0, meaning: 'the system chooses' },
    flag: 'port',
    since: '0.1.0',
    about: 'TCP port to listen on.',
  },
  'server.token': {
    type: 'text',
    default: '',
    secret: true,
    since: '0.1.0',
    about: 'When set, every request must carry it as `Authorization: Bearer <token>`.',
  },
  'server.insecure': {
    type: 'boolean',
    default: false,
    flag: 'insecure',
    since: '0.1.0',
    about: 'Listen beyond this machine without a token: everybody who reaches the port can read and command the robot.',
  },
  'server.allowed_hosts': {
    type: 'list',
    default: [],
    flag: 'allowed-host',
    since: '0.1.0',
    about:
      'Names under which the gateway may be addressed, besides addresses in figures, `localhost` and the name of this machine. Any other `Host` is refused, which stops DNS rebinding.',
  },
  'server.keep_alive_timeout_sec': {
    type: 'integer',
    default: 2,
    min: 1,
    max: 3600,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Seconds an idle connection is kept open.',
  },
  'server.max_body_bytes': {
    type: 'integer',
    default: 16_777_216,
    min: 1024,
    max: 1_073_741_824,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Largest request body that is read, octets.',
  },
  'cors.allowed_origins': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about: 'Origins whose pages may use the API, such as `https://ui.example.com`. Empty: none.',
  },
  'cors.allowed_methods': {
    type: 'list',
    default: ['GET', 'PUT', 'POST', 'DELETE', 'OPTIONS'],
    since: '0.1.0',
    about: 'Methods those pages may use.',
  },
  'cors.allowed_headers': {
    type: 'list',
    default: ['Content-Type', 'Accept'],
    since: '0.1.0',
    about: 'Request headers those pages may set.',
  },
  'cors.allow_credentials': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about: 'Let those pages send credentials. Refused together with the origin `*`.',
  },
  'cors.max_age_seconds': {
    type: 'integer',
    default: 86_400,
    min: 0,
    max: 2_147_483_647,
    outside: 'default',
    since: '0.1.0',
    about: 'Seconds a browser may remember the answer to a preflight request.',
  },
  'docs.enabled': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about: 'Serve the OpenAPI documents and Swagger UI; off, they answer 501.',
  },
  data_dir: {
    type: 'text',
    default: '',
    defaultText: '$XDG_DATA_HOME/medkit, or ~/.local/share/medkit',
    flag: 'data-dir',
    since: '0.1.0',
    about: 'The one folder in which the gateway keeps what must outlive it. Created when first needed.',
  },
  'bulk_data.storage_dir': {
    type: 'text',
    default: '',
    defaultText: '`bulk_data` in `data_dir`',
    since: '0.1.0',
    about: 'Folder of uploaded files.',
  },
  'bulk_data.categories': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about: 'Categories that files can be uploaded to, such as `maps`. Empty: no uploads.',
  },
  'bulk_data.max_upload_size': {
    type: 'integer',
    default: 104_857_600,
    min: 1,
    max: 1_099_511_627_776,
    outside: 'default',
    special: { value: 0, meaning: 'no limit' },
    since: '0.1.0',
    about: 'Largest file that can be uploaded, octets.',
  },
  'bulk_data.max_total_size': {
    type: 'integer',
    default: 10_737_418_240,
    min: 1,
    max: 1_099_511_627_776,
    outside: 'default',
    special: { value: 0, meaning: 'no limit' },
    since: '0.1.0',
    about: 'What all uploaded files together may take, octets.',
  },
  'ros.domain_id': {
    type: 'integer',
    default: 0,
    min: 0,
    max: 232,
    outside: 'refuse',
    flag: 'domain',
    variable: 'ROS_DOMAIN_ID',
    since: '0.1.0',
    about: 'DDS domain of the robot.',
  },
  'ros.own_thread': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about:
      'Speak DDS in a thread of its own: if it fails, the gateway stays and starts another. Costs about 25 MB of memory and some processor time, and makes no answer faster.',
  },
  'ros.type_folders': {
    type: 'list',
    default: [],
    flag: 'type-folder',
    since: '0.1.0',
    about:
      'Folders with message definitions as `<package>/msg/<Type>.msg`, looked into after the bundled ones, `AMENT_PREFIX_PATH` and `/opt/ros/*/share`.',
  },
  'record.file': {
    type: 'text',
    default: '',
    flag: 'record',
    since: '0.1.0',
    about:
      'Write every datagram of the robot that is sent and received to this pcap file, for a bug report. The values that nodes exchange are in it.',
  },
  'record.max_bytes': {
    type: 'integer',
    default: 67_108_864,
    min: 65_536,
    max: 17_179_869_184,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Octets after which such a recording ends; its first part is kept.',
  },
  'discovery.runtime.create_functions_from_namespaces': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about: 'Make a function of every first namespace segment; nodes of the root namespace belong to `root`.',
  },
  'discovery.runtime.default_component.enabled': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about: 'Show this host as the component that all apps are located on.',
  },
  'discovery.runtime.filter_internal_nodes': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about: 'Leave out nodes whose name starts with an underscore.',
  },
  topic_sample_timeout_sec: {
    type: 'number',
    default: 2,
    min: 0.1,
    max: 30,
    outside: 'default',
    since: '0.1.0',
    about: 'Seconds a read waits for the first sample of a topic that nobody has read lately.',
  },
  service_call_timeout_sec: {
    type: 'integer',
    default: 10,
    min: 1,
    max: 3600,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Seconds an operation waits for the answer of a ROS service, or of the server of an action.',
  },
  parameter_service_timeout_sec: {
    type: 'number',
    default: 2,
    min: 0.1,
    max: 10,
    outside: 'refuse',
    since: '0.1.0',
    about: 'Seconds a configuration waits for each answer of a node.',
  },
  parameter_service_negative_cache_sec: {
    type: 'number',
    default: 60,
    min: 0,
    max: 3600,
    outside: 'refuse',
    since: '0.1.0',
    about:
      'Seconds a node that did not answer is not asked for its configurations again, unless it shows itself; 0 asks each time.',
  },
  'data_provider.max_pool_size': {
    type: 'integer',
    default: 256,
    min: 1,
    max: 4096,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Topics that are kept subscribed after a read, so that the next one is answered at once.',
  },
  'data_provider.cold_wait_cap': {
    type: 'integer',
    default: 4,
    min: 0,
    max: 1024,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Topics whose first sample may be waited for at the same time; a read beyond it answers 503.',
  },
  'data_provider.idle_safety_net_sec': {
    type: 'integer',
    default: 900,
    min: 0,
    max: 86_400,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Seconds after which the subscription of a topic that nobody reads is closed; 0 keeps it.',
  },
  'data_provider.idle_sweep_tick_sec': {
    type: 'integer',
    default: 60,
    min: 0,
    max: 3600,
    outside: 'clamp',
    since: '0.1.0',
    about: 'How often, in seconds, it is looked for such subscriptions; 0 never.',
  },
  ...LOG_SETTINGS,
  'subscription_executor.watchdog_threshold_ms': {
    type: 'integer',
    default: 5000,
    min: 100,
    max: 60_000,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Milliseconds after which opening a subscription or decoding a message counts as stuck in `/health`.',
  },
} as const satisfies Readonly<Record<string, Setting>>;

/** A key of the table: `server.port`. */
export type SettingKey = keyof typeof SETTINGS;

/** The rows with their keys, in the order of the documents. */
export const SETTING_ROWS: readonly (readonly [SettingKey, Setting])[] = Object.entries(SETTINGS) as [
  SettingKey,
  Setting,
][];

/** The row of a key, if there is one. */
export function settingOf(key: string): Setting | undefined {
  return Object.hasOwn(SETTINGS, key) ? SETTINGS[key as SettingKey] : undefined;
}
