import * as Type from '../schemas/type.ts';
import { ACCOUNT_ERRORS } from './account-errors.ts';
import type { Parameter, RouteFamily } from './route.ts';

const TAG = 'Authentication';

const query = (name: string, description: string, example: string): Parameter => ({
  ...{ name, in: 'query', description, example },
  schema: Type.String(),
});

export const startSingleSignOn: RouteFamily<never> = [
  {
    method: 'get',
    path: '/auth/oidc/login',
    operationId: 'startSingleSignOn',
    permission: 'public',
    tag: TAG,
    summary: 'Log in at the identity provider',
    description: 'For browsers: leads to the identity provider, which leads back to `/auth/oidc/callback`.',
    join: 'local',
    parameters: [query('return_to', 'Path of the page to show after the login', '/incidents')],
    responses: {
      303: {
        description: 'Continue at the identity provider',
        headers: { Location: 'Address at the provider', 'Set-Cookie': 'The started login, for ten minutes' },
      },
    },
    errors: ['invalid-parameter', ...ACCOUNT_ERRORS],
  },
];

export const finishSingleSignOn: RouteFamily<never> = [
  {
    method: 'get',
    path: '/auth/oidc/callback',
    operationId: 'finishSingleSignOn',
    permission: 'public',
    tag: TAG,
    summary: 'Return from the identity provider',
    description:
      'Starts a session of the account that logged in at the identity provider in this browser. If that fails, a client that accepts `text/html` receives the error as a page.',
    join: 'local',
    recorded: 'done',
    parameters: [
      query('code', 'The code of the login', 'SplxlOBeZQQYbYS6WxSbIA'),
      query('state', 'The value that the gateway sent with the login', 'af0ifjsldkj'),
      query('iss', 'The issuer', 'https://login.example.com'),
      query('error', 'Why the login failed', 'access_denied'),
    ],
    responses: {
      303: {
        description: 'Logged in',
        headers: { Location: 'The page of the gateway', 'Set-Cookie': 'The session cookie, for this gateway only' },
      },
    },
    errors: ['unauthorized', 'rate-limit-exceeded', ...ACCOUNT_ERRORS],
  },
];

export const endSingleSignOn: RouteFamily<never> = [
  {
    method: 'get',
    path: '/auth/oidc/logout',
    operationId: 'endSingleSignOn',
    permission: 'public',
    tag: TAG,
    summary: 'Log out at the identity provider',
    description:
      'For browsers, after `POST /auth/logout`: leads to the logout of the identity provider, or to the start page if it offers none.',
    join: 'local',
    parameters: [],
    responses: {
      303: { description: 'Continue at the identity provider', headers: { Location: 'Address at the provider' } },
    },
    errors: ACCOUNT_ERRORS,
  },
];
