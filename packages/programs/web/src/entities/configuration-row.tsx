import type { EntityRef } from '@medkit/client';
import { type FormEvent, useId, useState } from 'react';
import { inputProblemText } from '../forms/input-problem-text.ts';
import { gateway, queries } from '../gateway/gateway.ts';
import { usePermission } from '../gateway/principal.ts';
import { useIsLost } from '../live/live-stream.ts';
import { Failure } from '../regions/failure.tsx';
import { useUnsaved } from '../routes/unsaved.ts';
import { texts } from '../texts/texts.ts';
import { unitByName } from '../values/data-units.ts';
import { ConfigurationInput } from './configuration-input.tsx';
import { firstValue } from './first-values.ts';
import { isHeld, LockConflict } from './lock-conflict.tsx';
import { isSame, type Parameter, parameterText, parseParameter } from './parameter-field.ts';

interface ConfigurationRowProps {
  readonly entity: EntityRef;
  readonly parameter: Parameter;
}

/** A parameter with its value, editable if allowed. Typed text remains until it is saved. */
export function ConfigurationRow({ entity, parameter }: ConfigurationRowProps) {
  const { id, name, value, description, range, constraints, read_only } = parameter;
  const [typed, setTyped] = useState<string>();
  // The value when the user began to type.
  const [seen, setSeen] = useState<unknown>(value);
  const [theirs, setTheirs] = useState<{ readonly value: unknown }>();
  const [error, setError] = useState<Error>();
  const [isAtWork, setAtWork] = useState(false);
  const [mayWrite, isLost] = [usePermission('configurations.write'), useIsLost()];
  const field = useId();
  useUnsaved(typed !== undefined);
  const first = firstValue(entity, parameter);
  const text = typed ?? parameterText(value);
  const parsed = typed === undefined ? undefined : parseParameter(parameter, typed);
  const problem = parsed && 'problem' in parsed ? parsed.problem : undefined;
  const isReadOnly = read_only === true || !mayWrite;

  /** Sends a change if there is one, then reloads the value. An earlier error remains until the change is made. */
  const change = async (send?: () => Promise<unknown>) => {
    setAtWork(true);
    try {
      await send?.();
      await queries.invalidateQueries({ queryKey: ['listConfigurations'] });
      setError(undefined);
      setTyped(undefined);
      setTheirs(undefined);
    } catch (failure) {
      setError(failure as Error);
    }
    setAtWork(false);
  };
  /** Returns whether another client has changed the value meanwhile. That value is shown before it is overwritten. */
  const isChangedMeanwhile = async (): Promise<boolean> => {
    try {
      const now = await gateway().call('getConfiguration', { entity, path: { config_id: id } });
      if (isSame(now.data, theirs ? theirs.value : seen)) return false;
      setTheirs({ value: now.data });
      setError(undefined);
      return true;
    } catch (failure) {
      setError(failure as Error);
      return true;
    }
  };
  const save = async () => {
    if (!parsed || 'problem' in parsed) return;
    setAtWork(true);
    if (await isChangedMeanwhile()) return setAtWork(false);
    await change(() =>
      gateway().call('setConfiguration', { entity, path: { config_id: id }, body: { data: parsed.value } }),
    );
  };
  const reset = () => change(() => gateway().call('deleteConfiguration', { entity, path: { config_id: id } }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save();
  };
  return (
    <li className="parameter">
      <form className="parameter-form" onSubmit={submit} noValidate>
        <label htmlFor={field} className="parameter-name">
          {name}
        </label>
        <div className="row parameter-value">
          <ConfigurationInput
            id={field}
            parameter={parameter}
            text={text}
            isReadOnly={isReadOnly}
            isWrong={problem !== undefined}
            onType={(next) => {
              if (typed === undefined) setSeen(value);
              setTyped(next === parameterText(value) ? undefined : next);
            }}
          />
          <span className="soft">
            {range && texts.entities.range(String(range.from ?? '…'), String(range.to ?? '…'))} {unitByName(name)}
          </span>
        </div>
        <div className="row parameter-actions">
          {read_only && <span className="chip">{texts.entities.readOnly}</span>}
          {!isReadOnly && (
            <>
              <button
                type="submit"
                className="button primary"
                disabled={typed === undefined || problem !== undefined || isAtWork || isLost}
                aria-label={texts.entities.saveOf(name)}
              >
                {texts.entities.save}
              </button>
              <button
                type="button"
                className="button"
                disabled={isAtWork || isLost}
                aria-label={texts.entities.resetOf(name)}
                onClick={() => void reset()}
              >
                {texts.entities.reset}
              </button>
            </>
          )}
        </div>
        <div className="parameter-about" id={`${field}-about`}>
          {problem && (
            <span role="alert" className="form-problem">
              {problem.is === 'no-list' ? texts.forms.list(problem.type) : inputProblemText(problem)}
            </span>
          )}
          {typed !== undefined && theirs && (
            <span role="status" className="row severity-1">
              {texts.entities.changedMeanwhile(parameterText(theirs.value))}
              <button type="button" className="button" onClick={() => void change()}>
                {texts.entities.takeTheirs}
              </button>
            </span>
          )}
          {!isSame(first, value) && (
            <span className="parameter-changed">{texts.entities.changedFrom(parameterText(first))}</span>
          )}
          <span className="soft">
            {description?.slice(0, 400)} {constraints && `(${constraints.slice(0, 400)})`}
          </span>
        </div>
      </form>
      {error && !isHeld(error) && <Failure error={error} />}
      {isHeld(error) && (
        <LockConflict
          entity={entity}
          collection="configurations"
          error={error}
          onRetry={save}
          onClose={() => setError(undefined)}
        />
      )}
    </li>
  );
}
