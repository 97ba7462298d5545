import type { RosMessage, RosValue } from '@medkit/ros2/decode';
import { useState } from 'react';
import { countOf, elementsOf, membersOf } from './field-path.ts';
import { recordingTexts } from './texts.ts';
import { valueText } from './value-text.ts';

/** Members shown initially and added by each "more". */
const ELEMENTS = 50;

/** A message as a tree of fields. Nested fields are rendered when opened; lists are folded with their length. */
export function FieldTree({ message }: { readonly message: RosMessage }) {
  if (countOf(message) === 0) return <p className="soft">{recordingTexts.noFields}</p>;
  return <Fields of={message} />;
}

/** The first members of a value, with a button for more. */
function Fields({ of }: { readonly of: RosValue }) {
  const [most, setMost] = useState(ELEMENTS);
  const left = countOf(of) - most;
  return (
    <>
      <ul className="recording-fields">
        {membersOf(of, most).map(([name, value]) => (
          <li key={name}>
            <Field name={name} value={value} />
          </li>
        ))}
      </ul>
      {left > 0 && (
        <button type="button" className="button" onClick={() => setMost(most + ELEMENTS)}>
          {recordingTexts.moreElements(Math.min(ELEMENTS, left), left)}
        </button>
      )}
    </>
  );
}

function Field({ name, value }: { readonly name: string; readonly value: RosValue }) {
  const [isOpen, setOpen] = useState(false);
  if (typeof value !== 'object') {
    return (
      <span className="recording-field">
        <span className="soft">{name}</span> <span className="mono">{valueText(value)}</span>
      </span>
    );
  }
  const length = elementsOf(value)?.length;
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span className="soft">{name}</span>
        {length !== undefined && <span className="soft number"> [{length}]</span>}
      </summary>
      {isOpen && <Fields of={value} />}
    </details>
  );
}
