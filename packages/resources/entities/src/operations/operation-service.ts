import {
  type EntityKind,
  type ExecutionCreateAsync,
  type ExecutionCreateRequest,
  KIND_TERMS,
  type OperationDetail,
  type OperationExecution,
  type OperationExecutionList,
  type OperationExecutionResult,
  type OperationList,
} from '@medkit/contract';
import type { CallContext, Entity, Execution, Model } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { entityOf } from '../discovery/lookup.ts';
import { LIST, totalFailure } from '../members/ask.ts';
import { errorsWith, withParameters } from '../members/error-parameters.ts';
import { isAggregate, ownersOf } from '../members/owners.ts';
import { executionBody, executionResult } from './execution-body.ts';
import type { NamedOperation } from './named-operations.ts';
import { operationItem, operationList } from './operation-item.ts';
import { gatherOperations, type OperationOwner } from './operation-owner.ts';
import { operationTarget } from './operation-target.ts';
import { operationRequestOf } from './request-body.ts';

/** Result of a request to execute an operation: it completed, or it has begun. */
export type Executed =
  | { readonly is: 'done'; readonly result: OperationExecutionResult }
  | { readonly is: 'begun'; readonly execution: ExecutionCreateAsync };

/** An operation of an entity, from the path of a request. */
export interface OperationPath {
  readonly kind: EntityKind;
  readonly entityId: string;
  /**
   * Percent-decoded: an id of the list, a full name with or without its leading slash, or either with `member:` in
   * front.
   */
  readonly operationId: string;
}

export interface ExecutionPath extends OperationPath {
  readonly executionId: string;
}

/** The operations of entities of any runtime and their executions. Every call throws `SovdError`. */
export interface OperationService {
  list(kind: EntityKind, entityId: string, call: CallContext): Promise<OperationList>;
  get(path: OperationPath, call: CallContext): Promise<OperationDetail>;
  execute(path: OperationPath, body: ExecutionCreateRequest | undefined, call: CallContext): Promise<Executed>;
  executions(path: OperationPath, call: CallContext): Promise<OperationExecutionList>;
  execution(path: ExecutionPath, call: CallContext): Promise<OperationExecution>;
  /** `capability` is `stop` or another capability of ISO 17978-3. Returns the execution after the action. */
  control(path: ExecutionPath, capability: string, call: CallContext): Promise<OperationExecution>;
}

export interface OperationServiceOptions {
  readonly model: Model;
  readonly clock: Clock;
}

/** Creates the operation service of a gateway. */
export function createOperationService({ model, clock }: OperationServiceOptions): OperationService {
  const withTarget = async <T>(
    { kind, entityId, operationId }: OperationPath,
    call: CallContext,
    work: (target: NamedOperation, entity: Entity) => Promise<T>,
  ): Promise<T> => {
    const entity = entityOf(model.tree, kind, entityId);
    return errorsWith({ entity_id: entity.id, operation_id: operationId }, async () =>
      work(await operationTarget({ model, clock, entity, operationId, call }), entity),
    );
  };

  const withExecution = (
    path: ExecutionPath,
    call: CallContext,
    work: (owner: OperationOwner, operationId: string) => Promise<Execution>,
  ): Promise<OperationExecution> =>
    withTarget(path, call, ({ entry, owners: [owner] }) =>
      errorsWith({ execution_id: path.executionId }, async () => executionBody(await work(owner, entry.id))),
    );

  return {
    list: async (kind, entityId, call) => {
      const { tree } = model;
      const entity = entityOf(tree, kind, entityId);
      const owners = ownersOf(model, entity, 'operations');
      const gathered = await gatherOperations({ owners, clock, call, budget: LIST });
      const mute = totalFailure(gathered, owners);
      if (mute) throw withParameters(mute.error, { entity_id: entity.id });
      return operationList(entity, gathered, isAggregate(tree, entity));
    },
    get: (path, call) =>
      withTarget(path, call, async (target, entity) => ({
        item: operationItem(entity, { ...target, id: path.operationId }, isAggregate(model.tree, entity)),
      })),
    execute: async (path, body, call) => {
      return withTarget(path, call, ({ entry, owners: [{ provider, nativeId }] }) =>
        errorsWith({ [KIND_TERMS[path.kind].param]: path.entityId }, async () => {
          const invoked = await provider.invoke(nativeId, entry.id, operationRequestOf(body, entry), call);
          if ('answer' in invoked) return { is: 'done', result: executionResult(invoked.answer) };
          const { id, status } = invoked.execution;
          return { is: 'begun', execution: { id, status } };
        }),
      );
    },
    executions: (path, call) =>
      withTarget(path, call, async ({ entry, owners: [{ provider, nativeId }] }) => {
        const ids = await provider.executions(nativeId, entry.id, call);
        return { items: ids.map((id) => ({ id })) };
      }),
    execution: (path, call) =>
      withExecution(path, call, ({ provider, nativeId }, operationId) =>
        provider.execution(nativeId, operationId, path.executionId, call),
      ),
    control: (path, capability, call) =>
      withExecution(path, call, ({ provider, nativeId }, operationId) =>
        provider.control(nativeId, operationId, path.executionId, capability, call),
      ),
  };
}
