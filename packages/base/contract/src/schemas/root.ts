import { mapOf, named, optional } from './compose.ts';
import * as Type from './type.ts';

export const RootCapabilities = named(
  'RootCapabilities',
  Type.Object({
    aggregation: Type.Boolean(),
    async_actions: Type.Boolean(),
    authentication: Type.Boolean(),
    bulk_data: Type.Boolean(),
    configurations: Type.Boolean(),
    cyclic_subscriptions: Type.Boolean(),
    data_access: Type.Boolean(),
    discovery: Type.Boolean(),
    faults: Type.Boolean(),
    locking: Type.Boolean(),
    logs: Type.Boolean(),
    operations: Type.Boolean(),
    scripts: Type.Boolean(),
    tls: Type.Boolean(),
    triggers: Type.Boolean(),
    updates: Type.Boolean(),
    vendor_extensions: Type.Boolean(),
  }),
);
export type RootCapabilities = Type.Static<typeof RootCapabilities>;

/** What a program needs to log in at the identity provider by the device authorization grant (RFC 8628). */
export const DeviceLogin = named(
  'DeviceLogin',
  Type.Object({
    issuer: Type.String({ description: 'The identity provider.' }),
    client_id: Type.String({ description: 'Id of the program as a public client.' }),
    audience: Type.String({ description: 'What the access token must be for.' }),
    scope: Type.String(),
  }),
);
export type DeviceLogin = Type.Static<typeof DeviceLogin>;

export const RootAuth = named(
  'RootAuth',
  Type.Object({
    algorithm: Type.String(),
    enabled: Type.Boolean(),
    require_auth_for: Type.String(),
    single_sign_on: optional(
      Type.Boolean({ description: 'Users can log in at an identity provider: open `/auth/oidc/login` in a browser.' }),
    ),
    device_login: optional(DeviceLogin),
  }),
);
export type RootAuth = Type.Static<typeof RootAuth>;

export const RootTls = named('RootTls', Type.Object({ enabled: Type.Boolean(), min_version: Type.String() }));
export type RootTls = Type.Static<typeof RootTls>;

export const RootOverview = named(
  'RootOverview',
  Type.Object({
    name: Type.String(),
    version: Type.String({ description: 'Version of the gateway.' }),
    api_base: Type.String(),
    public_url: optional(
      Type.String({ description: 'Public address of the gateway without a trailing slash, if configured.' }),
    ),
    endpoints: Type.Array(Type.String(), { description: '`METHOD /path` of every route.' }),
    capabilities: RootCapabilities,
    auth: optional(RootAuth),
    tls: optional(RootTls),
    server_name: optional(Type.String()),
    sovd_version: optional(Type.String()),
    supported_features: optional(Type.Array(Type.String(), { description: 'The enabled capabilities.' })),
    entry_points: optional(mapOf(Type.String(), 'Address of the first document to read.')),
  }),
);
export type RootOverview = Type.Static<typeof RootOverview>;
