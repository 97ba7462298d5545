import { Plus, X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { formatLimit } from '../charts/chart-series.ts';
import { plotTexts } from './texts.ts';

interface AddThresholdProps {
  readonly thresholds: readonly number[];
  readonly onChange: (thresholds: readonly number[]) => void;
}

/** Adds horizontal threshold lines to the plot. */
export function AddThreshold({ thresholds, onChange }: AddThresholdProps) {
  const [text, setText] = useState('');
  const value = text.trim() === '' ? Number.NaN : Number(text.replace(',', '.'));
  const add = (event: FormEvent): void => {
    event.preventDefault();
    if (!Number.isFinite(value)) return;
    onChange([...thresholds.filter((other) => other !== value), value]);
    setText('');
  };
  return (
    <form className="row" onSubmit={add}>
      <label className="row">
        <span className="soft">{plotTexts.threshold}</span>
        <input
          className="plot-threshold"
          inputMode="decimal"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <button type="submit" className="button" disabled={!Number.isFinite(value)}>
        <Plus size={16} aria-hidden="true" />
        {plotTexts.add}
      </button>
      {thresholds.map((each) => (
        <button
          key={each}
          type="button"
          className="button"
          aria-label={plotTexts.remove(formatLimit(each))}
          onClick={() => onChange(thresholds.filter((other) => other !== each))}
        >
          {formatLimit(each)}
          <X size={14} aria-hidden="true" />
        </button>
      ))}
    </form>
  );
}
