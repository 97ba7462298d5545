import { shortened } from '@medkit/contract/bounds';
import { stringifyJson } from '@medkit/core/json';
import { useState } from 'react';
import { texts } from '../../texts/texts.ts';
import { formatValue } from '../../values/format-value.ts';
import { type FindingSection, sectionsOf } from './finding-sections.ts';
import './findings.css';
import { t } from './texts.ts';

/** Maximum characters of a text in a cell, of the JSON, and maximum values of a list in a cell. */
const MAX_TEXT = 400;
const MAX_JSON = 50_000;
const MAX_LISTED = 20;
/** Tables with more columns list the members of each row below each other. */
const MAX_SIDE_BY_SIDE = 6;

/** A document of any shape: its values, its lists as tables, and its JSON on request. */
export function FindingView({ title, value }: { readonly title: string; readonly value: unknown }) {
  const { sections, more } = sectionsOf(value);
  const isEmpty = value === null || value === undefined || isEmptyObject(value);
  return (
    <>
      {sections.length === 0 && (
        <p className={isEmpty ? 'soft' : ''}>{isEmpty ? t.noValues : <Cell value={value} />}</p>
      )}
      {sections.map((section, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: names may be equal after shortening, and no part is moved.
        <Section key={at} title={title} section={section} />
      ))}
      {more > 0 && <p className="soft">{t.moreSections(more)}</p>}
      <Json value={value} />
    </>
  );
}

interface SectionProps {
  readonly title: string;
  readonly section: FindingSection;
}

function Section({ title, section }: SectionProps) {
  const name = section.path.map((part) => part || '""').join(' ▸ ');
  const label = name === '' ? title : `${title}: ${name}`;
  return (
    <div className="stack finding-section">
      {name !== '' && <h3 className="mono">{name}</h3>}
      {section.is === 'pairs' ? <Pairs label={label} rows={section.rows} /> : <List label={label} section={section} />}
      {section.is === 'table' && section.moreColumns > 0 && (
        <p className="soft">{t.moreColumns(section.moreColumns)}</p>
      )}
      {section.moreRows > 0 && <p className="soft">{t.moreRows(section.moreRows)}</p>}
    </div>
  );
}

interface PairsProps {
  readonly label: string;
  readonly rows: readonly (readonly [name: string, value: unknown])[];
}

function Pairs({ label, rows }: PairsProps) {
  return (
    <table className="finding-pairs" aria-label={label}>
      <tbody>
        {rows.map(([name, value], at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: names may be equal after shortening, and no row is moved.
          <tr key={at}>
            <th scope="row" className="mono">
              <span>{name || '""'}</span>
            </th>
            <td>
              <Cell value={value} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface ListProps {
  readonly label: string;
  readonly section: FindingSection & { readonly is: 'table' };
}

function List({ label, section: { columns, rows } }: ListProps) {
  const names = columns.map((column) => shortened(column, MAX_TEXT) || '""');
  return (
    <table
      className={`finding-list ${columns.length > MAX_SIDE_BY_SIDE ? 'finding-list-below' : ''}`}
      aria-label={label}
    >
      <thead>
        <tr>
          {columns.map((column, at) => (
            <th key={column} scope="col" className="mono">
              <span>{names[at]}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity; a document is replaced as a whole.
          <tr key={at}>
            {columns.map((column, index) => (
              <td key={column} data-name={names[index]}>
                <Cell value={Object.hasOwn(row, column) ? row[column] : undefined} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const isEmptyObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

function Cell({ value }: { readonly value: unknown }) {
  if (value === '' || isEmptyObject(value)) return <span className="soft">{t.empty}</span>;
  return <span className={typeof value === 'number' ? 'number' : ''}>{cellText(value)}</span>;
}

function cellText(value: unknown): string {
  if (typeof value === 'string') return shortened(value, MAX_TEXT);
  if (!Array.isArray(value)) return formatValue(value);
  const listed = value.slice(0, MAX_LISTED).map(formatValue).join(', ');
  return value.length > MAX_LISTED ? `${listed}, … ${texts.entities.moreParts(value.length - MAX_LISTED)}` : listed;
}

/** The document, rendered when the details are opened. */
function Json({ value }: { readonly value: unknown }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t.json}</summary>
      {isOpen && <JsonText text={stringifyJson(value)} />}
    </details>
  );
}

function JsonText({ text }: { readonly text: string }) {
  const more = text.length - MAX_JSON;
  return (
    <div className="stack">
      <pre className="finding-json">{shortened(text, MAX_JSON)}</pre>
      {more > 0 && <p className="soft">{t.moreText(more)}</p>}
    </div>
  );
}
