import { named, oneOf, optional } from './compose.ts';
import { PERMISSIONS } from './permissions.ts';
import * as Type from './type.ts';

const permissions = Type.Array(oneOf(...(Object.keys(PERMISSIONS) as (keyof typeof PERMISSIONS)[])));

/** A credential request of OAuth 2.0 (RFC 6749, 4.3.2, 4.4.2 and 6), under the name that generated clients use. */
export const AuthCredentials = named(
  'AuthCredentials',
  Type.Object({
    grant_type: Type.String({ description: '`client_credentials`, `password` or `refresh_token`.' }),
    client_id: optional(Type.String({ description: 'Client id of `auth.clients`.' })),
    client_secret: optional(Type.String()),
    username: optional(Type.String({ description: 'User name, with `password`.' })),
    password: optional(Type.String()),
    refresh_token: optional(Type.String()),
    scope: optional(Type.String({ description: 'Ignored: the permissions of a token follow from the role.' })),
  }),
);
export type AuthCredentials = Type.Static<typeof AuthCredentials>;

export const AuthTokenResponse = named(
  'AuthTokenResponse',
  Type.Object({
    access_token: Type.String(),
    token_type: Type.String(),
    expires_in: Type.Integer({ description: 'Lifetime of the access token in seconds.' }),
    scope: Type.String({ description: 'The role.' }),
    refresh_token: optional(Type.String({ description: 'Can be used once; the reply contains the next one.' })),
  }),
);
export type AuthTokenResponse = Type.Static<typeof AuthTokenResponse>;

export const AuthRevokeRequest = named(
  'AuthRevokeRequest',
  Type.Object({ token: Type.String(), token_type_hint: optional(Type.String({ description: 'Ignored.' })) }),
);
export type AuthRevokeRequest = Type.Static<typeof AuthRevokeRequest>;

export const AuthRevokeResponse = named('AuthRevokeResponse', Type.Object({ status: Type.String() }));
export type AuthRevokeResponse = Type.Static<typeof AuthRevokeResponse>;

export const AuthErrorResponse = named(
  'AuthErrorResponse',
  Type.Object(
    { error: Type.String(), error_description: Type.String({ description: 'Text for people.' }) },
    { description: 'An error of OAuth 2.0 (RFC 6749, 5.2).' },
  ),
);
export type AuthErrorResponse = Type.Static<typeof AuthErrorResponse>;

/** A limit of an account at a fleet hub to robots of a site, of a group, or of both. */
export const FleetGrant = named(
  'FleetGrant',
  Type.Object({
    site: optional(Type.String({ minLength: 1, maxLength: 128, description: 'Name of the site.' })),
    group: optional(Type.String({ minLength: 1, maxLength: 63, description: 'Name of the group.' })),
    role: optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        description: 'Limits the account to the permissions of this role at these robots; its role unless given.',
      }),
    ),
  }),
);
export type FleetGrant = Type.Static<typeof FleetGrant>;

/** Maximum grants of one account: more sites are better expressed as a group. */
export const MAX_GRANTS = 32;

const grants = Type.Array(FleetGrant, {
  maxItems: MAX_GRANTS,
  description:
    'Robots of the fleet to which the account is limited: those of any of these sites and groups. Empty or absent: the whole fleet.',
});

/** Maximum scopes of one account, and patterns of one scope: a guard compares each entity with all of them. */
export const MAX_SCOPES = 16;
export const MAX_SCOPE_PATTERNS = 64;
/** Maximum characters of a pattern: a collection, an id of 256 characters and `/**`. */
export const MAX_SCOPE_PATTERN_LENGTH = 280;
/** Maximum collections of one scope: more than an entity has. */
export const MAX_SCOPE_COLLECTIONS = 32;

/** A limit of an account to entities, and what it may do with them. */
export const EntityScope = named(
  'EntityScope',
  Type.Object({
    entities: Type.Array(Type.String({ minLength: 1, maxLength: MAX_SCOPE_PATTERN_LENGTH }), {
      minItems: 1,
      maxItems: MAX_SCOPE_PATTERNS,
      description:
        '`components/arm`, `tag:supplier=acme` or `kind:functions`. With `/**` at the end, also the entities that they contain. `**` is every entity.',
    }),
    collections: optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
        minItems: 1,
        maxItems: MAX_SCOPE_COLLECTIONS,
        description: 'Collections of these entities, such as `faults` and `data`. Absent: all.',
      }),
    ),
    permissions: optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
        minItems: 1,
        maxItems: 64,
        description:
          'Limits the account to these permissions at these entities. Absent: the permissions of the account.',
      }),
    ),
  }),
);
export type EntityScope = Type.Static<typeof EntityScope>;

