import { named, oneOf, optional } from './compose.ts';
import { FaultListItem } from './faults.ts';
import { Incident } from './incidents.ts';
import * as Type from './type.ts';

/** Records of one reply of the uplink log: those that the client requests unless it names fewer. */
export const UPLINK_RECORDS = { usual: 1000, max: 1000 } as const;
/** Seconds for which a reply of the uplink log may wait for further records. */
export const UPLINK_WAIT_SEC = { usual: 0, max: 300 } as const;
/** Active faults of the state of the uplink; the most severe are listed. */
export const MAX_UPLINK_FAULTS = 200;

export const UplinkBudget = named(
  'UplinkBudget',
  Type.Object(
    {
      day: Type.String({ description: 'The day in the time zone of the robot, such as `2026-11-27`.' }),
      renews: Type.String({ format: 'date-time', description: 'When the next day begins.' }),
      used_bytes: Type.Integer({ description: 'Bytes of this day, in both directions, on the network.' }),
      limit_bytes: optional(Type.Integer({ description: 'Setting `hub.budget_mb_per_day`; absent without a limit.' })),
      left_bytes: optional(Type.Integer()),
      metered: Type.Boolean({ description: 'Whether the link costs money for each megabyte (`hub.metered`).' }),
      bulk_waits: optional(
        Type.String({ description: 'Why bulk data of class 5 waits (`hub.bulk_when`); absent if it does not.' }),
      ),
      classes: Type.Array(
        Type.Object({
          class: Type.Integer({
            description:
              '0: handshake, pings and state. 1: the log. 2: frames and log windows of faults. 3: requests of people. 4: urgent bulk data. 5: other bulk data.',
          }),
          sent_bytes: Type.Integer(),
          received_bytes: Type.Integer(),
        }),
      ),
    },
    { description: 'The data budget of the connection to the fleet hub. TCP and TLS are estimated at 7 %.' },
  ),
);
export type UplinkBudget = Type.Static<typeof UplinkBudget>;

export const UplinkEvidence = named(
  'UplinkEvidence',
  Type.Object(
    {
      evidence: oneOf('recording', 'frames', 'logs'),
      id: Type.String({ description: 'Identifies the evidence among that of its kind on the robot.' }),
      occurrence: optional(Type.Integer({ description: 'Number of the occurrence of the fault.' })),
      size_bytes: optional(Type.Integer()),
      start: optional(Type.String()),
      end: optional(Type.String()),
      recording_id: optional(Type.String({ description: 'Id of the recording among the bulk data of the robot.' })),
      format: optional(Type.String()),
      duration_sec: optional(Type.Number()),
      frames: optional(Type.Integer({ description: 'Number of topics whose values were captured.' })),
      topics: optional(Type.Array(Type.String())),
      lines: optional(Type.Integer({ description: 'Number of log lines.' })),
    },
    { description: 'Evidence of a fault on the robot. The bytes stay on the robot until a client requests them.' },
  ),
);
export type UplinkEvidence = Type.Static<typeof UplinkEvidence>;

export const UplinkCursor = named(
  'UplinkCursor',
  Type.Object({
    hub: Type.String({ minLength: 1, maxLength: 64, description: 'Name of the hub that has committed the records.' }),
    log: Type.String({ minLength: 1, maxLength: 64, description: 'Id of the log, as in its state.' }),
    seq: Type.Integer({ minimum: 0, description: 'Number of the last record that the hub has committed.' }),
  }),
);
export type UplinkCursor = Type.Static<typeof UplinkCursor>;

const HubCursor = Type.Object({ hub: Type.String(), seq: Type.Integer() });

