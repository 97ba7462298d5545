import { AuditedAccess } from './access-refusals.ts';
import { XMedkitCollection } from './collection.ts';
import { mapOf, named, oneOf, optional } from './compose.ts';
import { PeerClocks } from './peers.ts';
import * as Type from './type.ts';

/** Kinds of audit records. */
export const AUDIT_KINDS = ['fault', 'request', 'access', 'observed'] as const;
export type AuditKind = (typeof AUDIT_KINDS)[number];

/** Outcome of a request by its status: `done` is 1xx to 3xx, `refused` 4xx, `failed` 5xx. */
export const AUDIT_OUTCOMES = ['done', 'refused', 'failed'] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

/** Maximum and default number of records in one response. */
export const MAX_AUDIT_RECORDS = 500;
export const DEFAULT_AUDIT_RECORDS = 100;

export const AuditedRequest = named(
  'AuditedRequest',
  Type.Object({
    method: Type.String(),
    operation_id: Type.String({ description: 'Of the route, as in the documentation.' }),
    path: Type.String({ description: 'As it came, without what follows the question mark.' }),
    entity_type: optional(oneOf('area', 'component', 'app', 'function')),
    entity_id: optional(Type.String()),
    collection: optional(Type.String({ description: '`configurations`, `locks`, `x-plc-data`, …' })),
    item: optional(Type.String({ description: 'What of the collection; absent where all of it or something new.' })),
    client_id: optional(
      Type.String({ description: 'The `X-Client-Id` that it was sent with: what the client says of itself.' }),
    ),
    principal: optional(
      Type.String({ description: 'Who sent it, as the gateway found out; absent where nobody has to say who it is.' }),
    ),
    on_behalf_of: optional(
      Type.String({ description: 'For whom it was sent, as another gateway said that has the token of this one.' }),
    ),
    remote_address: Type.String({ description: 'Where the connection came from; a proxy hides what is behind it.' }),
    lock_id: optional(Type.String({ description: 'The lock that let it through, or that refused it.' })),
    status: Type.Integer({ description: 'HTTP status of the reply.' }),
    outcome: oneOf(...AUDIT_OUTCOMES),
    error_code: optional(Type.String()),
    duration_ms: Type.Number(),
    trace_id: optional(
      Type.String({
        description:
          'Of the `traceparent` that it was sent with, or that this gateway gave it on its way to others: one request has the same in the logs of all gateways that it passed.',
      }),
    ),
    notes: optional(
      mapOf(Type.String(), 'What else belongs here, such as the digest of a script or the id of what was made.'),
    ),
  }),
);
export type AuditedRequest = Type.Static<typeof AuditedRequest>;

export const AuditedFault = named(
  'AuditedFault',
  Type.Object({
    fault_code: Type.String({ description: '`__audit__` where the record is about the log itself.' }),
    transition: Type.String({ description: '`occurred`, `confirmed`, `healed`, `cleared`, `logging_activated`, …' }),
    severity: Type.Integer({ description: '0 INFO, 1 WARN, 2 ERROR, 3 CRITICAL.' }),
    status: Type.String(),
    source_id: Type.String({ description: 'Who reported it, or which part of medkit changed it.' }),
    description: Type.String(),
  }),
);
export type AuditedFault = Type.Static<typeof AuditedFault>;

export const ObservedChange = named(
  'ObservedChange',
  Type.Object(
    {
      entity_type: optional(oneOf('area', 'component', 'app', 'function')),
      entity_id: optional(Type.String({ description: 'Absent where no entity is known that it belongs to.' })),
      collection: Type.String({ description: '`configurations`.' }),
      node: Type.String({ description: 'Whose it is, by the name that it has in its runtime.' }),
      item: optional(
        Type.String({ description: 'What was changed; absent of several that are too many to tell each.' }),
      ),
      from: optional(Type.String({ description: 'The value before as JSON, cut where long; absent where not known.' })),
      to: optional(Type.String({ description: 'The value since; absent where there is none any more.' })),
      count: Type.Integer({
        description: 'How often it was changed since it was told last: what goes on changing is told now and then.',
      }),
      until: optional(Type.String({ description: 'ISO 8601: when the last of these came, where there are several.' })),
    },
    { description: 'What somebody changed past this gateway: who that was is not known.' },
  ),
);
export type ObservedChange = Type.Static<typeof ObservedChange>;