const scopes = Type.Array(EntityScope, {
  maxItems: MAX_SCOPES,
  description:
    'Entities to which the account is limited: those of any of these scopes. All other entities do not exist for it. Empty or absent: all entities.',
});

/** Kinds of principals that clients see. */
export const PRINCIPAL_KINDS = [
  'anonymous',
  'token',
  'key',
  'user',
  'client',
  'oidc',
  'certificate',
  'plugin',
  'hub',
  'gateway',
] as const;

/** How a request was authenticated. */
export const AUTH_METHODS = ['none', 'token', 'key', 'session', 'jwt', 'oidc', 'certificate', 'plugin', 'hub'] as const;
export type AuthMethod = (typeof AUTH_METHODS)[number];

export const PrincipalInfo = named(
  'PrincipalInfo',
  Type.Object({
    principal: Type.String({
      description:
        '`user:alice`, `key:4fmd81xk`, `client:fleet`, `oidc:login.example.com:alice`, `certificate:ci`, `server.token`, `anonymous`.',
    }),
    kind: oneOf(...PRINCIPAL_KINDS),
    role: Type.String(),
    permissions,
    grants: optional(grants),
    scopes: optional(scopes),
    method: oneOf(...AUTH_METHODS),
    expires_at: optional(Type.String({ description: 'RFC 3339. Absent if the credential does not expire.' })),
    must_change_password: optional(
      Type.Boolean({ description: 'No other request is accepted until the password is changed.' }),
    ),
  }),
);
export type PrincipalInfo = Type.Static<typeof PrincipalInfo>;

export const LoginRequest = named(
  'LoginRequest',
  Type.Object({
    name: Type.String({ maxLength: 256 }),
    password: Type.String({ maxLength: 1024 }),
    new_password: optional(Type.String({ maxLength: 1024, description: 'The new password, set with this login.' })),
  }),
);
export type LoginRequest = Type.Static<typeof LoginRequest>;

export const PasswordChange = named(
  'PasswordChange',
  Type.Object({
    password: Type.String({ maxLength: 1024 }),
    new_password: Type.String({ maxLength: 1024 }),
    end_keys: optional(
      Type.Boolean({ description: 'Also revokes all API keys of the user, and the keys created with them.' }),
    ),
  }),
);
export type PasswordChange = Type.Static<typeof PasswordChange>;

const user = {
  name: Type.String(),
  role: Type.String(),
  disabled: Type.Boolean(),
  must_change_password: Type.Boolean(),
  declared: Type.Boolean({ description: 'The user is defined in `auth.users_file` and can be changed only there.' }),
  created_at: optional(Type.String()),
  grants: optional(grants),
  scopes: optional(scopes),
};

export const User = named('User', Type.Object(user));
export type User = Type.Static<typeof User>;

export const UserList = named('UserList', Type.Object({ items: Type.Array(User) }));
export type UserList = Type.Static<typeof UserList>;

export const UserCreateRequest = named(
  'UserCreateRequest',
  Type.Object({
    name: Type.String({ maxLength: 64, description: 'Lower case: letters, digits, `.`, `_` and `-`.' }),
    role: Type.String({ maxLength: 64 }),
    password: optional(
      Type.String({
        maxLength: 1024,
        description: 'If omitted, a password is generated, which must be changed at the first login.',
      }),
    ),
    grants: optional(grants),
    scopes: optional(scopes),
  }),
);
export type UserCreateRequest = Type.Static<typeof UserCreateRequest>;

export const CreatedUser = named(
  'CreatedUser',
  Type.Object({
    ...user,
    password: optional(Type.String({ description: 'The generated password, shown only in this reply.' })),
  }),
);
export type CreatedUser = Type.Static<typeof CreatedUser>;

