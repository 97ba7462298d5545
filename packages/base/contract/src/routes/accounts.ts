import {
  type ApiKey,
  ApiKeyCreateRequest,
  ApiKeyList,
  CreatedApiKey,
  CreatedUser,
  LoginRequest,
  LoginSessionList,
  PasswordChange,
  PrincipalInfo,
  SetupRequest,
  SetupState,
  StreamTicket,
  StreamTicketRequest,
  type User,
  UserChange,
  UserCreateRequest,
  UserList,
  User as UserSchema,
} from '../schemas/auth.ts';
import * as Type from '../schemas/type.ts';
import type { Parameter, RouteFamily } from './route.ts';

const TAG = 'Authentication';
/** They are switched off, or their database cannot be used. */
const ACCOUNT_ERRORS = ['not-implemented', 'service-unavailable'] as const;
const CHANGE_ERRORS = ['invalid-parameter', 'precondition-not-fulfilled', ...ACCOUNT_ERRORS] as const;

const userParameter: Parameter = {
  name: 'user_name',
  in: 'path',
  description: 'Name of the user',
  schema: Type.String({ minLength: 1 }),
  example: 'alice',
};

const keyParameter: Parameter = {
  name: 'key_id',
  in: 'path',
  description: 'Id of the key, which stands in it behind `mdk_`',
  schema: Type.String({ minLength: 1 }),
  example: '4fmd81xk',
};

const sessionParameter: Parameter = {
  name: 'session_id',
  in: 'path',
  description: 'Id of the session',
  schema: Type.String({ minLength: 1 }),
  example: 'k3v9',
};

const me: PrincipalInfo = {
  principal: 'user:alice',
  kind: 'user',
  role: 'viewer',
  permissions: ['self', 'read', 'files.read', 'subscriptions'],
  method: 'session',
  expires_at: '2026-03-23T10:14:33.000Z',
};

const alice: User = {
  name: 'alice',
  role: 'operator',
  disabled: false,
  must_change_password: false,
  declared: false,
  created_at: '2026-03-20T09:00:00.000Z',
};

const key: ApiKey = {
  id: '4fmd81xk',
  name: 'grafana',
  role: 'viewer',
  owner: 'user:alice',
  created_at: '2026-03-20T09:00:00.000Z',
  expires_at: '2026-06-18T09:00:00.000Z',
  last_used_at: '2026-03-23T02:14:00.000Z',
  state: 'active',
};

export const getMe: RouteFamily<typeof PrincipalInfo> = [
  {
    method: 'get',
    path: '/x-medkit-me',
    operationId: 'getMe',
    permission: 'self',
    tag: TAG,
    summary: 'Who asks, and what it may do',
    description: 'The principal as the gateway found it out, with the role that it has and all that this may do.',
    parameters: [],
    responses: { 200: { description: 'Who it is', schema: PrincipalInfo, example: me } },
    errors: [],
  },
];

export const logIn: RouteFamily<typeof PrincipalInfo, typeof LoginRequest> = [
  {
    method: 'post',
    path: '/auth/login',
    operationId: 'logIn',
    permission: 'public',
    tag: TAG,
    summary: 'Log in, as a page does',
    description:
      'Begins a session, which the cookie of the reply stands for. After some failures the next one is waited for; a device that was logged in before does not wait for what others do.',
    parameters: [],
    body: {
      schema: LoginRequest,
      description: 'Name and password of a user',
      examples: { 'A user': { name: 'alice', password: 'correct horse battery' } },
    },
    responses: {
      200: {
        description: 'Logged in',
        schema: PrincipalInfo,
        example: me,
        headers: { 'Set-Cookie': 'The session, for this gateway alone' },
      },
    },
    errors: ['unauthorized', 'rate-limit-exceeded', ...CHANGE_ERRORS],
  },
];

export const logOut: RouteFamily<never, never> = [
  {
    method: 'post',
    path: '/auth/logout',
    operationId: 'logOut',
    permission: 'self',
    tag: TAG,
    summary: 'Log out',
    description: 'Ends the session whose cookie came with the request, here and not only in the browser.',
    parameters: [],
    responses: { 204: { description: 'Logged out' } },
    errors: ACCOUNT_ERRORS,
  },
];

export const changePassword: RouteFamily<never, typeof PasswordChange> = [
  {
    method: 'put',
    path: '/auth/password',
    operationId: 'changePassword',
    permission: 'self',
    tag: TAG,
    summary: 'Change one’s own password',
    description: 'Ends all other sessions of the user, and all tokens.',
    parameters: [],
    body: {
      schema: PasswordChange,
      description: 'The old one and the new one',
      examples: { 'A new password': { password: 'correct horse battery', new_password: 'a longer one, with spaces' } },
    },
    responses: { 204: { description: 'Changed' } },
    errors: ['unauthorized', 'rate-limit-exceeded', ...CHANGE_ERRORS],
  },
];

