import {
  LoginRequest,
  LoginSessionList,
  PasswordChange,
  PrincipalInfo,
  SetupRequest,
  SetupState,
  StreamTicket,
  StreamTicketRequest,
} from '../schemas/auth.ts';
import * as Type from '../schemas/type.ts';
import { ACCOUNT_ERRORS, CHANGE_ERRORS } from './account-errors.ts';
import type { Parameter, RouteFamily } from './route.ts';

const TAG = 'Authentication';

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

export const getMe: RouteFamily<typeof PrincipalInfo> = [
  {
    method: 'get',
    path: '/x-medkit-me',
    operationId: 'getMe',
    permission: 'self',
    tag: TAG,
    summary: 'Show the client and its permissions',
    description: 'Returns the authenticated principal, its role and its permissions.',
    parameters: [],
    responses: { 200: { description: 'The principal', schema: PrincipalInfo, example: me } },
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
    summary: 'Log in to a web session',
    description:
      'Starts a session, identified by the cookie of the reply. After several failures, the next attempt is delayed. Failures from other devices do not delay a device that was logged in before.',
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
        headers: { 'Set-Cookie': 'The session cookie, for this gateway only' },
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
    description: 'Ends the session of the cookie on the gateway, not only in the browser.',
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
    summary: 'Change your password',
    description:
      'Ends all other sessions and all tokens of the user. API keys stay valid unless `end_keys` is true; `GET /auth/keys` lists them.',
    parameters: [],
    body: {
      schema: PasswordChange,
      description: 'The current and the new password',
      examples: { 'A new password': { password: 'correct horse battery', new_password: 'a longer one, with spaces' } },
    },
    responses: { 204: { description: 'Changed' } },
    errors: ['unauthorized', 'rate-limit-exceeded', ...CHANGE_ERRORS],
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
    description: 'Returns your keys. A client that may manage accounts receives the keys of all users.',
    join: 'local',
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
    summary: 'End all your other sessions',
    description: 'Ends all sessions except the current one, and all tokens of the user.',
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
    description: 'Ends one of your sessions. A client that may manage accounts can end any session.',
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
      'Issues a ticket for web pages whose `EventSource` cannot send headers. The ticket opens this stream once, within seconds, with the permissions of the client that requested it. It is valid only for event streams. Tokens are not accepted in addresses, because addresses appear in logs and histories.',
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
    summary: 'Show whether the first user can be created',
    description: 'True if the gateway was started with `--setup` and has no user.',
    parameters: [],
    responses: { 200: { description: 'The state', schema: SetupState, example: { needed: false } } },
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
    summary: 'Create the first user',
    description:
      'Creates an admin and logs it in. The code is in the log of the gateway and in `setup-code` in its data folder, and changes every ten minutes. Too many wrong codes from one address are answered with 429; the correct code is always accepted.',
    parameters: [],
    body: {
      schema: SetupRequest,
      description: 'The code and the first user',
      examples: { 'The first admin': { code: 'K7QMR2XD9V', name: 'alice', password: 'correct horse battery' } },
    },
    responses: {
      200: {
        description: 'Created and logged in',
        schema: PrincipalInfo,
        example: { ...me, role: 'admin' },
        headers: { 'Set-Cookie': 'The session cookie, for this gateway only' },
      },
    },
    errors: ['unauthorized', 'rate-limit-exceeded', ...CHANGE_ERRORS],
  },
];
