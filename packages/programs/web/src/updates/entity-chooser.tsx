import { X } from 'lucide-react';
import { useRoute } from '../gateway/gateway.ts';
import { t } from './texts.ts';

const MAX_NAME_CHARS = 80;

interface EntityChooserProps {
  readonly chosen: readonly string[];
  readonly onChoose: (chosen: readonly string[]) => void;
}

/** Chooses entities of any kind by name. The result contains their ids. */
export function EntityChooser({ chosen, onChoose }: EntityChooserProps) {
  const items = useRoute('getTree', {}).data?.items ?? [];
  const nameOf = (id: string) => items.find((item) => item.id === id)?.name ?? id;
  return (
    <div className="update-field">
      <label className="update-field">
        {t.components}
        <select value="" onChange={({ target }) => target.value !== '' && onChoose([...chosen, target.value])}>
          <option value="">{t.addComponent}</option>
          {(['component', 'app', 'function', 'area'] as const).map((kind) => (
            <optgroup key={kind} label={t.kinds[kind]}>
              {items
                .filter(({ type, id }) => type === kind && !chosen.includes(id))
                .map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name.slice(0, MAX_NAME_CHARS)}
                  </option>
                ))}
            </optgroup>
          ))}
        </select>
      </label>
      {chosen.length > 0 && (
        <ul className="row">
          {chosen.map((id) => (
            <li key={id}>
              <button
                type="button"
                className="button update-chosen"
                aria-label={t.removeComponent(nameOf(id))}
                onClick={() => onChoose(chosen.filter((other) => other !== id))}
              >
                {nameOf(id)}
                <X size={14} aria-hidden="true" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <span className="soft">{t.componentsHelp}</span>
    </div>
  );
}
