import { type FormEvent, useState } from 'react';
import { clientName, nameClient } from '../gateway/session.ts';
import { Region } from '../regions/region.tsx';
import { texts } from '../texts/texts.ts';

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
    <Region title={texts.settings.client}>
      <form className="stack" onSubmit={keep}>
        <label className="settings-name">
          {texts.settings.clientName}
          <input
            value={name}
            maxLength={64}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            onChange={({ target }) => setName(target.value)}
          />
        </label>
        <p className="soft settings-note">{texts.settings.clientHelp}</p>
        <div className="row">
          <button type="submit" className="button" disabled={name === stored}>
            {texts.settings.save}
          </button>
          <span role="status" className="soft">
            {texts.settings.known(stored)}
          </span>
        </div>
      </form>
    </Region>
  );
}
