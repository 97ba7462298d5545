import { type InputHTMLAttributes, useId } from 'react';

interface TextFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'id'> {
  readonly label: string;
  readonly value: string;
  readonly onType: (value: string) => void;
  /** Why the value cannot be sent. */
  readonly problem?: string | undefined;
  readonly help?: string | undefined;
}

/** An input with its label, and below it the problem of its value or a help text. */
export function TextField({ label, onType, problem, help, ...input }: TextFieldProps) {
  const id = useId();
  const text = problem ?? help;
  return (
    <div className="fleet-field">
      <label htmlFor={id}>{label}</label>
      <input
        {...input}
        id={id}
        aria-invalid={problem !== undefined}
        aria-describedby={text === undefined ? undefined : `${id}-text`}
        onChange={({ target }) => onType(target.value)}
      />
      {text !== undefined && (
        <span id={`${id}-text`} className={problem === undefined ? 'soft' : 'fleet-problem'}>
          {text}
        </span>
      )}
    </div>
  );
}
