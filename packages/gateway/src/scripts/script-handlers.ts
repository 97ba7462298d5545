import { MAX_OUTPUT_CHARS, SovdError } from '@medkit/contract';
import type { ScriptExecutionPath, ScriptPath, ScriptService } from '@medkit/scripts';
import { Answer, done } from '../http/answer.ts';
import type { Exchange, Handlers } from '../http/exchange.ts';

type ScriptHandlers = Pick<Handlers, Extract<keyof Handlers, `${string}Script${string}`>>;

/** The handlers of scripts. The audit log records the digest of an executed script with the client. */
export function scriptHandlers(scripts: ScriptService): ScriptHandlers {
  return {
    listAllScripts: ({ query, call, visible }) => scripts.listAll(query['entity'], call(), visible),
    listScripts: ({ kind, entityId, call }) => scripts.list(kind, entityId, call()),
    uploadScript: async ({ kind, entityId, parts, call, note }) => {
      const { body, href } = await scripts.upload(kind, entityId, parts(), call).catch(notMultipart);
      note({ script: body.id, ...digestOf(body) });
      return new Answer(201, body, { Location: href });
    },
    getScript: (exchange) => scripts.get(scriptPath(exchange), exchange.call()),
    deleteScript: async (exchange) => {
      await scripts.remove(scriptPath(exchange), exchange.call());
      return done();
    },
    startScriptExecution: async (exchange) => {
      const { body, call, note } = exchange;
      // Already validated: a missing body is rejected.
      const started = await scripts.start(scriptPath(exchange), body!, call());
      note({ script: scriptPath(exchange).scriptId, execution: started.body.id, ...digestOf(started.body) });
      return new Answer(202, started.body, { Location: started.href });
    },
    listScriptExecutions: (exchange) => scripts.executions(scriptPath(exchange), exchange.call()),
    getScriptExecution: (exchange) =>
      scripts.execution(executionPath(exchange), exchange.call(), maxOutputIn(exchange.query)),
    controlScriptExecution: (exchange) => {
      const { body, call, note } = exchange;
      note({ action: body!.action.slice(0, MAX_NOTED_LENGTH) });
      return scripts.control(executionPath(exchange), body!, call());
    },
    removeScriptExecution: async (exchange) => {
      await scripts.removeExecution(executionPath(exchange), exchange.call());
      return done();
    },
  };
}

const MAX_NOTED_LENGTH = 64;

/** Throws `invalid-parameter`. */
function maxOutputIn({ max_output: text }: Exchange['query']): number | undefined {
  if (text === undefined) return undefined;
  const chars = Number(text);
  if (/^\d{1,7}$/.test(text) && chars <= MAX_OUTPUT_CHARS) return chars;
  const message = `max_output: expected a number of characters from 0 to ${MAX_OUTPUT_CHARS}`;
  throw new SovdError({ code: 'invalid-parameter', message, parameters: { parameter: 'max_output' } });
}

function scriptPath<Body>({ kind, entityId, path }: Exchange<Body>): ScriptPath {
  return { kind, entityId, scriptId: path['script_id'] ?? '' };
}

function executionPath<Body>(exchange: Exchange<Body>): ScriptExecutionPath {
  return { ...scriptPath(exchange), executionId: exchange.path['execution_id'] ?? '' };
}

function digestOf(body: { readonly 'x-medkit'?: { readonly sha256?: string | null } | null }): Record<string, string> {
  const sha256 = body['x-medkit']?.sha256;
  return sha256 ? { sha256 } : {};
}

/** For script uploads, clients of ros2_medkit expect 400 for a wrong content type. */
function notMultipart(error: unknown): never {
  if (error instanceof SovdError && error.status === 415) {
    throw new SovdError({ code: error.code, message: error.message, status: 400 });
  }
  throw error;
}
