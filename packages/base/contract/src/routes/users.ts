import {
  CreatedUser,
  type User,
  UserChange,
  UserCreateRequest,
  UserList,
  User as UserSchema,
} from '../schemas/auth.ts';
import * as Type from '../schemas/type.ts';
import { ACCOUNT_ERRORS, CHANGE_ERRORS } from './account-errors.ts';
import type { Parameter, RouteFamily } from './route.ts';

const TAG = 'Authentication';

const userParameter: Parameter = {
  name: 'user_name',
  in: 'path',
  description: 'Name of the user',
  schema: Type.String({ minLength: 1 }),
  example: 'alice',
};

const alice: User = {
  name: 'alice',
  role: 'operator',
  disabled: false,
  must_change_password: false,
  declared: false,
  created_at: '2026-03-20T09:00:00.000Z',
};

export const listUsers: RouteFamily<typeof UserList> = [
  {
    method: 'get',
    path: '/auth/users',
    operationId: 'listUsers',
    permission: 'accounts',
    tag: TAG,
    summary: 'List the users',
    description: 'Lists the users of the database and of `auth.users_file`, by name.',
    join: 'local',
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
    description:
      'Adds a user with the given password, or with a generated password that must be changed at the first login.',
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
    description: 'Returns the user without credentials.',
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
    summary: 'Change the role or password of a user, or disable it',
    description:
      'Changes the given members; the others stay unchanged. New permissions apply immediately to open sessions and streams, and limit the keys that the user created. On a fleet hub, `grants` limits the user to robots of sites and groups.',
    parameters: [userParameter],
    body: {
      schema: UserChange,
      description: 'The changes',
      examples: {
        'Another role': { role: 'viewer' },
        Disabled: { disabled: true },
        'The robots of two sites, one of them to read': {
          grants: [{ site: 'berlin' }, { site: 'ulm', role: 'viewer' }],
        },
      },
    },
    responses: {
      200: { description: 'The user after the change', schema: UserSchema, example: { ...alice, role: 'viewer' } },
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
    description:
      'Removes the user with its sessions, tokens and keys. The last user that may manage accounts cannot be removed.',
    parameters: [userParameter],
    responses: { 204: { description: 'Removed' } },
    errors: ['resource-not-found', ...CHANGE_ERRORS],
  },
];