export const UserChange = named(
  'UserChange',
  Type.Object({
    role: optional(Type.String({ maxLength: 64 })),
    disabled: optional(Type.Boolean()),
    password: optional(
      Type.String({ maxLength: 1024, description: 'The user must change the password at the next login.' }),
    ),
    grants: optional(grants),
    scopes: optional(scopes),
  }),
);
export type UserChange = Type.Static<typeof UserChange>;

const key = {
  id: Type.String(),
  name: Type.String({ description: 'Purpose of the key.' }),
  role: Type.String(),
  permissions: optional(permissions),
  grants: optional(grants),
  scopes: optional(scopes),
  owner: Type.String({
    description: 'The principal that created the key: the key never has more permissions than this principal.',
  }),
  created_at: Type.String(),
  expires_at: optional(Type.String({ description: 'RFC 3339. Absent if it does not expire.' })),
  last_used_at: optional(Type.String({ description: 'Rounded to the minute.' })),
  state: oneOf('active', 'expired', 'disabled'),
};

export const ApiKey = named('ApiKey', Type.Object(key));
export type ApiKey = Type.Static<typeof ApiKey>;

export const ApiKeyList = named('ApiKeyList', Type.Object({ items: Type.Array(ApiKey) }));
export type ApiKeyList = Type.Static<typeof ApiKeyList>;

export const ApiKeyCreateRequest = named(
  'ApiKeyCreateRequest',
  Type.Object({
    name: Type.String({ minLength: 1, maxLength: 128 }),
    role: optional(Type.String({ maxLength: 64, description: 'Default: the role of the creator.' })),
    permissions: optional(
      Type.Array(Type.String(), { description: 'Limits the key to these permissions of the role.', maxItems: 64 }),
    ),
    grants: optional(grants),
    scopes: optional(scopes),
    expires_in_days: optional(Type.Integer({ minimum: 1, maximum: 3650, description: 'Default: 90.' })),
    never_expires: optional(Type.Boolean()),
    password: optional(
      Type.String({
        maxLength: 1024,
        description: 'Password of the user, if the request has a session or token of a user.',
      }),
    ),
  }),
);
export type ApiKeyCreateRequest = Type.Static<typeof ApiKeyCreateRequest>;

export const CreatedApiKey = named(
  'CreatedApiKey',
  Type.Object({ ...key, key: Type.String({ description: 'Shown only in this reply.' }) }),
);
export type CreatedApiKey = Type.Static<typeof CreatedApiKey>;

export const LoginSession = named(
  'LoginSession',
  Type.Object({
    id: Type.String(),
    user: Type.String(),
    created_at: Type.String(),
    last_used_at: Type.String({ description: 'Rounded to the minute.' }),
    expires_at: Type.String({ description: 'If it is not used again.' }),
    remote_address: Type.String({ description: 'Address of the login.' }),
    user_agent: Type.String(),
    current: Type.Boolean({ description: 'The session of this request.' }),
  }),
);
export type LoginSession = Type.Static<typeof LoginSession>;

export const LoginSessionList = named('LoginSessionList', Type.Object({ items: Type.Array(LoginSession) }));
export type LoginSessionList = Type.Static<typeof LoginSessionList>;

export const StreamTicketRequest = named(
  'StreamTicketRequest',
  Type.Object({
    path: Type.String({ maxLength: 2048, description: 'Path of the event stream, such as `/api/v1/faults/stream`.' }),
  }),
);
export type StreamTicketRequest = Type.Static<typeof StreamTicketRequest>;

export const StreamTicket = named(
  'StreamTicket',
  Type.Object({
    ticket: Type.String({ description: 'Value of `?ticket=` for that stream, valid once.' }),
    expires_in: Type.Integer({ description: 'Lifetime in seconds.' }),
  }),
);
export type StreamTicket = Type.Static<typeof StreamTicket>;

export const SetupRequest = named(
  'SetupRequest',
  Type.Object({
    code: Type.String({ maxLength: 64, description: 'The code from the log of the gateway.' }),
    name: Type.String({ maxLength: 64 }),
    password: Type.String({ maxLength: 1024 }),
  }),
);
export type SetupRequest = Type.Static<typeof SetupRequest>;

export const SetupState = named(
  'SetupState',
  Type.Object({
    needed: Type.Boolean({ description: 'No user exists: create the first user with the code.' }),
    until: optional(Type.String({ description: 'Time after which the gateway must be restarted.' })),
  }),
);
export type SetupState = Type.Static<typeof SetupState>;
