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
      description: 'Where from: of IPv6 the network, such as `2001:db8::/64`; a proxy hides what is behind it.',
    }),
    principal: optional(
      Type.String({ description: 'Who, where the gateway found that out; of a login whose account it was to be.' }),
    ),
    operation_id: optional(
      Type.String({ description: 'Of the route that was asked for last; absent where that was none.' }),
    ),
    count: Type.Integer(),
    first: Type.String({ format: 'date-time' }),
    last: Type.String({ format: 'date-time' }),
  }),
);
export type AccessRefusal = Type.Static<typeof AccessRefusal>;

const totals = {
  refused: Type.Integer({ description: 'All of them, those as well of which it is not said any more where from.' }),
  reasons: mapOf(Type.Integer(), 'How many of them for which reason.'),
};

export const AuditedAccess = named(
  'AuditedAccess',
  Type.Object({
    ...totals,
    from: Type.String({ format: 'date-time' }),
    to: Type.String({ format: 'date-time' }),
    sources: Type.Integer({ description: 'From so many sources, as far as these were told apart.' }),
    most: Type.Array(AccessRefusal, { description: 'The sources that were refused most.' }),
  }),
);
export type AuditedAccess = Type.Static<typeof AuditedAccess>;

export const DeniedAccess = named(
  'DeniedAccess',
  Type.Object({
    ...totals,
    since: Type.String({ format: 'date-time', description: 'When the gateway began to count.' }),
    items: Type.Array(AccessRefusal, { description: 'By source, the latest first.' }),
    forgotten_sources: Type.Integer({ description: 'So many had to go, as there were more than there is room for.' }),
  }),
);
export type DeniedAccess = Type.Static<typeof DeniedAccess>;