export const AuditRecord = named(
  'AuditRecord',
  Type.Object({
    id: Type.Integer({ description: 'Its number in the chain, without gaps but where records were removed by age.' }),
    timestamp: Type.String({
      description:
        'ISO 8601 with nanoseconds: when the fault changed, the request came, who was refused was summed up, or a change was seen.',
    }),
    kind: oneOf(...AUDIT_KINDS),
    request: optional(AuditedRequest),
    fault: optional(AuditedFault),
    access: optional(AuditedAccess),
    observed: optional(ObservedChange),
    hash: Type.String({ description: 'SHA-256 over the hash of the record before and this one.' }),
    'x-medkit': optional(
      Type.Object(
        {
          origin: Type.String({ description: '`yard`, or `yard/crane` for one that is shown by way of `yard`.' }),
          entity_id: optional(
            Type.String({ description: 'What the entity of the request goes by here, where that is another id.' }),
          ),
        },
        { description: 'Of a record in the log of another gateway: which one.' },
      ),
    ),
  }),
);
export type AuditRecord = Type.Static<typeof AuditRecord>;

export const AuditRecordList = named(
  'AuditRecordList',
  Type.Object({
    items: Type.Array(AuditRecord, { description: 'The newest first.' }),
    next_cursor: optional(Type.String({ description: '`cursor` of the records before these, where there are any.' })),
    'x-medkit': optional(
      Type.Object({
        ...XMedkitCollection.properties,
        clocks: optional(PeerClocks),
        rewritten_logs: optional(
          Type.Array(Type.String(), {
            description: 'Other gateways whose log does not go on from what was seen of it here before.',
          }),
        ),
      }),
    ),
  }),
);
export type AuditRecordList = Type.Static<typeof AuditRecordList>;

const verdict = {
  intact: Type.Boolean({
    description: 'Whether every record is as it was written, in its place, and none is missing.',
  }),
  checked: Type.Integer({ description: 'Records that were looked at.' }),
  bad_record: optional(Type.Integer({ description: 'Id of the first that is not.' })),
  problem: optional(Type.String({ description: 'What is wrong with it.' })),
  head: optional(
    Type.Object(
      { id: Type.Integer(), hash: Type.String() },
      { description: 'The newest record. Kept elsewhere, it shows whether a later log is a continuation of this one.' },
    ),
  ),
};

export const AuditWitness = named(
  'AuditWitness',
  Type.Object({
    id: Type.Integer({ description: 'Of a record of that log.' }),
    hash: Type.String({ description: 'What it had when it was seen here.' }),
    seen_at: Type.String({ format: 'date-time' }),
    problem: optional(
      Type.String({ description: 'Why the log does not go on from this record; absent where it does.' }),
    ),
  }),
);
export type AuditWitness = Type.Static<typeof AuditWitness>;

export const PeerAuditVerification = named(
  'PeerAuditVerification',
  Type.Object({
    origin: Type.String({ description: '`yard`, or `yard/crane` for one that is shown by way of `yard`.' }),
    ...verdict,
    witness: optional(AuditWitness),
  }),
);
export type PeerAuditVerification = Type.Static<typeof PeerAuditVerification>;

export const AuditVerification = named(
  'AuditVerification',
  Type.Object({
    ...verdict,
    gateways: optional(
      Type.Array(PeerAuditVerification, {
        description:
          'Of the log of every other gateway that is shown: what that gateway found, and whether the log goes on from the newest record that was seen of it here.',
      }),
    ),
    'x-medkit': optional(XMedkitCollection),
  }),
);
export type AuditVerification = Type.Static<typeof AuditVerification>;
