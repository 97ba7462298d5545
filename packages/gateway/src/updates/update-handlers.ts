import type { UpdateExecuteRequest } from '@medkit/contract';
import type { UpdateMetadata } from '@medkit/core';
import { type UpdateAction, type UpdateService, updateHref } from '@medkit/updates';
import { Answer, done } from '../http/answer.ts';
import type { Exchange, Handlers } from '../http/exchange.ts';
import { receivePart } from './artifact-part.ts';

type UpdateHandlers = Pick<
  Handlers,
  Extract<keyof Handlers, `${string}Update` | 'listUpdates' | 'getUpdateStatus' | 'uploadUpdateArtifact'>
>;

/** The handlers of software updates. The audit log records version and digest of an installed update. */
export function updateHandlers(updates: UpdateService): UpdateHandlers {
  const begin =
    (action: UpdateAction) =>
    async (exchange: Exchange & { readonly body?: UpdateExecuteRequest | undefined }): Promise<Answer<never>> => {
      const confirmWithinSec = exchange.body?.['x-medkit']?.confirm_within_sec;
      const options = typeof confirmWithinSec !== 'number' ? {} : { confirmWithinMs: confirmWithinSec * 1000 };
      const update = await updates.begin(idOf(exchange), action, exchange.call(), options);
      exchange.note(notesOf(update));
      return done({ Location: `${updateHref(update.id)}/status` });
    };
  return {
    listUpdates: ({ query, call }) => updates.list(query, call()),
    registerUpdate: async ({ body, call, note }) => {
      // Already validated: a missing body is rejected.
      const registered = await updates.register(body!, call());
      note({ update: registered.id, ...notesOf(body as UpdateMetadata) });
      return new Answer(201, registered, { Location: updateHref(registered.id) });
    },
    getUpdate: (exchange) => updates.get(idOf(exchange), exchange.call()),
    getUpdateStatus: (exchange) => updates.status(idOf(exchange), exchange.call()),
    deleteUpdate: async (exchange) => {
      await updates.remove(idOf(exchange), exchange.call());
      return done();
    },
    prepareUpdate: begin('prepare'),
    executeUpdate: begin('execute'),
    automateUpdate: begin('automated'),
    rollBackUpdate: begin('rollBack'),
    uploadUpdateArtifact: (exchange) => {
      const id = idOf(exchange);
      return receivePart(exchange, { update: id }, (part) => updates.receive(id, part));
    },
    confirmUpdate: async (exchange) => {
      await updates.confirm(idOf(exchange), exchange.call());
      return done();
    },
  };
}

function idOf({ path }: Pick<Exchange, 'path'>): string {
  return path['update_id'] ?? '';
}

function notesOf({ version, 'x-medkit': where }: UpdateMetadata): Readonly<Record<string, string>> {
  const { sha256 } = (where ?? {}) as { readonly sha256?: unknown };
  return {
    ...(typeof version === 'string' && { version }),
    ...(typeof sha256 === 'string' && { sha256 }),
  };
}
