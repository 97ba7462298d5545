import { SovdError } from '@medkit/contract';
import type { JsonValue } from '../json/json-object.ts';
import type {
  Execution,
  OperationEntry,
  OperationProvider,
  OperationRequest,
} from '../providers/operation-provider.ts';
import { lookupMember } from './lookup-member.ts';

/** An operation of a memory runtime. It returns an answer, or starts an execution that never ends by itself. */
export interface MemoryOperation extends Partial<Omit<OperationEntry, 'id' | 'asynchronous'>> {
  readonly answer?: (request: OperationRequest) => JsonValue;
}

/** Operations by native id, then by operation id. */
export type MemoryOperations = Readonly<Record<string, Readonly<Record<string, MemoryOperation>>>>;

/**
 * Creates an operation provider for tests. Executions have the ids `exec_1`, `exec_2`, … and fail when they are
 * stopped.
 */
export function memoryOperations(
  operations: MemoryOperations,
  onCall?: (nativeId: string) => Promise<void> | void,
): OperationProvider {
  const begun = new Map<string, Execution>();
  let count = 0;

  const operationOf = (nativeId: string, operationId: string): MemoryOperation => {
    const operation = lookupMember(operations[nativeId], operationId);
    if (!operation) throw new SovdError({ code: 'operation-not-found' });
    return operation;
  };
  const executionsOf = (nativeId: string, operationId: string): Execution[] => {
    operationOf(nativeId, operationId);
    const prefix = `${nativeId} ${operationId} `;
    return [...begun].filter(([key]) => key.startsWith(prefix)).map(([, execution]) => execution);
  };
  const executionOf = (nativeId: string, operationId: string, executionId: string): Execution => {
    const found = executionsOf(nativeId, operationId).find(({ id }) => id === executionId);
    if (!found) throw new SovdError({ code: 'resource-not-found', message: 'Execution not found' });
    return found;
  };

  return {
    list: async (nativeId) => {
      await onCall?.(nativeId);
      return Object.entries(operations[nativeId] ?? {}).map(([id, { answer, ...entry }]) => ({
        id,
        name: id.slice(id.lastIndexOf('/') + 1),
        asynchronous: answer === undefined,
        ...entry,
      }));
    },
    invoke: async (nativeId, operationId, request) => {
      await onCall?.(nativeId);
      const { answer } = operationOf(nativeId, operationId);
      if (answer) return { answer: answer(request) };
      const id = `exec_${++count}`;
      const execution: Execution = { id, status: 'running', capability: 'execute' };
      begun.set(`${nativeId} ${operationId} ${id}`, execution);
      return { execution };
    },
    executions: async (nativeId, operationId) =>
      executionsOf(nativeId, operationId)
        .map(({ id }) => id)
        .reverse(),
    execution: async (nativeId, operationId, executionId) => executionOf(nativeId, operationId, executionId),
    control: async (nativeId, operationId, executionId, capability) => {
      const execution = executionOf(nativeId, operationId, executionId);
      if (capability === 'execute') throw new SovdError({ code: 'precondition-not-fulfilled' });
      if (capability !== 'stop') throw new SovdError({ code: 'invalid-parameter', message: 'Unknown capability' });
      const stopped: Execution = { ...execution, status: 'failed', capability, error: 'It was stopped' };
      begun.set(`${nativeId} ${operationId} ${executionId}`, stopped);
      return stopped;
    },
  };
}
