import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { isRefusal } from '../credential/refusal.ts';
import type { Grant, Granted } from '../token/token.ts';
import type { AccountStage } from './account-stage.ts';

/** The HS256 signing secret of `TOKENS`. */
export const SECRET = 'a secret of more than 32 characters';
export const FLEET: Grant = { type: 'client_credentials', clientId: 'fleet', clientSecret: 'fleet:secret' };
export const refresh = (refreshToken: string): Grant => ({ type: 'refresh_token', refreshToken });

export async function granted({ accounts }: AccountStage, grant: Grant = FLEET): Promise<Granted> {
  const answer = await accounts.tokens.grant(grant);
  assert.ok(!isRefusal(answer), isRefusal(answer) ? answer.refused : '');
  return answer;
}

/** Returns the current holder of a token, or why it is rejected. */
export async function holderOf({ accounts }: AccountStage, text: string): Promise<string> {
  const credential = await accounts.identify(text);
  const principal = isRefusal(credential) ? credential : accounts.principalOf(credential);
  return isRefusal(principal) ? principal.refused : principal.id;
}

export type TokenPart = Readonly<Record<string, unknown>>;

/** Returns the header or the claims of a token. */
export const partOf = (text: string, place: 0 | 1): TokenPart =>
  JSON.parse(Buffer.from(text.split('.')[place], 'base64url').toString());

/** Returns `text` with a changed header and claims, signed with `signed`. */
export function forged(text: string, header: TokenPart, claims: TokenPart, signed: (body: string) => string): string {
  const body = `${encoded({ ...partOf(text, 0), ...header })}.${encoded({ ...partOf(text, 1), ...claims })}`;
  return `${body}.${signed(body)}`;
}

export const byHmac = (secret: string) => (body: string) =>
  createHmac('sha256', secret).update(body).digest('base64url');

const encoded = (part: TokenPart): string => Buffer.from(JSON.stringify(part)).toString('base64url');
