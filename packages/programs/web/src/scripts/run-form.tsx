import type { ScriptMetadata } from '@medkit/contract';
import { useRef, useState } from 'react';
import { BeforeActing } from '../access/before-acting.tsx';
import { useDisabledReason } from '../access/use-disabled-reason.ts';
import { SchemaForm } from '../forms/schema-form.tsx';
import { gateway, refetchRoutes } from '../gateway/gateway.ts';
import { Confirm } from '../regions/confirm.tsx';
import { Region } from '../regions/region.tsx';
import { changeSearch } from '../routes/location.ts';
import { confinementOf, runParameters, runSchema, type ScriptEntity } from './script-facts.ts';
import { t } from './texts.ts';

interface RunFormProps {
  readonly entity: ScriptEntity;
  readonly script: ScriptMetadata;
}

/** Runs the script with parameters from a form, after a confirmation. The address then contains the run. */
export function RunForm({ entity, script }: RunFormProps) {
  const disabledReason = useDisabledReason(entity, 'scripts', 'scripts.run');
  // Stores the first schema: a different schema in a later reply would discard the typed input.
  const { schema, isDeclared } = useRef(runSchema(script, t.parametersHelp)).current;
  const [parameters, setParameters] = useState<{ readonly value: unknown }>();
  const [isSent, setSent] = useState(false);
  const start = async () => {
    const sent = runParameters(parameters?.value, isDeclared);
    const { id } = await gateway().call('startScriptExecution', {
      entity,
      path: { script_id: script.id },
      body: { execution_type: 'now', ...(sent !== undefined && { parameters: sent }) },
    });
    setSent(true);
    refetchRoutes(['listScriptExecutions', 'listAllExecutions']);
    changeSearch({ x: id }, { replace: false });
  };
  return (
    <Region title={t.run} className="script-form">
      <SchemaForm
        schema={schema}
        action={t.runNow}
        disabledReason={disabledReason}
        isSent={isSent}
        onSend={(value) => {
          setSent(false);
          setParameters({ value });
        }}
      />
      {parameters && (
        <Confirm
          title={t.runTitle(script.name, entity.id)}
          action={t.runAction}
          onConfirm={start}
          onClose={() => setParameters(undefined)}
        >
          <p>{effectOf(script['x-medkit']?.runner)}</p>
          <BeforeActing entity={entity} collection="scripts" />
        </Confirm>
      )}
    </Region>
  );
}

function effectOf(runner: string | null | undefined): string {
  switch (confinementOf(runner)) {
    case 'confined':
      return t.runConfined;
    case 'plugin':
      return t.runPlugin(runner ?? '');
    default:
      return t.runUnconfined;
  }
}