export const listUsers: RouteFamily<typeof UserList> = [
  {
    method: 'get',
    path: '/auth/users',
    operationId: 'listUsers',
    permission: 'accounts',
    tag: TAG,
    summary: 'List the users',
    description: 'Those of the database and those of `auth.users_file`, by name.',
    parameters: [],
    responses: { 200: { description: 'The users', schema: UserList, example: { items: [alice] } } },
    errors: ACCOUNT_ERRORS,
  },
];

export const createUser: RouteFamily<typeof CreatedUser, typeof UserCreateRequest> = [
  {
    method: 'post',
    path: '/auth/users',
    operationId: 'createUser',
    permission: 'accounts',
    tag: TAG,
    summary: 'Add a user',
    description: 'With a password, or with one that is made up and has to be changed at the first login.',
    parameters: [],
    body: {
      schema: UserCreateRequest,
      description: 'The user',
      examples: { 'An operator': { name: 'bob', role: 'operator' } },
    },
    responses: {
      201: {
        description: 'Added',
        schema: CreatedUser,
        example: { ...alice, name: 'bob', must_change_password: true, password: 'tulip-canyon-velvet-74' },
      },
    },
    errors: CHANGE_ERRORS,
  },
];

export const getUser: RouteFamily<typeof UserSchema> = [
  {
    method: 'get',
    path: '/auth/users/{user_name}',
    operationId: 'getUser',
    permission: 'accounts',
    tag: TAG,
    summary: 'Read a user',
    description: 'Without anything that would let somebody in.',
    parameters: [userParameter],
    responses: { 200: { description: 'The user', schema: UserSchema, example: alice } },
    errors: ['resource-not-found', ...ACCOUNT_ERRORS],
  },
];

export const changeUser: RouteFamily<typeof UserSchema, typeof UserChange> = [
  {
    method: 'put',
    path: '/auth/users/{user_name}',
    operationId: 'changeUser',
    permission: 'accounts',
    tag: TAG,
    summary: 'Change role or password of a user, or disable it',
    description:
      'What is not named stays. What the user has open is judged anew at once; keys that it made may no more than it does from now on.',
    parameters: [userParameter],
    body: {
      schema: UserChange,
      description: 'What changes',
      examples: { 'Another role': { role: 'viewer' }, Disabled: { disabled: true } },
    },
    responses: {
      200: { description: 'The user as it is now', schema: UserSchema, example: { ...alice, role: 'viewer' } },
    },
    errors: ['resource-not-found', ...CHANGE_ERRORS],
  },
];

export const deleteUser: RouteFamily<never, never> = [
  {
    method: 'delete',
    path: '/auth/users/{user_name}',
    operationId: 'deleteUser',
    permission: 'accounts',
    tag: TAG,
    summary: 'Remove a user',
    description: 'With its sessions, tokens and keys. The last one who may manage accounts stays.',
    parameters: [userParameter],
    responses: { 204: { description: 'Removed' } },
    errors: ['resource-not-found', ...CHANGE_ERRORS],
  },
];

export const listApiKeys: RouteFamily<typeof ApiKeyList> = [
  {
    method: 'get',
    path: '/auth/keys',
    operationId: 'listApiKeys',
    permission: 'self',
    tag: TAG,
    summary: 'List API keys',
    description: 'One’s own; who may manage accounts sees all.',
    parameters: [],
    responses: { 200: { description: 'The keys', schema: ApiKeyList, example: { items: [key] } } },
    errors: ACCOUNT_ERRORS,
  },
];

export const createApiKey: RouteFamily<typeof CreatedApiKey, typeof ApiKeyCreateRequest> = [
  {
    method: 'post',
    path: '/auth/keys',
    operationId: 'createApiKey',
    permission: 'self',
    tag: TAG,
    summary: 'Make an API key',
    description:
      'For a program, which sends it as `Authorization: Bearer`. It never may more than who made it may at the time, and is told this once.',
    parameters: [],
    body: {
      schema: ApiKeyCreateRequest,
      description: 'What it is for, and what it may do',
      examples: {
        'For a dashboard': { name: 'grafana', role: 'viewer' },
        'That clears faults and reads': {
          name: 'line-control',
          role: 'operator',
          permissions: ['read', 'faults.clear'],
          expires_in_days: 365,
        },
      },
    },
    responses: {
      201: {
        description: 'Made',
        schema: CreatedApiKey,
        example: { ...key, key: 'mdk_4fmd81xk_HxGtQWzvA8GcA3Yk5Hn9dW0bWx7wI2vLqKkZp1R4mQe0ab12cd' },
      },
    },
    errors: ['insufficient-access-rights', ...CHANGE_ERRORS],
  },
];

