import { type ApiKey, ApiKeyCreateRequest, ApiKeyList, CreatedApiKey } from '../schemas/auth.ts';
import * as Type from '../schemas/type.ts';
import { ACCOUNT_ERRORS, CHANGE_ERRORS } from './account-errors.ts';
import type { Parameter, RouteFamily } from './route.ts';

const TAG = 'Authentication';

const keyParameter: Parameter = {
  name: 'key_id',
  in: 'path',
  description: 'Id of the key: the part of the key after `mdk_`',
  schema: Type.String({ minLength: 1 }),
  example: '4fmd81xk',
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

export const listApiKeys: RouteFamily<typeof ApiKeyList> = [
  {
    method: 'get',
    path: '/auth/keys',
    operationId: 'listApiKeys',
    permission: 'self',
    tag: TAG,
    summary: 'List API keys',
    description: 'Returns your keys. A client that may manage accounts receives the keys of all users.',
    join: 'local',
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
    summary: 'Create an API key',
    description:
      'Creates a key that a program sends as `Authorization: Bearer`. A key never has more permissions than its creator. The key is shown only in this reply. A user must send the password, so that a stolen session is not enough.',
    parameters: [],
    body: {
      schema: ApiKeyCreateRequest,
      description: 'Purpose and permissions of the key',
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
        description: 'Created',
        schema: CreatedApiKey,
        example: { ...key, key: 'mdk_4fmd81xk_HxGtQWzvA8GcA3Yk5Hn9dW0bWx7wI2vLqKkZp1R4mQe0ab12cd' },
      },
    },
    errors: ['insufficient-access-rights', 'unauthorized', 'rate-limit-exceeded', ...CHANGE_ERRORS],
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
    description:
      'Revokes one of your keys. A client that may manage accounts can revoke any key. Event streams that were opened with the key end immediately.',
    parameters: [keyParameter],
    responses: { 204: { description: 'Revoked' } },
    errors: ['resource-not-found', ...ACCOUNT_ERRORS],
  },
];