export const UplinkState = named(
  'UplinkState',
  Type.Object({
    log: Type.String({ description: 'Id of the log; another id is another history.' }),
    newest: Type.Integer({ description: 'Number of the newest record when the state was read, 0 if there is none.' }),
    hash: Type.String({ description: 'Hash of the newest record.' }),
    removed: Type.Integer({ description: 'Number of the last record that was removed after every hub had read it.' }),
    boot: Type.Integer({ description: 'Number of this start of the gateway.' }),
    at_ms: Type.Integer({ description: 'Wall clock of the robot, milliseconds since 1970.' }),
    mono_ms: Type.Integer({
      description: 'Milliseconds since this start of the gateway, of a clock that never jumps.',
    }),
    tree_etag: Type.String({ description: 'ETag of replies that are made from the entity tree.' }),
    faults: Type.Array(FaultListItem, { description: 'The confirmed faults, the most severe first.' }),
    more_faults: Type.Integer({ description: 'Number of confirmed faults that are not listed.' }),
    incidents: optional(Type.Array(Incident, { description: 'The open incidents; absent if incidents are disabled.' })),
    hubs: Type.Array(HubCursor, { description: 'The cursor of each hub.' }),
    budget: optional(UplinkBudget),
  }),
);
export type UplinkState = Type.Static<typeof UplinkState>;

/** The connection to one hub. */
const HUB_STATUS = {
  state: oneOf('not-enrolled', 'connecting', 'connected', 'waiting', 'closed', 'broken'),
  since: optional(Type.String({ format: 'date-time', description: 'Since when it has this state.' })),
  next_attempt: optional(Type.String({ format: 'date-time', description: 'When the robot tries again.' })),
  problem: optional(Type.String({ description: 'With `broken`: the file that cannot be used, and the remedy.' })),
  hub: optional(
    Type.Object({
      name: Type.String({ description: 'Name of the hub in the audit log: `hub:<name>`.' }),
      url: Type.String(),
      fingerprint: Type.String({ description: 'Fingerprint of the key of the hub, from the invitation.' }),
    }),
  ),
  robot: optional(Type.String({ description: 'Name of this robot at the hub.' })),
  tenant: optional(Type.String()),
  fingerprint: optional(Type.String({ description: 'Fingerprint of the key of this robot.' })),
  enrolled_at: optional(Type.String({ format: 'date-time' })),
  role: optional(Type.String({ description: 'Role of the hub: `hub.role`, or that of the invitation.' })),
  permissions: optional(
    Type.Array(Type.String(), {
      description: 'What the hub may do here: its role, without `hub.deny`, and only reading with `hub.read_only`.',
    }),
  ),
  round_trip_ms: optional(Type.Integer({ description: 'Duration of the last ping.' })),
  hub_clock_offset_ms: optional(
    Type.Integer({ description: 'Clock of the hub minus that of the robot, milliseconds, at the last connection.' }),
  ),
  last_end: optional(
    Type.Object({
      code: Type.String({
        description: 'Why the last attempt or connection ended, such as `lost`, `pending` or `revoked`.',
      }),
      text: Type.String(),
      remedy: optional(Type.String({ description: 'What to do; absent if the robot only has to wait.' })),
      at: Type.String({ format: 'date-time' }),
    }),
  ),
  budget: optional(UplinkBudget),
} as const;

export const UplinkHub = named(
  'UplinkHub',
  Type.Object({
    ...HUB_STATUS,
    required: Type.Boolean({ description: 'Whether records stay until this hub has read them (`hub.required`).' }),
    waiting: optional(
      Type.Integer({
        description: 'Number of records that this hub has not committed; absent while the log is closed.',
      }),
    ),
  }),
);
export type UplinkHub = Type.Static<typeof UplinkHub>;

export const UplinkStatus = named(
  'UplinkStatus',
  Type.Object({
    ...HUB_STATUS,
    log: optional(
      Type.Object(
        {
          id: Type.String(),
          newest: Type.Integer({ description: 'Number of the newest record.' }),
          waiting: Type.Integer({ description: 'Number of records that no hub, or not every hub, has committed.' }),
          hubs: Type.Array(HubCursor, { description: 'The cursor of each hub.' }),
        },
        { description: 'The uplink log; absent while it is closed.' },
      ),
    ),
    hubs: optional(
      Type.Array(UplinkHub, {
        description:
          'Each hub at which this robot is enrolled. The other members are those of the first one, or of the hub that sends the request.',
      }),
    ),
  }),
);
export type UplinkStatus = Type.Static<typeof UplinkStatus>;
