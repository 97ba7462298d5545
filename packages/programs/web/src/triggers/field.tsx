import { type ReactNode, useId } from 'react';
import '../forms/forms.css';
import type { Draft, DraftProblem, DraftProblems } from './draft.ts';
import { t } from './texts.ts';

/** Properties that connect an input with its label and its problem. */
export interface InputProps {
  readonly id: string;
  readonly 'aria-invalid': boolean;
  readonly 'aria-describedby'?: string;
}

interface FieldProps {
  readonly label: string;
  readonly help?: string;
  readonly problem?: DraftProblem | undefined;
  readonly className?: string;
  readonly children: (props: InputProps) => ReactNode;
}

/** An input with its label above and its help or problem below. */
export function Field({ label, help, problem, className = '', children }: FieldProps) {
  const id = useId();
  const hasAbout = problem !== undefined || help !== undefined;
  return (
    <div className={`form-field ${className}`}>
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        'aria-invalid': problem !== undefined,
        ...(hasAbout && { 'aria-describedby': `${id}-about` }),
      })}
      {hasAbout && (
        <span id={`${id}-about`} className={problem ? 'form-problem' : 'soft'} {...(problem && { role: 'alert' })}>
          {problem ? t.problems[problem] : help}
        </span>
      )}
    </div>
  );
}

/** Fields of a draft whose values are texts that a user types. */
type TextField = 'lower' | 'upper' | 'target' | 'url' | 'secret' | 'header' | 'threshold' | 'code';

/** What a part of the form needs to show and change a draft. */
export interface DraftProps {
  readonly draft: Draft;
  readonly problems: DraftProblems;
  readonly onChange: (changes: Partial<Draft>) => void;
}

interface TextInputProps extends DraftProps {
  readonly name: TextField;
  readonly label: string;
  readonly help?: string;
  readonly hint?: string;
  readonly type?: 'text' | 'url' | 'password';
  readonly isNumber?: boolean;
  readonly className?: string;
  /** Values to choose from; others can be typed. */
  readonly offered?: readonly string[];
}

/** A text field of a draft. */
export function TextInput(props: TextInputProps) {
  const {
    name,
    label,
    help,
    hint,
    type = 'text',
    isNumber = false,
    className,
    offered,
    draft,
    problems,
    onChange,
  } = props;
  const listId = useId();
  return (
    <Field
      label={label}
      problem={problems.get(name)}
      {...(help !== undefined && { help })}
      {...(className !== undefined && { className })}
    >
      {(input) => (
        <>
          <input
            {...input}
            type={type}
            value={draft[name]}
            autoComplete={type === 'password' ? 'new-password' : 'off'}
            spellCheck={false}
            {...(hint !== undefined && { placeholder: hint })}
            {...(isNumber && { inputMode: 'decimal' as const })}
            {...(offered !== undefined && offered.length > 0 && { list: listId })}
            onChange={(event) => onChange({ [name]: event.target.value })}
          />
          {offered !== undefined && offered.length > 0 && (
            <datalist id={listId}>
              {offered.map((value) => (
                <option key={value} value={value} />
              ))}
            </datalist>
          )}
        </>
      )}
    </Field>
  );
}

interface SwitchProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (readonly [value: Value, text: string])[];
  readonly onChoose: (value: Value) => void;
}

/** A choice between two or three options that are all visible. */
export function Switch<Value extends string>({ label, value, options, onChoose }: SwitchProps<Value>) {
  const name = useId();
  return (
    <fieldset className="trigger-switch">
      <legend>{label}</legend>
      {options.map(([option, text]) => (
        <label key={option}>
          <input type="radio" name={name} checked={option === value} onChange={() => onChoose(option)} />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}
