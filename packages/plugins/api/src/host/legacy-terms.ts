import type {
  DataEntry,
  DataReading,
  DataWriteResult,
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
      return upgradeEach(answer, dataEntry);
    case 'data.read':
      return upgradeOne<DataReading>(answer, (current, ros2) => ({ ...typeOf(ros2), terms: { ros2 }, ...current }));
    case 'data.write':
      return upgradeOne<DataWriteResult>(answer, (current, ros2) => ({ terms: { ros2 }, ...current }));
    case 'operations.list':
      return upgradeEach(answer, operationEntry);
    case 'operations.invoke': {
      const { execution } = (answer ?? {}) as { readonly execution?: Execution & Legacy };
      return execution?.ros2 ? { execution: upgradeOne(execution, upgradeExecution) } : answer;
    }
    case 'operations.execution':
    case 'operations.control':
      return upgradeOne(answer, upgradeExecution);
    case 'lifecycle.status':
      return upgradeOne<LifecycleStatus>(answer, (current, ros2) => ({ terms: { ros2 }, ...current }));
    default:
      return answer;
  }
}

function dataEntry(current: DataEntry, ros2: JsonObject): DataEntry {
  const { topic, direction } = ros2 as { readonly topic: string; readonly direction: 'publish' };
  return { channel: { name: topic, direction, ...typeOf(ros2) }, terms: { ros2 }, ...current };
}

function operationEntry(current: OperationEntry, ros2: JsonObject): OperationEntry {
  return { shared: true, terms: { ros2 }, ...current };
}

function upgradeExecution(current: Execution, { status, ...ros2 }: JsonObject): Execution {
  return { terms: { ...(status !== undefined && { ros2_status: status }), ros2 }, ...current };
}

function typeOf({ type }: JsonObject): { readonly type?: string } {
  return typeof type === 'string' ? { type } : {};
}

type Upgrade<T> = (current: T, ros2: JsonObject) => T;

function upgradeOne<T>(answer: unknown, upgrade: Upgrade<T>): T {
  const { ros2, ...current } = (answer ?? {}) as Legacy;
  return ros2 ? upgrade(current as T, ros2) : (answer as T);
}

function upgradeEach<T>(answer: unknown, upgrade: Upgrade<T>): readonly T[] {
  const entries = answer as readonly (T & Legacy)[];
  return entries.some(({ ros2 }) => ros2) ? entries.map((entry) => upgradeOne(entry, upgrade)) : entries;
}
