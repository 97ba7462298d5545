import { MAX_QUEUEABLE_NAMES, QUEUEABLE_NAME } from '@medkit/contract';
import type { Setting } from './setting.ts';

/** Settings of the uplink of a robot to its fleet hub. A list has them for each of two hubs, see `hub-list.ts`. */
export const HUB_SETTINGS = {
  'hub.name': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about:
      'The hub that these settings are for: its name in `medkit uplink`, which is the host of its address, or the fingerprint of its key. Empty for the hub at which the robot was enrolled first. If the robot has two hubs, `hub` can be a list of two sections, each with a name; a hub without a section in the list is not connected.',
  },
  'hub.required': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about:
      'Records of the uplink log stay until this hub has read them, while there is room. False for a hub that only observes: it finds a hole if it is late. If no hub is required, all count.',
  },
  'hub.url': {
    type: 'text',
    default: '',
    since: '0.1.0',
    matches: { pattern: /^(?:https?:\/\/[^\s/]+(?:\/\S*)?)?$/, meaning: 'an address such as https://hub.example.com' },
    about:
      'Address of the fleet hub, if it is another than that of the invitation: the key of the hub stays that of the invitation. If it is set, or if `medkit enrol` has enrolled this robot, the gateway records faults, incidents and its starts in the uplink log, in the transaction of each fault. Otherwise nothing is recorded, and the routes of the log answer 501.',
  },
  'hub.role': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about:
      'Role of the fleet hub on this robot: what the hub, and its users through it, may do at most. Empty for that of the invitation, which is `operator` unless it names another. `medkit enrol` prints its permissions before it agrees.',
  },
  'hub.deny': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about: 'Permissions that the fleet hub does not have, whatever its role, such as `operations.run`.',
  },
  'hub.read_only': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about: 'The fleet hub may only read, whatever its role.',
  },
  'hub.queueable': {
    type: 'list',
    default: [],
    matches: { pattern: QUEUEABLE_NAME, meaning: 'a name such as apps/arm/operations/home or apps/lidar/data/rate' },
    maxItems: MAX_QUEUEABLE_NAMES,
    since: '0.1.0',
    about:
      'Operations and data items, such as `apps/arm/operations/home`, for which users of a hub may queue requests while this robot is away. The hub sends them when the robot returns, when no person may watch it: list only what is safe then. Status changes, updates and locks are never queued. The same for all hubs.',
  },
  'hub.audit': {
    type: 'boolean',
    default: true,
    since: '0.1.0',
    about:
      'Copies each record of the audit log into the uplink log: the fleet hub is a witness of its hash chain. The same for all hubs.',
  },
  'hub.keepalive_sec': {
    type: 'integer',
    default: 0,
    min: 5,
    max: 3600,
    special: { value: 0, meaning: '30 s, or 240 s on a metered link (`hub.metered`)' },
    outside: 'clamp',
    since: '0.1.0',
    about: 'Seconds between the pings of the connection to the fleet hub. The hub may require more frequent ones.',
  },
  'hub.metered': {
    type: 'text',
    default: 'auto',
    matches: { pattern: /^(?:auto|true|false)$/, meaning: 'auto, true or false' },
    since: '0.1.0',
    about:
      'Whether the connection to the fleet hub costs money for each megabyte: the robot pings less often, and reports it to the hub. With `auto`, it does if the interface of the default route is one of `hub.metered_interfaces`.',
  },
  'hub.metered_interfaces': {
    type: 'list',
    default: ['wwan*', 'ppp*', 'usb*'],
    since: '0.1.0',
    about:
      'Names of network interfaces whose data costs money, for `hub.metered: auto`; `*` stands for any characters.',
  },
  'hub.budget_mb_per_day': {
    type: 'integer',
    default: 0,
    min: 0,
    max: 1_000_000,
    outside: 'clamp',
    since: '0.1.0',
    about:
      'Data that the connection to the fleet hub may use in a day of the time zone of the robot, in both directions, megabytes of 1,000,000 bytes; 0 for no limit. Beyond it, state and log are sent, requests of people are refused, and bulk data waits for the next day.',
  },
  'hub.bulk_when': {
    type: 'text',
    default: 'always',
    matches: { pattern: /^(?:always|unmetered|charging|never)$/, meaning: 'always, unmetered, charging or never' },
    since: '0.1.0',
    about:
      'When the robot sends bulk data that is not urgent (class 5), such as the recordings of which a rule of the hub collects a sample: `always`, while the link is not metered (`hub.metered`), while the machine has external power by `/sys/class/power_supply`, or never. It is checked each minute; until then the data waits.',
  },
  'hub.max_kbit_s': {
    type: 'integer',
    default: 0,
    min: 0,
    max: 10_000_000,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Maximum rate at which recordings and other files are sent to the fleet hub, kbit/s; 0 for no limit.',
  },
  'hub.ca_file': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about:
      'Certificate authorities (PEM) of the fleet hub, or of the proxy in front of it, if it is not one that browsers trust. The key of the hub is proven separately.',
  },
  'hub.invitation_file': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about:
      'File with the link of an invitation, with which `medkit enrol --first-boot` enrols this robot: for an image of many robots.',
  },
  'hub.serial': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about: 'Serial number of this robot for its enrolment; that of the machine unless set. The same for all hubs.',
  },
  'hub.log_mb': {
    type: 'integer',
    default: 64,
    min: 1,
    max: 4096,
    outside: 'clamp',
    since: '0.1.0',
    about:
      'Room for the uplink log in megabytes, about 1000 records each; all hubs read the same log. If it is full, acknowledged records are removed first, then unread ones of low severity; a record of kind `gap` counts them.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
