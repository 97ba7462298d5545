import { type RefObject, useState } from 'react';
import { pointerTo } from '../forms/json-pointer.ts';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { unitOfMember } from '../values/data-units.ts';
import './value-tree.css';
import { formatValue, valueAt } from '../values/format-value.ts';

/** Elements that show leaf values, by JSON Pointer. */
export type Leaves = Map<string, HTMLElement>;

/** Maximum members rendered of an array or object, and maximum depth. */
const MAX_PARTS = 100;
const MAX_DEPTH = 12;
/** Objects up to this depth are open initially; arrays are folded. */
const OPEN_DEPTH = 3;

/** Writes a value into a tree that was rendered from a value of the same shape. */
export function paintTree(leaves: Leaves, value: unknown): void {
  for (const [at, element] of leaves) {
    const text = formatValue(valueAt(value, at));
    if (element.textContent !== text) element.textContent = text;
  }
}

interface ValueTreeProps {
  /** A value with the shape to render. */
  readonly value: unknown;
  readonly leaves: RefObject<Leaves>;
  readonly type: string | undefined;
  /** Key of the followed value, `apps/x/data/y`. */
  readonly watch: string;
  readonly at?: string;
  readonly depth?: number;
}

/** The structure of a value: objects open, arrays folded with their length. `paintTree` fills in the leaf values. */
export function ValueTree({ value, leaves, type, watch, at = '', depth = 0 }: ValueTreeProps) {
  const parts = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (parts.length === 0 || depth >= MAX_DEPTH) return null;
  return (
    <ul className="value-tree">
      {parts.slice(0, MAX_PARTS).map(([name, part]) => {
        const place = pointerTo(at, name);
        const props = { name, value: part, leaves, type, watch, at: place, depth };
        return (
          <li key={name}>{typeof part === 'object' && part !== null ? <Branch {...props} /> : <Leaf {...props} />}</li>
        );
      })}
      {parts.length > MAX_PARTS && <li className="soft">{texts.entities.moreParts(parts.length - MAX_PARTS)}</li>}
    </ul>
  );
}

type PartProps = Required<ValueTreeProps> & { readonly name: string };

function Branch({ name, value, leaves, type, watch, at, depth }: PartProps) {
  const isArray = Array.isArray(value);
  const [isOpen, setOpen] = useState(!isArray && depth < OPEN_DEPTH);
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span className="value-name">{name}</span>{' '}
        {isArray && <Painted leaves={leaves} at={at} first={value} className="soft number" />}
      </summary>
      {isOpen && <ValueTree value={value} leaves={leaves} type={type} watch={watch} at={at} depth={depth + 1} />}
    </details>
  );
}

function Leaf({ name, value, leaves, type, watch, at }: PartProps) {
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  const unit = isNumber ? unitOfMember(type, watch, at) : undefined;
  return (
    <span className="value-leaf">
      {isNumber ? (
        <Link
          className="value-name"
          to={addressOf('plot', {}, { s: `${watch}:${at}` })}
          title={texts.entities.plotItem(name)}
        >
          {name}
        </Link>
      ) : (
        <span className="value-name">{name}</span>
      )}{' '}
      <Painted leaves={leaves} at={at} first={value} className="number" />
      {unit && <span className="soft"> {unit}</span>}
    </span>
  );
}

interface PaintedProps {
  readonly leaves: RefObject<Leaves>;
  readonly at: string;
  readonly first: unknown;
  readonly className: string;
}

function Painted({ leaves, at, first, className }: PaintedProps) {
  return (
    <span
      className={className}
      ref={(element) => {
        if (!element) return undefined;
        if (element.textContent === '') element.textContent = formatValue(first);
        leaves.current.set(at, element);
        return () => void leaves.current.delete(at);
      }}
    />
  );
}
