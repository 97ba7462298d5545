import type { ExecutionPath, OperationPath, OperationService } from '@medkit/entities';
import { Answer, done } from '../http/answer.ts';
import type { Exchange, Handlers } from '../http/exchange.ts';

type OperationHandlers = Pick<
  Handlers,
  | 'listOperations'
  | 'getOperation'
  | 'listExecutions'
  | 'executeOperation'
  | 'getExecution'
  | 'updateExecution'
  | 'cancelExecution'
>;

/**
 * Additional time for a call beyond `service_call_timeout_sec`. The runtime times out first, so that it can report what
 * did not respond, and whether a cancellation succeeded.
 */
const LEEWAY_MS = 2000;

/** The handlers of operations and executions. */
export function operationHandlers(operations: OperationService, serviceCallTimeoutMs: number): OperationHandlers {
  const timeoutMs = serviceCallTimeoutMs + LEEWAY_MS;
  return {
    listOperations: ({ kind, entityId, call }) => operations.list(kind, entityId, call()),
    getOperation: (exchange) => operations.get(operationPath(exchange), exchange.call()),
    listExecutions: (exchange) => operations.executions(operationPath(exchange), exchange.call()),
    executeOperation: async (exchange) => {
      const { body, url, call } = exchange;
      const executed = await operations.execute(operationPath(exchange), body, call(timeoutMs));
      if (executed.is === 'done') return executed.result;
      const { execution } = executed;
      exchange.note({ execution: execution.id });
      return new Answer(202, execution, { Location: `${url.replace(/\/$/, '')}/${execution.id}` });
    },
    getExecution: (exchange) => operations.execution(executionPath(exchange), exchange.call()),
    updateExecution: async (exchange) => {
      const { body, url, call } = exchange;
      const capability = body?.capability ?? '';
      const execution = await operations.control(executionPath(exchange), capability, call(timeoutMs));
      exchange.note({ capability });
      return new Answer(202, execution, { Location: url });
    },
    cancelExecution: async (exchange) => {
      await operations.control(executionPath(exchange), 'stop', exchange.call(timeoutMs));
      return done();
    },
  };
}

function operationPath<Body>({ kind, entityId, path }: Exchange<Body>): OperationPath {
  return { kind, entityId, operationId: path['operation_id'] ?? '' };
}

function executionPath<Body>(exchange: Exchange<Body>): ExecutionPath {
  return { ...operationPath(exchange), executionId: exchange.path['execution_id'] ?? '' };
}
