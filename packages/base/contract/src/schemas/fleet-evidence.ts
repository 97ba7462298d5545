import { named, oneOf, optional } from './compose.ts';
import { FAULT_SEVERITIES } from './fault-severity.ts';
import * as Type from './type.ts';
import { UplinkEvidence } from './uplink.ts';

/**
 * `offered`: on the robot, no rule collects it. `queued`: waits for its transfer. `fetching`: the transfer has begun.
 * `kept`: stored at the hub. `failed`: the transfer failed for good. `gone`: the robot no longer has it. `lost`: the hub
 * stored it, and its bytes are missing.
 */
export const FLEET_EVIDENCE_STATES = ['offered', 'queued', 'fetching', 'kept', 'failed', 'gone', 'lost'] as const;
export type FleetEvidenceState = (typeof FLEET_EVIDENCE_STATES)[number];
export const FLEET_EVIDENCE_KINDS = ['recording', 'frames', 'logs'] as const;
export type FleetEvidenceKind = (typeof FLEET_EVIDENCE_KINDS)[number];
/** Rules of a hub: each new evidence is compared with all of them. */
export const MAX_EVIDENCE_RULES = 50;
/** Recordings that a rule collects of one fault and version, and of one robot a day. */
export const MAX_SAMPLED_RECORDINGS = 1000;

const time = (description: string) => Type.String({ format: 'date-time', description });
const kind = oneOf(...FLEET_EVIDENCE_KINDS);

export const FleetEvidence = named(
  'FleetEvidence',
  Type.Object({
    id: Type.String({ description: 'Number of the evidence at the hub.' }),
    robot: Type.String({ description: 'Name of the robot.' }),
    site: optional(Type.String({ description: 'Site of the robot.' })),
    fault_code: Type.String(),
    entity: optional(Type.String({ description: 'Entity of the fault on the robot, such as `apps/lidar_driver`.' })),
    version: optional(
      Type.String({ description: 'Version of the software of the robot when the evidence was reported.' }),
    ),
    state: oneOf(...FLEET_EVIDENCE_STATES),
    reason: optional(Type.String({ description: 'Why it waits, failed or is missing.' })),
    descriptor: UplinkEvidence,
    stored_bytes: Type.Integer({ minimum: 0, description: 'Number of bytes that the hub has.' }),
    size_bytes: optional(Type.Integer({ minimum: 0, description: 'Number of bytes of the file, if known.' })),
    name: optional(Type.String({ description: 'Name of the file.' })),
    sha256: optional(Type.String({ description: 'Digest of the stored file, hexadecimal.' })),
    requested_by: optional(Type.String({ description: 'Who requested it; absent if a rule did.' })),
    reported_at: time('When the hub received the report of the robot.'),
    stored_at: optional(time('When the file was stored.')),
    expires_at: optional(time('When the stored file will be removed; absent if it is pinned or not stored.')),
    pinned: Type.Boolean({ description: 'Whether the stored file stays until a person removes the pin.' }),
  }),
);
export type FleetEvidence = Type.Static<typeof FleetEvidence>;

export const FleetEvidenceList = named(
  'FleetEvidenceList',
  Type.Object({
    items: Type.Array(FleetEvidence),
    total: Type.Integer({ minimum: 0, description: 'Number of items in all pages.' }),
    next_cursor: optional(Type.String({ description: 'For the next page; absent on the last one.' })),
  }),
);
export type FleetEvidenceList = Type.Static<typeof FleetEvidenceList>;

export const FleetEvidencePin = named(
  'FleetEvidencePin',
  Type.Object({ pinned: Type.Boolean({ description: 'Whether the stored file stays beyond its retention.' }) }),
);
export type FleetEvidencePin = Type.Static<typeof FleetEvidencePin>;

const sampled = (description: string) =>
  optional(Type.Integer({ minimum: 1, maximum: MAX_SAMPLED_RECORDINGS, description }));

export const FleetEvidenceRule = named(
  'FleetEvidenceRule',
  Type.Object({
    match: Type.Object(
      {
        severity: optional(oneOf(...FAULT_SEVERITIES.names)),
        issue: optional(oneOf('new')),
        campaign: optional(oneOf('running')),
        code: optional(Type.String({ minLength: 1, maxLength: 256 })),
        site: optional(Type.String({ minLength: 1, maxLength: 63 })),
      },
      {
        description:
          'Which faults: of at least this severity, with this code, of robots at this site; `issue: new` for a code that the hub has not recorded on this version of the software; `campaign: running` for robots that a running campaign has changed. All members must match; an empty object matches all faults.',
      },
    ),
    collect: Type.Array(kind, { maxItems: 3, description: 'Which evidence the hub fetches from the robot.' }),
    recording: optional(
      Type.Object(
        {
          per_issue_version: sampled('Recordings of one fault code on one version of the software, over the fleet.'),
          per_robot_day: sampled('Recordings of one robot within 24 hours.'),
        },
        { description: 'Samples recordings instead of fetching each one.' },
      ),
    ),
  }),
);
export type FleetEvidenceRule = Type.Static<typeof FleetEvidenceRule>;

export const FleetEvidenceRules = named(
  'FleetEvidenceRules',
  Type.Object({
    items: Type.Array(FleetEvidenceRule, {
      maxItems: MAX_EVIDENCE_RULES,
      description: 'The first rule that matches a fault decides; if none does, nothing is fetched.',
    }),
    changed_at: optional(time('When they were last changed; absent for the default rules.')),
    changed_by: optional(Type.String()),
  }),
);
export type FleetEvidenceRules = Type.Static<typeof FleetEvidenceRules>;

export const FleetEvidenceRuleList = named(
  'FleetEvidenceRuleList',
  Type.Object({ items: Type.Array(FleetEvidenceRule, { maxItems: MAX_EVIDENCE_RULES }) }),
);
export type FleetEvidenceRuleList = Type.Static<typeof FleetEvidenceRuleList>;

export const FleetEvidenceErasure = named(
  'FleetEvidenceErasure',
  Type.Object({
    robot: Type.String({ minLength: 1, maxLength: 128, description: 'Name of the robot.' }),
    since: optional(time('Only evidence that was reported at or after this time; all if absent.')),
  }),
);
export type FleetEvidenceErasure = Type.Static<typeof FleetEvidenceErasure>;

export const FleetEvidenceErased = named(
  'FleetEvidenceErased',
  Type.Object({
    erased: Type.Integer({ minimum: 0, description: 'Number of files and transfers that were removed.' }),
  }),
);
export type FleetEvidenceErased = Type.Static<typeof FleetEvidenceErased>;
