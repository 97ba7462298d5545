import { LIFETIMES } from './draft.ts';
import { type DraftProps, Field, Switch, TextInput } from './field.tsx';
import { t } from './texts.ts';

/** Where a new trigger reports to, and how long it exists. */
export function DeliveryFields(props: DraftProps) {
  const { draft, onChange } = props;
  return (
    <>
      <Switch
        label={t.reportTo}
        value={draft.to}
        options={[
          ['events', t.targets.events],
          ['webhook', t.targets.webhook],
        ]}
        onChoose={(to) => onChange({ to })}
      />
      {draft.to === 'events' ? (
        <p className="soft">{t.eventsHelp}</p>
      ) : (
        <div className="form-members">
          <TextInput {...props} name="url" label={t.url} hint={t.urlHint} type="url" className="trigger-full" />
          <TextInput
            {...props}
            name="secret"
            label={t.secret}
            help={t.secretHelp}
            type="password"
            className="trigger-wide"
          />
          <TextInput {...props} name="header" label={t.header} help={t.headerHelp} className="trigger-wide" />
        </div>
      )}
      <div className="form-members">
        <LifetimeField value={draft.lifetime} onChange={(lifetime) => onChange({ lifetime })} />
      </div>
      <label className="row trigger-check">
        <input
          type="checkbox"
          checked={draft.isPersistent}
          onChange={(event) => onChange({ isPersistent: event.target.checked })}
        />
        {t.persistent}
      </label>
      <label className="row trigger-check">
        <input
          type="checkbox"
          checked={draft.isLogged}
          onChange={(event) => onChange({ isLogged: event.target.checked })}
        />
        {t.logged}
      </label>
    </>
  );
}

interface LifetimeFieldProps {
  readonly value: string;
  /** Whether "no limit" is offered: an existing trigger cannot get it. */
  readonly isLimited?: boolean;
  readonly onChange: (lifetime: string) => void;
}

/** The lifetime of a trigger. */
export function LifetimeField({ value, isLimited = false, onChange }: LifetimeFieldProps) {
  return (
    <Field label={t.lifetime}>
      {(input) => (
        <select {...input} value={value} onChange={(event) => onChange(event.target.value)}>
          {LIFETIMES.filter((lifetime) => !isLimited || lifetime !== '').map((lifetime) => (
            <option key={lifetime} value={lifetime}>
              {t.lifetimes[lifetime]}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
