import type { ScriptExecution, ScriptMetadata } from '@medkit/contract';
import { useState } from 'react';
import { useDisabledReason } from '../access/use-disabled-reason.ts';
import { gateway, refetchRoutes, useChange } from '../gateway/gateway.ts';
import { usePermission } from '../gateway/principal.ts';
import { Confirm } from '../regions/confirm.tsx';
import { Failure } from '../regions/failure.tsx';
import { changeSearch } from '../routes/location.ts';
import { isUnderWay } from './run-state.ts';
import type { ScriptEntity } from './script-facts.ts';
import { t } from './texts.ts';

interface RunActionsProps {
  readonly entity: ScriptEntity;
  readonly script: ScriptMetadata;
  readonly run: ScriptExecution;
}

const TOUCHED = ['getScriptExecution', 'listScriptExecutions', 'listAllExecutions'] as const;

/** Stops a running script, or removes the record of an ended run. Not offered to users who may not run scripts. */
export function RunActions({ entity, script, run }: RunActionsProps) {
  const [dialog, open] = useState<'force' | 'remove'>();
  const control = useChange('controlScriptExecution', { touches: TOUCHED });
  const mayRun = usePermission('scripts.run');
  const reason = useDisabledReason(entity, 'scripts', 'scripts.run');
  if (!mayRun) return null;
  const path = { script_id: script.id, execution_id: run.id };
  const force = () =>
    gateway()
      .call('controlScriptExecution', { entity, path, body: { action: 'forced_termination' } })
      .finally(() => refetchRoutes(TOUCHED));
  const remove = async () => {
    await gateway().call('removeScriptExecution', { entity, path });
    changeSearch({ x: undefined });
    refetchRoutes(['listScriptExecutions', 'listAllExecutions']);
  };
  const button = { type: 'button', disabled: reason !== undefined } as const;
  return (
    <div className="row">
      {reason && <span className="soft">{reason}</span>}
      {isUnderWay(run) ? (
        <>
          <button
            {...button}
            className="button"
            disabled={button.disabled || control.isPending}
            onClick={() => control.mutate({ entity, path, body: { action: 'stop' } })}
          >
            {control.isPending ? t.stopping : t.stop}
          </button>
          <button {...button} className="button danger" onClick={() => open('force')}>
            {t.forceStop}
          </button>
        </>
      ) : (
        <button {...button} className="button" onClick={() => open('remove')}>
          {t.remove}
        </button>
      )}
      {control.error && <Failure error={control.error} />}
      {dialog === 'force' && (
        <Confirm
          title={t.forceStopTitle(run.id, script.name)}
          action={t.forceStopNow}
          onConfirm={force}
          onClose={() => open(undefined)}
        >
          <p>{t.forceStopEffect}</p>
        </Confirm>
      )}
      {dialog === 'remove' && (
        <Confirm
          title={t.removeTitle(run.id, script.name)}
          action={t.removeNow}
          onConfirm={remove}
          onClose={() => open(undefined)}
        >
          <p>{t.removeEffect}</p>
        </Confirm>
      )}
    </div>
  );
}
