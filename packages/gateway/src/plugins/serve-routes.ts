import { KIND_TERMS, SovdError } from '@medkit/contract';
import { isLocal, type JsonValue, type Model } from '@medkit/core';
import { entityOf, notServed } from '@medkit/entities';
import { Answer } from '../http/answer.ts';
import type { Exchange } from '../http/exchange.ts';
import { TextReply } from '../http/text-reply.ts';
import type { AdmittedRoute } from './admit-routes.ts';

/**
 * Returns the handler of a plugin's route: resolves the local entity in its path and validates the reply. Rejects an
 * entity that only peers have: their gateway may have such a route, and this one never answers for a peer.
 */
export function pluginHandler({ route, handle }: AdmittedRoute, model: Pick<Model, 'tree'>) {
  return async ({ path, query, body, entityId, call }: Exchange): Promise<Answer<unknown> | TextReply> => {
    const named = namedEntity(route, model, entityId);
    const reply: unknown = await handle({ path: { ...path, ...named }, query, body: body as JsonValue }, call());
    return answerOf(reply);
  };
}

/** Returns the id of the entity in the path; nothing for a route without one. */
function namedEntity({ kind, path }: AdmittedRoute['route'], { tree }: Pick<Model, 'tree'>, entityId: string) {
  if (!kind) return {};
  const entity = entityOf(tree, kind, entityId);
  const [, , , collection = 'resources'] = path.split('/');
  if (!isLocal(entity)) throw notServed(entity, collection);
  return { [KIND_TERMS[kind].param]: entity.id };
}

function answerOf(reply: unknown): Answer<unknown> | TextReply {
  if (typeof reply !== 'object' || reply === null) throw nonsense();
  const { status = 200, headers = {}, body, text } = reply as Readonly<Record<string, unknown>>;
  const isStatus = typeof status === 'number' && Number.isInteger(status) && status >= 200 && status < 600;
  if (!isStatus || typeof headers !== 'object' || headers === null) throw nonsense();
  const texts = Object.entries(headers).filter(([name, value]) => isHeader(name) && typeof value === 'string');
  const named = Object.fromEntries(texts);
  return typeof text === 'string' ? new TextReply(status, text, named) : new Answer(status, body, named);
}

/** Headers that a plugin cannot set. */
const OURS: ReadonlySet<string> = new Set(['content-type', 'content-length', 'connection', 'transfer-encoding']);

function isHeader(name: string): boolean {
  return /^[\w-]+$/.test(name) && !OURS.has(name.toLowerCase()) && !name.toLowerCase().startsWith('access-control-');
}

function nonsense(): SovdError {
  return new SovdError({ code: 'x-medkit-plugin-error', message: 'Internal plugin error' });
}
