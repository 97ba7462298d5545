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
    operation_id: Type.String({ description: 'Operation id of the route.' }),
    path: Type.String({ description: 'The path as received, without the query.' }),
    entity_type: optional(oneOf('area', 'component', 'app', 'function')),
    entity_id: optional(Type.String()),
    collection: optional(Type.String({ description: '`configurations`, `locks`, `x-plc-data`, …' })),
    item: optional(
      Type.String({ description: 'The item of the collection; absent for the whole collection or a new item.' }),
    ),
    client_id: optional(Type.String({ description: 'The `X-Client-Id` of the request, as the client sent it.' })),
    principal: optional(
      Type.String({ description: 'The authenticated principal; absent if no authentication is required.' }),
    ),
    on_behalf_of: optional(
      Type.String({
        description: 'The principal that another gateway acted for, if that gateway has the token of this one.',
      }),
    ),
    remote_address: Type.String({
      description: 'Address of the connection; for clients behind a proxy, that of the proxy.',
    }),
    lock_id: optional(Type.String({ description: 'The lock that allowed or refused the request.' })),
    status: Type.Integer({ description: 'HTTP status of the reply.' }),
    outcome: oneOf(...AUDIT_OUTCOMES),
    error_code: optional(Type.String()),
    duration_ms: Type.Number(),
    trace_id: optional(
      Type.String({
        description:
          'Trace id of the `traceparent` header, received or generated. A request has the same id in the logs of all gateways that it passed.',
      }),
    ),
    notes: optional(
      mapOf(Type.String(), 'Further details, such as the digest of a script or the id of a created resource.'),
    ),
  }),
);
export type AuditedRequest = Type.Static<typeof AuditedRequest>;

export const AuditedFault = named(
  'AuditedFault',
  Type.Object({
    fault_code: Type.String({
      description:
        '`__audit__` if the record is about the log itself, `__campaign__` for a campaign that its gate stopped.',
    }),
    transition: Type.String({ description: '`occurred`, `confirmed`, `healed`, `cleared`, `logging_activated`, …' }),
    severity: Type.Integer({ description: '0 INFO, 1 WARN, 2 ERROR, 3 CRITICAL.' }),
    status: Type.String(),
    source_id: Type.String({ description: 'Reporter of the fault, or the part of medkit that changed it.' }),
    description: Type.String(),
  }),
);
export type AuditedFault = Type.Static<typeof AuditedFault>;

export const ObservedChange = named(
  'ObservedChange',
  Type.Object(
    {
      entity_type: optional(oneOf('area', 'component', 'app', 'function')),
      entity_id: optional(Type.String({ description: 'Absent if the entity is not known.' })),
      collection: Type.String({ description: '`configurations`.' }),
      node: Type.String({ description: 'The owner, by its name in its runtime.' }),
      item: optional(Type.String({ description: 'The changed item; absent if there are too many to list.' })),
      from: optional(Type.String({ description: 'The value before as JSON, truncated if long; absent if not known.' })),
      to: optional(Type.String({ description: 'The new value; absent if it was removed.' })),
      count: Type.Integer({
        description: 'Number of changes since the last record: frequent changes are summarized.',
      }),
      until: optional(Type.String({ description: 'ISO 8601: time of the last of several changes.' })),
    },
    { description: 'A change by another program, whose client is unknown.' },
  ),
);
export type ObservedChange = Type.Static<typeof ObservedChange>;

export const AuditRecord = named(
  'AuditRecord',
  Type.Object({
    id: Type.Integer({ description: 'Number in the chain; gaps exist only for records removed by age.' }),
    timestamp: Type.String({
      description:
        'ISO 8601 with nanoseconds: time of the change of the fault, of the request, of the summary of refused requests, or of the detection of the change.',
    }),
    kind: oneOf(...AUDIT_KINDS),
    request: optional(AuditedRequest),
    fault: optional(AuditedFault),
    access: optional(AuditedAccess),
    observed: optional(ObservedChange),
    hash: Type.String({ description: 'SHA-256 over the hash of the previous record and this record.' }),
    'x-medkit': optional(
      Type.Object(
        {
          origin: Type.String({ description: '`yard`, or `yard/crane` for a gateway shown through `yard`.' }),
          entity_id: optional(Type.String({ description: 'Id of the entity on this gateway, if it differs.' })),
        },
        { description: 'The other gateway whose log contains the record.' },
      ),
    ),
  }),
);
export type AuditRecord = Type.Static<typeof AuditRecord>;

export const AuditRecordList = named(
  'AuditRecordList',
  Type.Object({
    items: Type.Array(AuditRecord, { description: 'Newest first.' }),
    next_cursor: optional(
      Type.String({ description: '`cursor` of the next, older records; absent if there are none.' }),
    ),
    'x-medkit': optional(
      Type.Object({
        ...XMedkitCollection.properties,
        clocks: optional(PeerClocks),
        rewritten_logs: optional(
          Type.Array(Type.String(), {
            description: 'Other gateways whose log does not continue from the state seen before.',
          }),
        ),
      }),
    ),
  }),
);
export type AuditRecordList = Type.Static<typeof AuditRecordList>;

const verdict = {
  intact: Type.Boolean({
    description: 'Whether every record is unchanged and in place, and none is missing.',
  }),
  checked: Type.Integer({ description: 'Number of checked records.' }),
  bad_record: optional(Type.Integer({ description: 'Id of the first invalid record.' })),
  problem: optional(Type.String({ description: 'The problem of that record.' })),
  head: optional(
    Type.Object(
      { id: Type.Integer(), hash: Type.String() },
      { description: 'The newest record. If stored elsewhere, it shows whether a later log continues this one.' },
    ),
  ),
};

export const AuditWitness = named(
  'AuditWitness',
  Type.Object({
    id: Type.Integer({ description: 'Id of a record of that log.' }),
    hash: Type.String({ description: 'Hash of the record when it was seen by this gateway.' }),
    seen_at: Type.String({ format: 'date-time' }),
    problem: optional(
      Type.String({ description: 'Why the log does not continue from this record; absent if it does.' }),
    ),
  }),
);
export type AuditWitness = Type.Static<typeof AuditWitness>;

export const PeerAuditVerification = named(
  'PeerAuditVerification',
  Type.Object({
    origin: Type.String({ description: '`yard`, or `yard/crane` for a gateway shown through `yard`.' }),
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
          'Result for the log of every other gateway: its own verification, and whether it continues from the newest record seen by this gateway.',
      }),
    ),
    'x-medkit': optional(XMedkitCollection),
  }),
);
export type AuditVerification = Type.Static<typeof AuditVerification>;
