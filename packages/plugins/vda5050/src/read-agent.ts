import { SovdError } from '@medkit/contract';
import { errorMessage, type JsonObject } from '@medkit/core';
import type { HttpClient, HttpReply } from '@medkit/edges';
import { PROTOCOL_VERSIONS, protocolOf } from '@medkit/vda5050';
import { fleetDocument } from './fleet-document.ts';

/** Maximum bytes of an answer of the agent: a state of the maximum size of a message. */
const MAX_REPLY_BYTES = 4 * 1024 * 1024;

/** Reads the health of an agent at its HTTP address, and the last state that it sent. */
export interface AgentReader {
  /** Returns whether the agent answers. */
  isReachable(timeoutMs: number): Promise<boolean>;
  /** Throws `SovdError` 503 if the agent does not answer, or not like an agent. */
  read(timeoutMs: number, signal: AbortSignal): Promise<JsonObject>;
}

export function agentReader(url: string, http: HttpClient): AgentReader {
  const base = url.replace(/\/+$/, '');
  const get = (page: string, timeoutMs: number, signal?: AbortSignal): Promise<HttpReply> =>
    http.send({
      method: 'GET',
      url: `${base}/${page}`,
      headers: {},
      timeoutMs,
      maxReplyBytes: MAX_REPLY_BYTES,
      ...(signal && { signal }),
    });

  return {
    isReachable: (timeoutMs) =>
      get('health', timeoutMs).then(
        ({ status }) => status === 200,
        () => false,
      ),
    async read(timeoutMs, signal) {
      try {
        const [health, state] = await Promise.all([get('health', timeoutMs, signal), get('state', timeoutMs, signal)]);
        return documentOf(health, state);
      } catch (error) {
        const message = `The VDA 5050 agent at ${base} cannot be read: ${errorMessage(error)}`;
        throw new SovdError({ code: 'service-unavailable', message });
      }
    },
  };
}

function documentOf(health: HttpReply, state: HttpReply): JsonObject {
  if (health.status !== 200) throw new Error(`HTTP ${health.status}`);
  const agent = JSON.parse(health.body) as JsonObject;
  const version = PROTOCOL_VERSIONS.find((each) => each === Object(Object(agent)['robot']).version);
  if (version === undefined) throw new Error('it is not the health of an agent');
  // 404 while the agent sends no states: its health says why.
  if (state.status !== 200) return fleetDocument(agent, undefined);
  return fleetDocument(agent, protocolOf(version).decodeState(Buffer.from(state.body)));
}
