import { type FormEvent, useId, useMemo, useState } from 'react';
import { useUnsaved } from '../routes/unsaved.ts';
import { texts } from '../texts/texts.ts';
import { type Field, fieldOf, labelOf } from './field-of.ts';
import './forms.css';
import { inputProblemText } from './input-problem-text.ts';
import { pointerTo } from './json-pointer.ts';
import { type Draft, type InputProblem, parseForm } from './parse-input.ts';

interface SchemaFormProps {
  readonly schema: unknown;
  /** Label of the button. */
  readonly action: string;
  /** Reason why nothing can be sent; shown next to the button, which is then disabled. */
  readonly disabledReason?: string | undefined;
  readonly isAtWork?: boolean;
  /** True if the last submitted input was sent, so that leaving the page loses nothing. */
  readonly isSent: boolean;
  /** Called with the parsed value, without empty fields. */
  readonly onSend: (value: unknown) => void;
}

/** A form generated from a JSON Schema. Problems are shown at their inputs, and an invalid form is not sent. */
export function SchemaForm({ schema, action, disabledReason, isAtWork = false, isSent, onSend }: SchemaFormProps) {
  const field = useMemo(() => fieldOf(schema), [schema]);
  const [draft, setDraft] = useState<Draft>();
  const [submitted, setSubmitted] = useState<Draft>();
  const [problems, setProblems] = useState<ReadonlyMap<string, InputProblem>>(new Map());
  const reasonId = useId();
  useUnsaved(draft !== undefined && !(isSent && draft === submitted));
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const parsed = parseForm(field, draft);
    setProblems('problems' in parsed ? parsed.problems : new Map());
    setSubmitted(draft);
    if ('value' in parsed) return onSend(parsed.value);
    const form = event.currentTarget;
    requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  };
  return (
    <form className="stack form" onSubmit={send} noValidate>
      <FieldInput field={field} draft={draft} at="" problems={problems} onChange={setDraft} />
      <div className="row">
        <button
          type="submit"
          className="button primary"
          disabled={isAtWork || disabledReason !== undefined}
          {...(disabledReason !== undefined && { 'aria-describedby': reasonId })}
        >
          {action}
        </button>
        {disabledReason !== undefined && (
          <span id={reasonId} className="soft">
            {disabledReason}
          </span>
        )}
      </div>
    </form>
  );
}

interface FieldInputProps {
  readonly field: Field;
  readonly draft: Draft;
  /** JSON Pointer to the field. */
  readonly at: string;
  readonly problems: ReadonlyMap<string, InputProblem>;
  readonly onChange: (draft: Draft) => void;
}

function FieldInput(props: FieldInputProps) {
  const { field } = props;
  if (field.is === 'object') return <Members {...props} members={field.members} />;
  if (field.is === 'list') return <Items {...props} list={field} />;
  return <Input {...props} />;
}

function Members({
  field,
  draft,
  at,
  problems,
  onChange,
  members,
}: FieldInputProps & { readonly members: readonly Field[] }) {
  const drafts = Object(draft) as Readonly<Record<string, Draft>>;
  const inputs = members.map((member) => (
    <FieldInput
      key={member.name}
      field={member}
      draft={Object.hasOwn(drafts, member.name) ? drafts[member.name] : undefined}
      at={pointerTo(at, member.name)}
      problems={problems}
      onChange={(value) => onChange({ ...drafts, [member.name]: value })}
    />
  ));
  if (at === '')
    return members.length === 0 ? (
      <p className="soft">{texts.forms.nothing}</p>
    ) : (
      <div className="form-members">{inputs}</div>
    );
  return (
    <fieldset className="form-object">
      <legend>{labelOf(field)}</legend>
      {field.help && <p className="soft">{field.help}</p>}
      <div className="form-members">{inputs}</div>
    </fieldset>
  );
}

function Items({
  field,
  draft,
  at,
  problems,
  onChange,
  list,
}: FieldInputProps & { readonly list: Extract<Field, { is: 'list' }> }) {
  const items = Array.isArray(draft) ? (draft as readonly Draft[]) : [];
  return (
    <fieldset className="form-object">
      <legend>{labelOf(field)}</legend>
      {items.map((item, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: items have no identity other than their position.
        <div key={place} className="form-item">
          <FieldInput
            field={{ ...list.item, name: String(place) }}
            draft={item}
            at={pointerTo(at, String(place))}
            problems={problems}
            onChange={(value) => onChange(items.with(place, value))}
          />
          <button type="button" className="button" onClick={() => onChange(items.toSpliced(place, 1))}>
            {texts.forms.removeItem(place)}
          </button>
        </div>
      ))}
      <div>
        <button
          type="button"
          className="button"
          disabled={items.length >= list.most}
          onClick={() => onChange([...items, undefined])}
        >
          {texts.forms.addItem}
        </button>
      </div>
    </fieldset>
  );
}

function Input({ field, draft, at, problems, onChange }: FieldInputProps) {
  const id = useId();
  const problem = problems.get(at);
  const text = typeof draft === 'string' ? draft : '';
  const common = {
    id,
    value: text,
    'aria-invalid': problem !== undefined,
    ...((problem || field.help) && { 'aria-describedby': `${id}-about` }),
    onChange: (event: { readonly target: { readonly value: string } }) => onChange(event.target.value),
  };
  return (
    <div className={`form-field form-${field.is}`}>
      <label htmlFor={id}>{field.name === '' ? texts.forms.value : labelOf(field)}</label>
      <Control field={field} common={common} />
      {(problem || field.help) && (
        <span id={`${id}-about`} className={problem ? 'form-problem' : 'soft'} {...(problem && { role: 'alert' })}>
          {problem ? inputProblemText(problem) : field.help}
        </span>
      )}
    </div>
  );
}

interface ControlProps {
  readonly field: Field;
  readonly common: {
    readonly id: string;
    readonly value: string;
    readonly onChange: (event: { readonly target: { readonly value: string } }) => void;
  };
}

function Control({ field, common }: ControlProps) {
  if (field.is === 'json')
    return <textarea {...common} rows={2} spellCheck={false} className="mono" placeholder={texts.forms.json} />;
  if (field.is === 'flag' || field.is === 'choice') {
    const choices = field.is === 'flag' ? ['true', 'false'] : field.choices.map(String);
    return (
      <select {...common}>
        <option value="">{texts.forms.left}</option>
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {choice.slice(0, 80)}
          </option>
        ))}
      </select>
    );
  }
  const isNumber = field.is === 'number' || field.is === 'integer';
  return (
    <input
      {...common}
      autoComplete="off"
      spellCheck={false}
      placeholder={texts.forms.left}
      {...(isNumber && { inputMode: field.is === 'number' ? ('decimal' as const) : ('numeric' as const) })}
    />
  );
}
