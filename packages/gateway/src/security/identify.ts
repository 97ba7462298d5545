import type { Principal } from '@medkit/core';
import type { FastifyRequest } from 'fastify';
import { tokenCheck } from './token.ts';

/** Gives who sent a request. What it gives is the same object for each request of one principal. */
export type Identify = (request: Pick<FastifyRequest, 'headers'>) => Principal;

/** Whoever asks a gateway that wants no token: all may do everything. */
const ANYBODY: Principal = { id: 'anonymous', kind: 'anonymous', role: 'admin', scopes: [] };
/** Who should have said who it is, and did not or did wrongly. */
const STRANGER: Principal = { id: 'anonymous', kind: 'anonymous', role: '', scopes: [] };
const TOKEN: Principal = { id: 'server.token', kind: 'token', role: 'admin', scopes: [] };

/** Tells principals apart by the server's token; all are one where there is none. */
export function identify(token: string): Identify {
  if (token === '') return () => ANYBODY;
  const isToken = tokenCheck(token);
  return ({ headers }) => (isToken(headers.authorization) ? TOKEN : STRANGER);
}
