import type { ParametersOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { AboutGateway } from './about-gateway.tsx';
import { ClientName } from './client-name.tsx';
import { LookSettings } from './look-settings.tsx';
import { OwnRights } from './own-rights.tsx';
import { ReadingSettings } from './reading-settings.tsx';
import './settings.css';

/** What a person sets for this browser alone, who the gateway takes them for, and which gateway it is. */
export function SettingsPage(_: ParametersOf<'settings'>) {
  return (
    <div className="stack">
      <h1>{texts.shell.settings}</h1>
      <p className="soft">{texts.settings.where}</p>
      <div className="settings-regions">
        <div className="stack">
          <LookSettings />
          <ReadingSettings />
          <ClientName />
        </div>
        <div className="stack">
          <OwnRights />
          <AboutGateway />
        </div>
      </div>
    </div>
  );
}
