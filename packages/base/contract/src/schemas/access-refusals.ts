import { mapOf, named, oneOf, optional } from './compose.ts';
import * as Type from './type.ts';

/**
 * Why a request was rejected. Its credential, password or setup code is missing or wrong. The client sends too many
 * requests or lacks the permission. Or an unauthenticated request to a public route has an invalid body.
 */
export const REFUSAL_REASONS = [
  'no-credential',
  'wrong-credential',
  'wrong-login',
  'too-many-requests',
  'missing-permission',
  'unauthenticated-request',
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** Maximum sources listed in a summary. */
export const MAX_SUMMARY_SOURCES = 10;

export const AccessRefusal = named(
  'AccessRefusal',
  Type.Object({
    reason: oneOf(...REFUSAL_REASONS),
    address: Type.String({
      description:
        'Source address: for IPv6 the network, such as `2001:db8::/64`. Clients behind a proxy share the address of the proxy.',
    }),
    principal: optional(
      Type.String({ description: 'The principal, if identified; for a login, the requested account.' }),
    ),
    operation_id: optional(
      Type.String({ description: 'Operation id of the last requested route; absent if the route does not exist.' }),
    ),
    count: Type.Integer(),
    first: Type.String({ format: 'date-time' }),
    last: Type.String({ format: 'date-time' }),
  }),
);
export type AccessRefusal = Type.Static<typeof AccessRefusal>;

const totals = {
  refused: Type.Integer({ description: 'All refused requests, including those whose source is no longer stored.' }),
  reasons: mapOf(Type.Integer(), 'Number of refused requests by reason.'),
};

export const AuditedAccess = named(
  'AuditedAccess',
  Type.Object({
    ...totals,
    from: Type.String({ format: 'date-time' }),
    to: Type.String({ format: 'date-time' }),
    sources: Type.Integer({ description: 'Number of sources, as far as they were distinguished.' }),
    most: Type.Array(AccessRefusal, { description: 'The sources with the most refused requests.' }),
  }),
);
export type AuditedAccess = Type.Static<typeof AuditedAccess>;

export const DeniedAccess = named(
  'DeniedAccess',
  Type.Object({
    ...totals,
    since: Type.String({ format: 'date-time', description: 'When the gateway started to count.' }),
    items: Type.Array(AccessRefusal, { description: 'By source, newest first.' }),
    forgotten_sources: Type.Integer({ description: 'Number of sources removed because of the limit.' }),
  }),
);
export type DeniedAccess = Type.Static<typeof DeniedAccess>;