export const deleteApiKey: RouteFamily<never, never> = [
  {
    method: 'delete',
    path: '/auth/keys/{key_id}',
    operationId: 'deleteApiKey',
    permission: 'self',
    tag: TAG,
    summary: 'Revoke an API key',
    description: 'One’s own; who may manage accounts revokes any. Streams that were opened with it end at once.',
    parameters: [keyParameter],
    responses: { 204: { description: 'Revoked' } },
    errors: ['resource-not-found', ...ACCOUNT_ERRORS],
  },
];

export const listSessions: RouteFamily<typeof LoginSessionList> = [
  {
    method: 'get',
    path: '/auth/sessions',
    operationId: 'listSessions',
    permission: 'self',
    tag: TAG,
    summary: 'List the sessions of users',
    description: 'One’s own; who may manage accounts sees all.',
    parameters: [],
    responses: {
      200: {
        description: 'The sessions',
        schema: LoginSessionList,
        example: {
          items: [
            {
              id: 'k3v9',
              user: 'alice',
              created_at: '2026-03-23T02:10:00.000Z',
              last_used_at: '2026-03-23T02:14:00.000Z',
              expires_at: '2026-03-23T10:14:00.000Z',
              remote_address: '10.0.0.12',
              user_agent: 'Mozilla/5.0',
              current: true,
            },
          ],
        },
      },
    },
    errors: ACCOUNT_ERRORS,
  },
];

export const endSessions: RouteFamily<never, never> = [
  {
    method: 'delete',
    path: '/auth/sessions',
    operationId: 'endSessions',
    permission: 'self',
    tag: TAG,
    summary: 'End all other sessions of oneself',
    description: 'All but the one that asks, and all tokens of the user.',
    parameters: [],
    responses: { 204: { description: 'Ended' } },
    errors: ACCOUNT_ERRORS,
  },
];

export const endSession: RouteFamily<never, never> = [
  {
    method: 'delete',
    path: '/auth/sessions/{session_id}',
    operationId: 'endSession',
    permission: 'self',
    tag: TAG,
    summary: 'End a session',
    description: 'One’s own; who may manage accounts ends any.',
    parameters: [sessionParameter],
    responses: { 204: { description: 'Ended' } },
    errors: ['resource-not-found', ...ACCOUNT_ERRORS],
  },
];

export const createStreamTicket: RouteFamily<typeof StreamTicket, typeof StreamTicketRequest> = [
  {
    method: 'post',
    path: '/auth/stream-ticket',
    operationId: 'createStreamTicket',
    permission: 'self',
    tag: TAG,
    summary: 'Get a ticket for an event stream',
    description:
      'For pages of others whose `EventSource` cannot send a header: the ticket opens this stream once, within seconds, as who asked for it. Tokens are not taken from addresses, which stand in logs and histories.',
    parameters: [],
    body: {
      schema: StreamTicketRequest,
      description: 'The stream',
      examples: { 'The events of all faults': { path: '/api/v1/faults/stream' } },
    },
    responses: {
      201: { description: 'The ticket', schema: StreamTicket, example: { ticket: 'Zk3v9Qm2', expires_in: 30 } },
    },
    errors: ['invalid-parameter', ...ACCOUNT_ERRORS],
    observes: true,
  },
];

export const getSetup: RouteFamily<typeof SetupState> = [
  {
    method: 'get',
    path: '/auth/setup',
    operationId: 'getSetup',
    permission: 'public',
    tag: TAG,
    summary: 'Whether the first user is to be made',
    description: 'So it is with a gateway that was started with `--setup` and has no user.',
    parameters: [],
    responses: { 200: { description: 'Whether', schema: SetupState, example: { needed: false } } },
    errors: [],
  },
];

export const setUp: RouteFamily<typeof PrincipalInfo, typeof SetupRequest> = [
  {
    method: 'post',
    path: '/auth/setup',
    operationId: 'setUp',
    permission: 'public',
    tag: TAG,
    summary: 'Make the first user',
    description:
      'An admin, who is logged in with that. The code stands in the log of the gateway, and in `setup-code` in its data folder; a few wrong ones make a new one.',
    parameters: [],
    body: {
      schema: SetupRequest,
      description: 'The code, and who the first user is',
      examples: { 'The first admin': { code: 'K7QMR2XD9V', name: 'alice', password: 'correct horse battery' } },
    },
    responses: {
      200: {
        description: 'Made, and logged in',
        schema: PrincipalInfo,
        example: { ...me, role: 'admin' },
        headers: { 'Set-Cookie': 'The session, for this gateway alone' },
      },
    },
    errors: ['unauthorized', ...CHANGE_ERRORS],
  },
];
