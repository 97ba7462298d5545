import { Heading } from '../heading/heading.tsx';
import type { ParametersOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { AboutGateway } from './about-gateway.tsx';
import { AppearanceSettings } from './appearance-settings.tsx';
import { ClientName } from './client-name.tsx';
import { ReadingSettings } from './reading-settings.tsx';
import { settingsTexts } from './texts.ts';
import { UserPermissions } from './user-permissions.tsx';
import './settings.css';

/** Settings of this browser, the identity of the user, and information about the gateway. */
export function SettingsPage(_: ParametersOf<'settings'>) {
  return (
    <div className="stack">
      <Heading>{texts.shell.settings}</Heading>
      <p className="soft">{settingsTexts.where}</p>
      <div className="settings-regions">
        <div className="stack">
          <AppearanceSettings />
          <ReadingSettings />
          <ClientName />
        </div>
        <div className="stack">
          <UserPermissions />
          <AboutGateway />
        </div>
      </div>
    </div>
  );
}
