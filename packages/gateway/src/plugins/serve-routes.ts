import { KIND_WORDS, SovdError } from '@medkit/contract';
import { isLocal, type JsonValue, type Model } from '@medkit/core';
import { entityOf, notServed } from '@medkit/services';
import { Answer } from '../http/answer.ts';
import type { Exchange } from '../http/exchange.ts';
import { TextReply } from '../http/text-reply.ts';
import type { AdmittedRoute } from './admit-routes.ts';

/**
 * Handles requests for one route of a plugin: the entity in its path is there and of this gateway, and what comes back is a
 * reply. Of an entity that only other gateways tell of, theirs may have such a route, and nobody answers in their place.
 */
export function pluginHandler({ route, handle }: AdmittedRoute, model: Pick<Model, 'tree'>) {
  return async ({ path, query, body, entityId, call }: Exchange): Promise<Answer<unknown> | TextReply> => {
    const named = namedEntity(route, model, entityId);
    const reply: unknown = await handle({ path: { ...path, ...named }, query, body: body as JsonValue }, call());
    return answerOf(reply);
  };
}

/** The entity that a request is about, by its id in the tree; nothing for a route about none. */
function namedEntity({ kind, path }: AdmittedRoute['route'], { tree }: Pick<Model, 'tree'>, entityId: string) {
  if (!kind) return {};
  const entity = entityOf(tree, kind, entityId);
  const [, , , collection = 'resources'] = path.split('/');
  if (!isLocal(entity)) throw notServed(entity, collection);
  return { [KIND_WORDS[kind].param]: entity.id };
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

/** How a reply is sent is not for a plugin to say. */
const OURS: ReadonlySet<string> = new Set(['content-type', 'content-length', 'connection', 'transfer-encoding']);

function isHeader(name: string): boolean {
  return /^[\w-]+$/.test(name) && !OURS.has(name.toLowerCase()) && !name.toLowerCase().startsWith('access-control-');
}

function nonsense(): SovdError {
  return new SovdError({ code: 'x-medkit-plugin-error', message: 'Internal plugin error' });
}
