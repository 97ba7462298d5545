import {
  AuthCredentials,
  AuthErrorResponse,
  AuthRevokeRequest,
  AuthRevokeResponse,
  AuthTokenResponse,
} from '../schemas/auth.ts';
import type { RequestBody, Route, RouteFamily, Success } from './route.ts';

const oauthError = (error: string, error_description: string, description: string): Success => ({
  description,
  schema: AuthErrorResponse,
  example: { error, error_description },
});

const OAUTH_ERRORS = {
  400: oauthError('invalid_request', 'grant_type is missing', 'The request is invalid'),
  401: oauthError('invalid_client', 'Unknown client or wrong secret', 'The credential is invalid'),
  404: oauthError('resource-not-found', 'Authentication is not enabled', 'The gateway has no accounts'),
  429: oauthError('slow_down', 'Too many failed attempts: try again in 4 s', 'Too many wrong attempts'),
} as const;

const tokens: Success<typeof AuthTokenResponse> = {
  description: 'The tokens',
  schema: AuthTokenResponse,
  example: {
    access_token: 'eyJhbGciOiJFZERTQSJ9.e30.c2lnbmF0dXJl',
    token_type: 'Bearer',
    expires_in: 3600,
    scope: 'operator',
    refresh_token: 'eyJhbGciOiJFZERTQSJ9.e30.cmVmcmVzaA',
  },
};

const asClient: RequestBody<typeof AuthCredentials> = {
  schema: AuthCredentials,
  form: true,
  checkedByHandler: true,
  description: 'The credential',
  examples: {
    'A client of auth.clients': { grant_type: 'client_credentials', client_id: 'fleet', client_secret: 'its-secret' },
    'A user': { grant_type: 'password', username: 'alice', password: 'correct horse battery' },
  },
};

const asRefresh: RequestBody<typeof AuthCredentials> = {
  schema: AuthCredentials,
  form: true,
  checkedByHandler: true,
  description: 'The refresh token',
  examples: {
    'A refresh token': { grant_type: 'refresh_token', refresh_token: 'eyJhbGciOiJFZERTQSJ9.e30.cmVmcmVzaA' },
  },
};

type Granting = Route<typeof AuthTokenResponse, typeof AuthCredentials>;

const shared = {
  method: 'post',
  permission: 'public',
  tag: 'Authentication',
  parameters: [],
  responses: { 200: tokens },
  errors: [],
  foreignErrors: OAUTH_ERRORS,
} as const;

const authorizing: Omit<Granting, 'operationId' | 'path'> = {
  ...shared,
  summary: 'Get tokens for a credential',
  description:
    'Returns an access token for `Authorization: Bearer`, and a refresh token to renew it (RFC 6749). The token has the permissions of the role of the client.',
  body: asClient,
};

const renewing: Omit<Granting, 'operationId' | 'path'> = {
  ...shared,
  summary: 'Renew an access token',
  description:
    'Exchanges a refresh token for an access token and the next refresh token. A refresh token can be used once. If it is used again, it has been stolen, and the gateway revokes all tokens of the same login (RFC 9700, 4.14.2). With `auth.refresh_rotation: false`, the refresh token stays the same.',
  body: asRefresh,
};

export const authorize: RouteFamily<typeof AuthTokenResponse, typeof AuthCredentials> = [
  { ...authorizing, path: '/auth/authorize', operationId: 'authorize' },
  {
    ...authorizing,
    path: '/authorize',
    operationId: 'authorizeSovd',
    summary: 'Get tokens for a credential (path of the standard)',
  },
];

export const getToken: RouteFamily<typeof AuthTokenResponse, typeof AuthCredentials> = [
  { ...renewing, path: '/auth/token', operationId: 'getToken' },
  {
    ...renewing,
    path: '/token',
    operationId: 'getTokenSovd',
    summary: 'Get an access token (path of the standard)',
    description: 'Accepts a refresh token like `/auth/token`, or a credential like `/auth/authorize`.',
  },
];

export const revokeToken: RouteFamily<typeof AuthRevokeResponse, typeof AuthRevokeRequest> = [
  {
    ...shared,
    path: '/auth/revoke',
    operationId: 'revokeToken',
    summary: 'Revoke a token',
    description:
      'Revokes a refresh token with all access tokens that were issued for it, or a single access token. The reply is the same for an unknown token (RFC 7009, 2.2).',
    body: {
      schema: AuthRevokeRequest,
      form: true,
      checkedByHandler: true,
      description: 'The token',
      examples: { 'A refresh token': { token: 'eyJhbGciOiJFZERTQSJ9.e30.cmVmcmVzaA' } },
    },
    responses: {
      200: { description: 'The token is no longer valid', schema: AuthRevokeResponse, example: { status: 'revoked' } },
    },
  },
];
