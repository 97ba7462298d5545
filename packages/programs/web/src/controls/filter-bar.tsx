import type { ReactNode } from 'react';
import './filter-bar.css';

/** The filters of a list in one row above it; two filters a row on a phone. */
export function FilterBar({ children }: { readonly children: ReactNode }) {
  return <search className="filter-bar">{children}</search>;
}

/** A filter field with its label above. */
export function Filter({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the field is the child.
    <label className="filter">
      {label}
      {children}
    </label>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onChoose: (value: string) => void;
}

/** A select with a list of options. */
export function Choice({ label, value, options, onChoose }: ChoiceProps) {
  return (
    <Filter label={label}>
      <select value={value} onChange={(event) => onChoose(event.target.value)}>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </Filter>
  );
}

interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
  readonly onType: (value: string) => void;
}

/** A search field for words that a row must contain. */
export function SearchField({ label, value, hint, onType }: SearchFieldProps) {
  return (
    <label className="filter filter-words">
      {label}
      <input
        type="search"
        value={value}
        placeholder={hint}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onType(event.target.value)}
      />
    </label>
  );
}
