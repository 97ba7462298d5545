import { useState } from 'react';
import { gatewayNowMs } from '../gateway/gateway-clock.ts';
import { allowSingleKeys, hasSingleKeys } from '../keys/single-keys.ts';
import { Region } from '../regions/region.tsx';
import { chooseLanguage, LANGUAGES, type Language, language, texts } from '../texts/texts.ts';
import { showsUtc, showUtc, wholeTime } from '../time/times.ts';
import { ChoiceGroup } from './choice-group.tsx';
import { settingsTexts } from './texts.ts';

const LANGUAGE_CHOICES = Object.entries(LANGUAGES) as readonly (readonly [Language, string])[];

/** Language, time zone and keyboard shortcuts. */
export function ReadingSettings() {
  const [utc, setUtc] = useState(showsUtc());
  const [keys, setKeys] = useState(hasSingleKeys());
  return (
    <Region title={settingsTexts.reading}>
      <ChoiceGroup
        label={settingsTexts.language}
        choices={LANGUAGE_CHOICES}
        chosen={language()}
        onChoose={chooseLanguage}
      />
      <ChoiceGroup
        label={settingsTexts.times}
        choices={[
          ['local', settingsTexts.localTime],
          ['utc', texts.time.utc],
        ]}
        chosen={utc ? 'utc' : 'local'}
        onChoose={(clock) => {
          showUtc(clock === 'utc');
          setUtc(clock === 'utc');
        }}
      />
      <p className="soft settings-note">
        {settingsTexts.now} <span className="number">{wholeTime(gatewayNowMs(), utc)}</span>
      </p>
      <label className="settings-choice">
        <input
          type="checkbox"
          checked={keys}
          onChange={({ target }) => {
            allowSingleKeys(target.checked);
            setKeys(target.checked);
          }}
        />
        {settingsTexts.singleKeys}
      </label>
      <p className="soft settings-note">{settingsTexts.singleKeysHelp}</p>
    </Region>
  );
}
