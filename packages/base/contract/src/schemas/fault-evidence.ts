import { anything, named, oneOf, optional } from './compose.ts';
import * as Type from './type.ts';

const utc = (description: string) => Type.String({ description: `${description}, in UTC.` });
const occurrence = optional(
  Type.Integer({
    minimum: 1,
    description: 'Which time the fault had come when it was captured; absent where nobody knows.',
  }),
);
const earlier = optional(
  Type.Boolean({ description: '`true` where it is of an earlier occurrence than the one that the fault is in.' }),
);
const uri = Type.String({ description: 'Where it can be downloaded, below the base of all addresses.' });

export const FreezeFrameSnapshot = Type.Object({
  type: oneOf('freeze_frame'),
  name: Type.String({
    description:
      'Last segment of the topic; `freeze_frame` where all topics stand in one value, `history` where the last moments of their numbers do.',
  }),
  data: Type.Unknown({
    description: 'The field that the message is about where its type is a common one, otherwise the whole message.',
  }),
  'x-medkit': optional(
    Type.Object({
      topic: Type.String(),
      runtime: optional(
        Type.String({
          description: 'Whose topic it is, where several runtimes that reported the fault have one of that name.',
        }),
      ),
      message_type: Type.String(),
      full_data: Type.Optional(Type.Unknown({ description: 'The whole message, where `data` is a part of it.' })),
      captured_at: utc('When it arrived'),
      occurrence,
      earlier_occurrence: earlier,
      role: optional(oneOf('threshold', 'measured', 'commanded')),
      of: optional(Type.String({ description: 'The topic that it is the threshold or the command of.' })),
      unit: optional(Type.String()),
      label: optional(Type.String({ description: 'What a person calls it.' })),
      blocks_motion: optional(Type.Boolean({ description: 'Whether the robot stands still while it is crossed.' })),
      limits: optional(
        Type.Array(
          Type.Object({
            of: Type.String({ description: 'The number, as `history` calls it.' }),
            value: Type.Number(),
            side: oneOf('above', 'below'),
            unit: optional(Type.String()),
            label: optional(Type.String({ description: 'What a person calls the number.' })),
          }),
          {
            description:
              'The limits of its numbers beyond which there is this fault; they themselves are on neither side.',
          },
        ),
      ),
      parse_error: optional(Type.String({ description: 'Why `data` is text.' })),
      capture_origin: optional(oneOf('startup')),
      connected: optional(
        Type.Boolean({ description: '`false` where the values are from before a connection was lost.' }),
      ),
      source_timestamp: optional(utc('When the newest of the values arrived')),
      problem: optional(Type.String({ description: 'Why it is not the whole message.' })),
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
      captured_at: utc('When it was made'),
      earlier_occurrence: earlier,
      as_of: optional(utc('When it was copied, where its gateway does not answer; absent of one that was not copied')),
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
  timestamp: utc('When it arrived'),
  data_source: optional(Type.String({ description: 'The topic.' })),
  occurrence,
  data: optional(
    Type.Record(Type.String(), anything(), { description: 'The message; a large one stands above alone.' }),
  ),
});
export type FreezeFrameRecord = Type.Static<typeof FreezeFrameRecord>;

const RosbagRecord = Type.Object({
  snapshot_id: Type.String(),
  timestamp: utc('When it was made'),
  bulk_data_uri: uri,
  file_size: Type.Number(),
  is_available: Type.Boolean(),
});
export type RosbagRecord = Type.Static<typeof RosbagRecord>;

const FaultLogWindow = Type.Object({
  occurrence: Type.Integer({ minimum: 1, description: 'Which time the fault had come.' }),
  earlier_occurrence: earlier,
  from: utc('Where it begins'),
  to: utc('Where it ends, or was cut short'),
  items: Type.Array(
    Type.Object({
      timestamp: Type.String({ description: 'When it was logged, in UTC with nine decimals.' }),
      severity: Type.String({ description: '`debug`, `info`, `warning`, `error` or `fatal`.' }),
      message: Type.String(),
      logger_name: Type.String({ description: 'The logger as a node is named.' }),
    }),
    { description: 'In the order of their times.' },
  ),
  omitted: optional(Type.Integer({ minimum: 1, description: 'Lines that there was no room for.' })),
});
export type FaultLogWindow = Type.Static<typeof FaultLogWindow>;

export const FaultEnvironmentData = named(
  'FaultEnvironmentData',
  Type.Object({
    extended_data_records: optional(
      Type.Object({
        first_occurrence: utc('Start of the present occurrence'),
        last_occurrence: utc('Last report that it failed'),
        freeze_frame_snapshots: optional(Type.Array(FreezeFrameRecord)),
        rosbag_snapshots: optional(Type.Array(RosbagRecord)),
      }),
    ),
    snapshots: optional(
      Type.Array(FaultEvidence, { description: 'Freeze frames, then recordings, each the newest first.' }),
    ),
    logs: optional(
      Type.Array(FaultLogWindow, {
        description:
          'What was logged around it, by those who reported it, the nodes that they exchange topics with and those that publish what is captured: of its first and its newest occurrence that were captured, the newest first.',
      }),
    ),
  }),
);
export type FaultEnvironmentData = Type.Static<typeof FaultEnvironmentData>;
