import { useRef } from 'react';
import { formatValue } from '../values/format-value.ts';
import { useLiveValue } from './use-live-value.ts';

interface LiveCellsProps {
  /** Key of the value to follow, `apps/x/data/y`; `undefined` while the cells are not visible. */
  readonly watch: string | undefined;
  readonly unit: string | undefined;
  /** The member of the message that is shown, if not the whole message. */
  readonly member: string | undefined;
}

/** Two table cells: the current value and its age. */
export function LiveCells({ watch, unit, member }: LiveCellsProps) {
  const value = useRef<HTMLTableCellElement>(null);
  const age = useRef<HTMLTableCellElement>(null);
  useLiveValue(watch, (standing) => {
    if (!value.current || !age.current) return;
    const text = standing.hasValue ? formatValue(standing.value) : '–';
    const isNumber = typeof standing.value === 'number' || typeof standing.value === 'bigint';
    const prefix = standing.hasValue && member ? `${member} ` : '';
    value.current.textContent = `${prefix}${text}${isNumber && unit ? ` ${unit}` : ''}`;
    value.current.classList.toggle('number', isNumber);
    age.current.textContent = standing.age;
    for (const cell of [value.current, age.current]) cell.classList.toggle('stale', standing.isStale);
  });
  return (
    <>
      <td ref={value} className="number entity-value">
        –
      </td>
      <td ref={age} className="number soft entity-age" />
    </>
  );
}
