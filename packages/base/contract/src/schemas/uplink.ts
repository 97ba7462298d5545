import { named, optional } from './compose.ts';
import { FaultListItem } from './faults.ts';
import { Incident } from './incidents.ts';
import * as Type from './type.ts';

/** Records of one reply of the uplink log: those that the client requests unless it names fewer. */
export const UPLINK_RECORDS = { usual: 1000, max: 1000 } as const;
/** Seconds for which a reply of the uplink log may wait for further records. */
export const UPLINK_WAIT_SEC = { usual: 0, max: 300 } as const;
/** Active faults of the state of the uplink; the most severe are listed. */
export const MAX_UPLINK_FAULTS = 200;

export const UplinkCursor = named(
  'UplinkCursor',
  Type.Object({
    hub: Type.String({ minLength: 1, maxLength: 64, description: 'Name of the hub that has committed the records.' }),
    log: Type.String({ minLength: 1, maxLength: 64, description: 'Id of the log, as in its state.' }),
    seq: Type.Integer({ minimum: 0, description: 'Number of the last record that the hub has committed.' }),
  }),
);
export type UplinkCursor = Type.Static<typeof UplinkCursor>;

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
    hubs: Type.Array(Type.Object({ hub: Type.String(), seq: Type.Integer() }), {
      description: 'The cursor of each hub.',
    }),
  }),
);
export type UplinkState = Type.Static<typeof UplinkState>;
