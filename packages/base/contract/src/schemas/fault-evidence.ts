import { anything, named, oneOf, optional } from './compose.ts';
import * as Type from './type.ts';

const utc = (description: string) => Type.String({ description: `${description}, in UTC.` });
const occurrence = optional(
  Type.Integer({
    minimum: 1,
    description: 'Number of the occurrence that it was captured in; absent if unknown.',
  }),
);
const earlier = optional(
  Type.Boolean({ description: '`true` if it belongs to an earlier occurrence than the current one.' }),
);
const uri = Type.String({ description: 'Download address, relative to the base address.' });

export const FreezeFrameSnapshot = Type.Object({
  type: oneOf('freeze_frame'),
  name: Type.String({
    description:
      'Last segment of the topic; `freeze_frame` if the value contains all topics, `history` if it contains the recent history of their numbers.',
  }),
  data: Type.Unknown({
    description: 'The main field of a message of a common type, otherwise the whole message.',
  }),
  'x-medkit': optional(
    Type.Object({
      topic: Type.String(),
      runtime: optional(
        Type.String({
          description: 'Owner of the topic, if several runtimes that reported the fault have a topic with this name.',
        }),
      ),
      message_type: Type.String(),
      full_data: Type.Optional(Type.Unknown({ description: 'The whole message, if `data` is a part of it.' })),
      captured_at: utc('When the message arrived'),
      occurrence,
      earlier_occurrence: earlier,
      role: optional(oneOf('threshold', 'measured', 'commanded')),
      of: optional(Type.String({ description: 'The topic that contains the threshold or command.' })),
      unit: optional(Type.String()),
      label: optional(Type.String({ description: 'Display name.' })),
      blocks_motion: optional(Type.Boolean({ description: 'Whether the robot stops while the threshold is crossed.' })),
      limits: optional(
        Type.Array(
          Type.Object({
            of: Type.String({ description: 'Name of the number in `history`.' }),
            value: Type.Number(),
            side: oneOf('above', 'below'),
            unit: optional(Type.String()),
            label: optional(Type.String({ description: 'Display name of the number.' })),
          }),
          {
            description:
              'Limits of the numbers beyond which the fault occurs; a value equal to a limit is on neither side.',
          },
        ),
      ),
      parse_error: optional(Type.String({ description: 'Why `data` is text.' })),
      capture_origin: optional(oneOf('startup')),
      connected: optional(
        Type.Boolean({ description: '`false` if the values are older than the loss of a connection.' }),
      ),
      source_timestamp: optional(utc('When the newest value arrived')),
      problem: optional(Type.String({ description: 'Why the message is incomplete.' })),
    }),
  ),
});
export type FreezeFrameSnapshot = Type.Static<typeof FreezeFrameSnapshot>;

export const RosbagSnapshot = Type.Object({
  type: oneOf('rosbag'),
  name: Type.String(),
  bulk_data_uri: uri,
  size_bytes: Type.Number(),
  duration_sec: Type.Number(),
  format: Type.String({ description: '`mcap` or `sqlite3`.' }),
  'x-medkit': optional(
    Type.Object({
      captured_at: utc('When it was recorded'),
      earlier_occurrence: earlier,
      as_of: optional(utc('When it was copied, if its gateway does not answer; absent if it is not a copy')),
    }),
  ),
});
export type RosbagSnapshot = Type.Static<typeof RosbagSnapshot>;

/** Evidence from another SOVD server or a plugin, unchanged. */
const ForeignEvidence = Type.Object({}, { additionalProperties: true, 'x-medkit-opaque': true });

const FaultEvidence = Type.Union([FreezeFrameSnapshot, RosbagSnapshot, ForeignEvidence]);
export type FaultEvidence = Type.Static<typeof FaultEvidence>;

const FreezeFrameRecord = Type.Object({
  snapshot_id: Type.String(),
  timestamp: utc('When the message arrived'),
  data_source: optional(Type.String({ description: 'The topic.' })),
  occurrence,
  data: optional(
    Type.Record(Type.String(), anything(), { description: 'The message; a large one is listed separately above.' }),
  ),
});
export type FreezeFrameRecord = Type.Static<typeof FreezeFrameRecord>;

const RosbagRecord = Type.Object({
  snapshot_id: Type.String(),
  timestamp: utc('When it was recorded'),
  bulk_data_uri: uri,
  file_size: Type.Number(),
  is_available: Type.Boolean(),
});
export type RosbagRecord = Type.Static<typeof RosbagRecord>;

const FaultLogWindow = Type.Object({
  occurrence: Type.Integer({ minimum: 1, description: 'Number of the occurrence.' }),
  earlier_occurrence: earlier,
  from: utc('Start of the recorded time'),
  to: utc('End of the recorded time'),
  items: Type.Array(
    Type.Object({
      timestamp: Type.String({ description: 'Time of the log entry, in UTC with nine decimals.' }),
      severity: Type.String({ description: '`debug`, `info`, `warning`, `error` or `fatal`.' }),
      message: Type.String(),
      logger_name: Type.String({ description: 'The logger, named like a node.' }),
    }),
    { description: 'In order of time.' },
  ),
  omitted: optional(Type.Integer({ minimum: 1, description: 'Number of omitted lines.' })),
});
export type FaultLogWindow = Type.Static<typeof FaultLogWindow>;

export const FaultEnvironmentData = named(
  'FaultEnvironmentData',
  Type.Object({
    extended_data_records: optional(
      Type.Object({
        first_occurrence: utc('Start of the current occurrence'),
        last_occurrence: utc('Last FAILED report'),
        freeze_frame_snapshots: optional(Type.Array(FreezeFrameRecord)),
        rosbag_snapshots: optional(Type.Array(RosbagRecord)),
      }),
    ),
    snapshots: optional(
      Type.Array(FaultEvidence, { description: 'Freeze frames, then recordings, each newest first.' }),
    ),
    logs: optional(
      Type.Array(FaultLogWindow, {
        description:
          'Log lines around the first and the newest captured occurrence, newest occurrence first: of the reporters, of the nodes that they exchange topics with, and of the publishers of captured topics.',
      }),
    ),
  }),
);
export type FaultEnvironmentData = Type.Static<typeof FaultEnvironmentData>;
