import { useState } from 'react';
import { Region } from '../regions/region.tsx';
import { chooseDensity, chooseTheme, DENSITIES, density, THEMES, theme } from '../themes/theme.ts';
import { ChoiceGroup } from './choice-group.tsx';
import { settingsTexts } from './texts.ts';

/** Theme and density of the pages in this browser. */
export function AppearanceSettings() {
  const [look, setLook] = useState({ theme: theme(), density: density() });
  return (
    <Region title={settingsTexts.look}>
      <ChoiceGroup
        label={settingsTexts.theme}
        choices={THEMES.map((each) => [each, settingsTexts.themes[each]])}
        chosen={look.theme}
        onChoose={(next) => {
          chooseTheme(next);
          setLook({ ...look, theme: next });
        }}
      />
      <ChoiceGroup
        label={settingsTexts.density}
        choices={DENSITIES.map((each) => [each, settingsTexts.densities[each]])}
        chosen={look.density}
        onChoose={(next) => {
          chooseDensity(next);
          setLook({ ...look, density: next });
        }}
      />
    </Region>
  );
}
