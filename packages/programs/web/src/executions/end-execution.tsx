import type { ExecutionSummary } from '@medkit/contract';
import { useState } from 'react';
import { BeforeActing } from '../access/before-acting.tsx';
import { gateway, refetchRoutes } from '../gateway/gateway.ts';
import { Confirm } from '../regions/confirm.tsx';
import { nameOf } from './execution-filter.ts';
import { t } from './texts.ts';

interface EndExecutionProps {
  readonly execution: ExecutionSummary;
  readonly onClose: () => void;
}

/** Asks before it cancels an operation, or stops a script. */
export function EndExecution({ execution, onClose }: EndExecutionProps) {
  const { entity_type: kind, entity_id: id } = execution;
  const [isForced, force] = useState(false);
  const isScript = execution.of === 'script';
  const name = nameOf(execution);
  const end = async (): Promise<void> => {
    await (isScript ? stopScript(execution, isForced) : cancelOperation(execution));
    refetchRoutes(['listAllExecutions', 'getExecution', 'listScriptExecutions', 'getScriptExecution']);
  };
  return (
    <Confirm
      title={(isScript ? t.stopOf : t.cancelOf)(name, id)}
      action={isScript ? t.stopNow : t.cancelNow}
      onConfirm={end}
      onClose={onClose}
    >
      <BeforeActing entity={{ kind, id }} collection={isScript ? 'scripts' : 'operations'} />
      <p>{isScript ? t.stopEffect : t.cancelEffect}</p>
      {isScript && (
        <label className="row">
          <input type="checkbox" checked={isForced} onChange={() => force(!isForced)} />
          {t.force}
        </label>
      )}
    </Confirm>
  );
}

async function cancelOperation({ entity_type: kind, entity_id, operation_id, id }: ExecutionSummary): Promise<void> {
  const path = { operation_id: operation_id ?? '', execution_id: id };
  await gateway().call('cancelExecution', { entity: { kind, id: entity_id }, path });
}

async function stopScript(
  { entity_type: kind, entity_id, script_id, id }: ExecutionSummary,
  isForced: boolean,
): Promise<void> {
  // Areas and functions have no scripts.
  if (kind !== 'app' && kind !== 'component') return;
  const path = { script_id: script_id ?? '', execution_id: id };
  const body = { action: isForced ? 'forced_termination' : 'stop' } as const;
  await gateway().call('controlScriptExecution', { entity: { kind, id: entity_id }, path, body });
}
