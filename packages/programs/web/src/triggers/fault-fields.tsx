import { OPERATORS, SEVERITIES } from './draft.ts';
import { type DraftProps, Field, TextInput } from './field.tsx';
import { t } from './texts.ts';

/** The threshold of a new fault rule. */
export function ThresholdFields({ unit, ...props }: DraftProps & { readonly unit: string | undefined }) {
  const { draft, onChange } = props;
  return (
    <div className="form-members">
      <Field label={t.raises} className="trigger-wide">
        {(input) => (
          <select
            {...input}
            value={draft.operator}
            onChange={(event) =>
              onChange({ operator: OPERATORS.find((operator) => operator === event.target.value) ?? draft.operator })
            }
          >
            {OPERATORS.map((operator) => (
              <option key={operator} value={operator}>
                {`${t.operators[operator]} (${operator})`}
              </option>
            ))}
          </select>
        )}
      </Field>
      <TextInput {...props} name="threshold" label={unit ? `${t.threshold} (${unit})` : t.threshold} isNumber />
    </div>
  );
}

/** The fault that a new rule raises. */
export function FaultFields(props: DraftProps) {
  const { draft, onChange } = props;
  return (
    <div className="form-members">
      <TextInput {...props} name="code" label={t.code} help={t.codeHelp} hint="BATTERY_LOW" className="trigger-wide" />
      <Field label={t.severity}>
        {(input) => (
          <select
            {...input}
            value={draft.severity}
            onChange={(event) =>
              onChange({ severity: SEVERITIES.find((severity) => severity === event.target.value) ?? draft.severity })
            }
          >
            {SEVERITIES.map((severity) => (
              <option key={severity} value={severity}>
                {t.severities[severity]}
              </option>
            ))}
          </select>
        )}
      </Field>
    </div>
  );
}
