import type { RosMessage, RosValue } from '@medkit/ros2/decode';
import { useState } from 'react';
import { texts } from '../texts/texts.ts';
import { elementsOf, fieldsOf, type NamedField } from './field-path.ts';
import { valueText } from './value-text.ts';

/** So many elements of a list are shown, and so many more each time somebody asks. */
const ELEMENTS = 50;

/** A message as its fields. What is nested is made when it is opened; lists are folded with their length. */
export function FieldTree({ message }: { readonly message: RosMessage }) {
  const fields = fieldsOf(message);
  if (fields.length === 0) return <p className="soft">{texts.recordings.noFields}</p>;
  return <Fields fields={fields} />;
}

function Fields({ fields }: { readonly fields: readonly NamedField[] }) {
  return (
    <ul className="recording-fields">
      {fields.map(([name, value]) => (
        <li key={name}>
          <Field name={name} value={value} />
        </li>
      ))}
    </ul>
  );
}

function Field({ name, value }: { readonly name: string; readonly value: RosValue }) {
  const [isOpen, setOpen] = useState(false);
  const [most, setMost] = useState(ELEMENTS);
  const list = elementsOf(value);
  if (typeof value !== 'object') {
    return (
      <span className="recording-field">
        <span className="soft">{name}</span> <span className="mono">{valueText(value)}</span>
      </span>
    );
  }
  const length = list?.length;
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span className="soft">{name}</span>
        {length !== undefined && <span className="soft number"> [{length}]</span>}
      </summary>
      {isOpen && <Fields fields={list ? elementFields(list, most) : fieldsOf(value)} />}
      {isOpen && length !== undefined && length > most && (
        <button type="button" className="button" onClick={() => setMost(most + ELEMENTS)}>
          {texts.recordings.moreElements(Math.min(ELEMENTS, length - most), length - most)}
        </button>
      )}
    </details>
  );
}

function elementFields(list: ArrayLike<RosValue>, most: number): readonly NamedField[] {
  return Array.from({ length: Math.min(list.length, most) }, (_, place) => [String(place), list[place]!] as const);
}
