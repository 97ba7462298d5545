import { GatewayRefused } from '@medkit/client';
import { type FormEvent, type InputHTMLAttributes, type ReactNode, useId, useState } from 'react';
import { useIsLost } from '../live/live-stream.ts';
import { texts } from '../texts/texts.ts';

export interface Field extends InputHTMLAttributes<HTMLInputElement> {
  /** Name under which the value is sent. */
  readonly name: string;
  readonly label: string;
}

interface FieldFormProps {
  readonly title: string;
  readonly help?: ReactNode;
  readonly fields: readonly Field[];
  readonly action: string;
  /** User name for password managers if the form has no name field. */
  readonly user?: string;
  /** Sends the values. A thrown error is shown below the form, and the input remains. */
  readonly onSend: (values: Readonly<Record<string, string>>) => Promise<unknown>;
}

/** A form of text fields that password managers recognise. */
export function FieldForm({ title, help, fields, action, user, onSend }: FieldFormProps) {
  const id = useId();
  const [problem, setProblem] = useState('');
  const [isAtWork, setAtWork] = useState(false);
  const isLost = useIsLost();
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const typed = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
    setAtWork(true);
    setProblem('');
    try {
      await onSend(Object.fromEntries(typed));
      form.reset();
    } catch (error) {
      setProblem(error instanceof GatewayRefused ? error.message : texts.region.offline);
    } finally {
      setAtWork(false);
    }
  };
  return (
    <form className="card stack sign-in-form" aria-labelledby={id} onSubmit={(event) => void send(event)}>
      <h2 id={id}>{title}</h2>
      {help !== undefined && <p className="soft">{help}</p>}
      {user !== undefined && <input type="text" autoComplete="username" value={user} readOnly hidden />}
      {fields.map(({ label, ...input }) => (
        <label key={input.name} className="sign-in-field">
          {label}
          <input required spellCheck={false} autoCapitalize="none" {...input} />
        </label>
      ))}
      <p role="alert" className="sign-in-problem">
        {problem}
      </p>
      <button type="submit" className="button primary sign-in-action" disabled={isAtWork || isLost}>
        {action}
      </button>
    </form>
  );
}
