import type {
  DataEntry,
  DataReading,
  DataWritten,
  Execution,
  JsonObject,
  LifecycleStatus,
  OperationEntry,
} from '@medkit/core';

/** The member `ros2` of early plugins of API version 1, which was replaced by `terms`. */
interface Legacy {
  readonly ros2?: JsonObject;
}

/**
 * Converts an answer of a plugin's provider by replacing `ros2` with `terms`. Returns an answer without `ros2`
 * unchanged.
 */
export function upgradeTerms(provider: string, method: string, answer: unknown): unknown {
  switch (`${provider}.${method}`) {
    case 'data.list':
      return each(answer, dataEntry);
    case 'data.read':
      return one<DataReading>(answer, (told, ros2) => ({ ...typeOf(ros2), terms: { ros2 }, ...told }));
    case 'data.write':
      return one<DataWritten>(answer, (told, ros2) => ({ terms: { ros2 }, ...told }));
    case 'operations.list':
      return each(answer, operationEntry);
    case 'operations.invoke': {
      const { execution } = (answer ?? {}) as { readonly execution?: Execution & Legacy };
      return execution?.ros2 ? { execution: one(execution, upgradeExecution) } : answer;
    }
    case 'operations.execution':
    case 'operations.control':
      return one(answer, upgradeExecution);
    case 'lifecycle.status':
      return one<LifecycleStatus>(answer, (told, ros2) => ({ terms: { ros2 }, ...told }));
    default:
      return answer;
  }
}

function dataEntry(told: DataEntry, ros2: JsonObject): DataEntry {
  const { topic, direction } = ros2 as { readonly topic: string; readonly direction: 'publish' };
  return { channel: { name: topic, direction, ...typeOf(ros2) }, terms: { ros2 }, ...told };
}

function operationEntry(told: OperationEntry, ros2: JsonObject): OperationEntry {
  return { shared: true, terms: { ros2 }, ...told };
}

function upgradeExecution(told: Execution, { status, ...ros2 }: JsonObject): Execution {
  return { terms: { ...(status !== undefined && { ros2_status: status }), ros2 }, ...told };
}

function typeOf({ type }: JsonObject): { readonly type?: string } {
  return typeof type === 'string' ? { type } : {};
}

type Present<T> = (told: T, ros2: JsonObject) => T;

function one<T>(answer: unknown, present: Present<T>): T {
  const { ros2, ...told } = (answer ?? {}) as Legacy;
  return ros2 ? present(told as T, ros2) : (answer as T);
}

function each<T>(answer: unknown, present: Present<T>): readonly T[] {
  const entries = answer as readonly (T & Legacy)[];
  return entries.some(({ ros2 }) => ros2) ? entries.map((entry) => one(entry, present)) : entries;
}
