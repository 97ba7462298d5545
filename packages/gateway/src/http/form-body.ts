import type { AuthErrorResponse, Route } from '@medkit/contract';
import type { FastifyInstance } from 'fastify';
import { Answer } from './answer.ts';
import { publicError } from './public-error.ts';
import { sendJson } from './send-json.ts';

/** Secrets and tokens have some thousand characters at most. */
const MAX_FORM_BYTES = 65_536;

/**
 * Lets a route accept forms besides JSON (RFC 6749, 4.4.2). A route of OAuth 2.0 reports body errors in the format of
 * OAuth. A body of any other type has no members.
 */
export function acceptForms(app: FastifyInstance, { foreignErrors }: Pick<Route, 'foreignErrors'>): void {
  const options = { parseAs: 'string', bodyLimit: MAX_FORM_BYTES } as const;
  app.addContentTypeParser(/^application\/x-www-form-urlencoded\s*(?:;|$)/i, options, (_request, text, done) => {
    done(null, Object.fromEntries(new URLSearchParams(String(text))));
  });
  app.addContentTypeParser('*', options, (_request, _text, done) => done(null, {}));
  if (foreignErrors?.[400]?.schema === undefined) return;
  app.setErrorHandler((error, _request, reply) => {
    const failure = publicError(error);
    if (![400, 413, 415].includes(failure.status)) throw error;
    const body: AuthErrorResponse = { error: 'invalid_request', error_description: failure.message };
    sendJson(reply.code(400).header('Cache-Control', 'no-store'), JSON.stringify(body));
  });
}

/** An error of OAuth 2.0 (RFC 6749, 5.2), as the contract of its routes declares it. */
export function oauthRefusal(status: number, error: string, error_description: string): Answer<never> {
  const body: AuthErrorResponse = { error, error_description };
  return new Answer<unknown>(status, body, { Pragma: 'no-cache' }) as unknown as Answer<never>;
}
