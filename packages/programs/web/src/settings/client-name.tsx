import { type FormEvent, useState } from 'react';
import { clientName, nameClient } from '../gateway/session.ts';
import { Region } from '../regions/region.tsx';
import { settingsTexts } from './texts.ts';

/** The name under which this browser holds locks and appears in the audit log. */
export function ClientName() {
  const [name, setName] = useState(clientName());
  const [stored, setStored] = useState(clientName());
  const keep = (event: FormEvent) => {
    event.preventDefault();
    nameClient(name);
    setName(clientName());
    setStored(clientName());
  };
  return (
    <Region title={settingsTexts.client}>
      <form className="stack" onSubmit={keep}>
        <label className="settings-name">
          {settingsTexts.clientName}
          <input
            value={name}
            maxLength={64}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            onChange={({ target }) => setName(target.value)}
          />
        </label>
        <p className="soft settings-note">{settingsTexts.clientHelp}</p>
        <div className="row">
          <button type="submit" className="button" disabled={name === stored}>
            {settingsTexts.save}
          </button>
          <span role="status" className="soft">
            {settingsTexts.known(stored)}
          </span>
        </div>
      </form>
    </Region>
  );
}
