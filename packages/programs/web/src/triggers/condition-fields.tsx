import { conditionTypesOf, type Target, targetsOf } from './draft.ts';
import { type DraftProps, Field, Switch, TextInput } from './field.tsx';
import { t } from './texts.ts';

interface ConditionFieldsProps extends DraftProps {
  readonly target: Target | undefined;
  /** Unit of the observed value. */
  readonly unit: string | undefined;
}

/** The condition of a new trigger with its parameters, and whether it fires once or every time. */
export function ConditionFields({ target, unit, ...props }: ConditionFieldsProps) {
  const { draft, onChange } = props;
  const types = conditionTypesOf(target?.collection ?? 'data');
  const withUnit = (label: string) => (unit ? `${label} (${unit})` : label);
  return (
    <>
      <div className="form-members">
        <Field label={t.fires} className="trigger-wide">
          {(input) => (
            <select
              {...input}
              value={draft.type}
              onChange={(event) => onChange({ type: types.find((type) => type === event.target.value) ?? draft.type })}
            >
              {types.map((type) => (
                <option key={type} value={type}>
                  {t.conditionTypes[type]}
                </option>
              ))}
            </select>
          )}
        </Field>
        {(draft.type === 'EnterRange' || draft.type === 'LeaveRange') && (
          <>
            <TextInput {...props} name="lower" label={withUnit(t.lower)} isNumber />
            <TextInput {...props} name="upper" label={withUnit(t.upper)} isNumber />
          </>
        )}
        {draft.type === 'OnChangeTo' && (
          <TextInput
            {...props}
            name="target"
            label={t.becomes}
            help={t.becomesHelp}
            className="trigger-wide"
            offered={target ? targetsOf(target.collection, target.path) : []}
          />
        )}
      </div>
      <Switch
        label={t.repeat}
        value={draft.isRepeated ? 'each' : 'once'}
        options={[
          ['each', t.repeats.each],
          ['once', t.repeats.once],
        ]}
        onChoose={(chosen) => onChange({ isRepeated: chosen === 'each' })}
      />
    </>
  );
}
